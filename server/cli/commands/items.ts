/** `phatroom items`: what an account owns on a chain, proven here; and what can be done with it. */
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";
import type { Act } from "#rmrk/acts.ts";

export const itemsCommand = defineCommand({
  meta: { name: "items", description: summaries.items },
  args: {
    verb: {
      type: "positional",
      description: "list, show, or what to do, and with which items; without one: what there is",
      required: false,
      valueHint: "…",
    },
    chain: { type: "string", description: "A node of the chain", default: "ws://127.0.0.1:9944" },
    terms: { type: "string", description: "The file that `phatroom chain --terms` wrote", default: "chain-terms.json" },
    as: { type: "string", description: "A development account whose key signs: Alice, Bob …" },
    key: { type: "string", description: "A file with the seed of the key that signs, 64 hex digits" },
    json: { type: "boolean", description: "Items as JSON", default: false },
  },
  async run({ args }) {
    const { verbs, addressOf, changed } = await import("../items/verbs.ts");
    const { ItemsError } = await import("../items/items-error.ts");
    const [name, ...given] = args._;
    const verb = name === undefined || !Object.hasOwn(verbs, name) ? undefined : verbs[name];
    if (name === undefined || (verb === undefined && !["list", "show", "redeem"].includes(name))) {
      console.log(usage(verbs));
      if (name !== undefined) process.exitCode = 2;
      return;
    }
    try {
      const { FollowedChain, readTerms } = await import("../items/followed-chain.ts");
      const { developmentKey, keyInFile } = await import("../items/key.ts");
      const { asText, itemsAsText, jsonOf } = await import("../items/text.ts");
      const terms = await readTerms(args.terms);
      const key =
        args.as === undefined
          ? args.key === undefined
            ? undefined
            : await keyInFile(args.key)
          : developmentKey(args.as);
      const account = name === "list" && given[0] !== undefined ? addressOf(given[0], terms.prefix) : key?.account;
      if (name === "list" && account === undefined) throw new ItemsError("Whose items? Name an address.");
      await using chain = await FollowedChain.open(args.chain, terms, key?.account);
      if (name === "redeem") {
        const { readRedeemable, redeem } = await import("../items/redeem.ts");
        if (key === undefined) throw new ItemsError("Whose key signs? --as Alice, or --key <file>.");
        const block = await redeem(chain, terms, await readRedeemable(given[0] ?? ""), key);
        console.log(`Redeemed, and final in block ${block}.`);
        return;
      }
      const view = await chain.view();
      if (verb === undefined) {
        const found = name === "show" ? asText(view, terms, given[0] ?? "") : itemsAsText(view, terms, account!);
        console.log(args.json ? jsonOf(found.items) : found.text);
        return;
      }
      if (key === undefined) throw new ItemsError("Whose key signs? --as Alice, or --key <file>.");
      const act: Act = verb.act(given, { items: view.items, block: view.block.number + 1, terms });
      const { stateHash } = await import("#rmrk/state/snapshot.ts");
      const happened = changed(stateHash(view.items));
      const { block } = await chain.act(act, key, ({ items }) => happened(items));
      console.log(`Done, and final in block ${block.number}.`);
    } catch (error) {
      if (!(error instanceof ItemsError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  },
});

function usage(verbs: { readonly [name: string]: { readonly takes: string; readonly does: string } }): string {
  const lines = Object.entries(verbs).map(([name, { takes, does }]) => `  ${`${name} ${takes}`.padEnd(34)} ${does}`);
  return [
    "phatroom items <verb> … [--chain ws://…] [--terms <file>] [--as Alice | --key <file>]",
    "",
    `  ${"list <address>".padEnd(34)} what an account owns, and what waits for it`,
    `  ${"show <nft>".padEnd(34)} one item, with all in it`,
    ...lines,
    `  ${"redeem <file>".padEnd(34)} on pallet-nfts: mints what a room has signed, as the page of items copies it`,
    "",
    "Everything is proven by this command from where the terms begin; what would not count is not signed.",
  ].join("\n");
}
