/** `phatroom world`: a world's collections and bases on its chain, and items for people. */
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";

const common = {
  file: {
    type: "positional",
    description: "What the world has: issuers, funds, collections, bases, issued",
    required: true,
  },
  chain: { type: "string", description: "A node of the chain", default: "ws://127.0.0.1:9944" },
  terms: { type: "string", description: "The file that `phatroom chain --terms` wrote", default: "chain-terms.json" },
  key: { type: "string", description: "A file with the seed of the owner's key, 64 hex digits; else it is asked for" },
  as: { type: "string", description: "A development account that owns the world: Alice, Bob …" },
} as const;

interface CommonArgs {
  readonly file: string;
  readonly chain: string;
  readonly terms: string;
  readonly key?: string | undefined;
  readonly as?: string | undefined;
}

const init = defineCommand({
  meta: { name: "init", description: "Creates what is missing of a world's collections and bases" },
  args: { ...common, "dry-run": { type: "boolean", description: "Says what it would do", default: false } },
  run: ({ args }) =>
    told(async () => {
      const { initWorld } = await import("../world/init-world.ts");
      const { initNfts } = await import("../world/init-nfts.ts");
      await using opened = await open(args);
      const { chain, world, key, nfts } = opened;
      const say = (sentence: string): void => console.log(sentence);
      const options = { dryRun: args["dry-run"], say };
      const done = nfts ? await initNfts(chain, world, key, options) : await initWorld(chain, world, key, options);
      if (!done) return;
      say(`All of it is there. The worker's configuration names its owner: "chain": { …, "owner": "${key.account}" }.`);
    }),
});

const give = defineCommand({
  meta: { name: "give", description: "Makes an item of one of the owner's collections for an account" },
  args: {
    ...common,
    collection: { type: "positional", description: "The collection's symbol", required: true },
    symbol: { type: "positional", description: "The item's symbol", required: true },
    address: { type: "positional", description: "Who receives it", required: true },
  },
  run: ({ args }) =>
    told(async () => {
      const { giveItem } = await import("../world/give-item.ts");
      const { addressOf } = await import("../items/verbs.ts");
      await using opened = await open(args);
      const { chain, world, key, prefix } = opened;
      const { collection, symbol } = args;
      console.log(await giveItem(chain, world, { collection, symbol, to: addressOf(args.address, prefix) }, key));
    }),
});

const revoke = defineCommand({
  meta: { name: "revoke", description: "On pallet-nfts: ends what a contract's issuer may do, also by what it signed" },
  args: {
    ...common,
    contract: { type: "positional", description: "The contract whose issuer it is", required: true },
  },
  run: ({ args }) =>
    told(async () => {
      const { revokeNfts } = await import("../world/init-nfts.ts");
      const { ItemsError } = await import("../items/items-error.ts");
      await using opened = await open(args);
      const { chain, world, key, nfts } = opened;
      if (!nfts) throw new ItemsError("Items of this chain are RMRK's, and their issuer owns their collections.");
      const done = await revokeNfts(chain, world, args.contract, key);
      console.log(done ? "Final: it issues nothing more." : "It was no issuer here.");
    }),
});

export const worldCommand = defineCommand({
  meta: { name: "world", description: summaries.world },
  subCommands: { init, give, revoke },
});

async function open(args: CommonArgs) {
  const { FollowedChain, readTerms } = await import("../items/followed-chain.ts");
  const { ItemsError } = await import("../items/items-error.ts");
  const { keyGiven } = await import("../items/key.ts");
  const { readWorldFile } = await import("../world/world-file.ts");
  const terms = await readTerms(args.terms);
  const key = await keyGiven(args, "Seed of the owner's key, 64 hex digits: ");
  if (terms.owner !== undefined && terms.owner !== key.account) {
    throw new ItemsError(`${args.terms} says that another account owns this world: ${terms.owner}.`);
  }
  const world = await readWorldFile(args.file, key.account, terms.prefix);
  const chain = await FollowedChain.open(args.chain, terms, key.account, [...world.issuers.values()]);
  const nfts = terms.nfts !== undefined;
  return { chain, world, key, nfts, prefix: terms.prefix, [Symbol.asyncDispose]: () => chain[Symbol.asyncDispose]() };
}

/** What went wrong is a sentence, and an exit code. */
async function told(what: () => Promise<void>): Promise<void> {
  const { ItemsError } = await import("../items/items-error.ts");
  try {
    await what();
  } catch (error) {
    if (!(error instanceof ItemsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
