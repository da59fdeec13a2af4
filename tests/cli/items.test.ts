/** `phatroom items` on a real runtime's chain: what is owned is proven, what is done is final, what would not count is not signed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startDevnet, type Devnet } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { FollowedChain, readTerms, type ItemsTerms } from "#cli/items/followed-chain.ts";
import { ItemsError } from "#cli/items/items-error.ts";
import { developmentKey, keyInFile, type ItemKey } from "#cli/items/key.ts";
import { asText, itemsAsText } from "#cli/items/text.ts";
import { addressOf, changed, verbs } from "#cli/items/verbs.ts";
import { royaltyOn, type Act } from "#rmrk/acts.ts";
import { encodeAddress } from "#rmrk/account.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { baseIdOf, collectionIdOf, nftIdOf, type NftId } from "#rmrk/ids.ts";
import { stateHash } from "#rmrk/state/snapshot.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { clock } from "../chain/devnet/support/client.ts";
import { rootFolder } from "../support/folders.ts";

const [alice, bob, charlie] = ["Alice", "Bob", "Charlie"].map(developmentKey) as [ItemKey, ItemKey, ItemKey];
const collection = collectionIdOf(alice.account, "RINGS");
const metadata = "ipfs://ipfs/ring";

let folder: string;
let net: Devnet;
let terms: ItemsTerms;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "phatroom-items-"));
  net = await startDevnet({ clock, sealing: "instant" });
  writeFileSync(join(folder, "terms.json"), JSON.stringify(developmentChainTerms(net.chain)));
  terms = await readTerms(join(folder, "terms.json"));
  net.chain.newBlock();
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs and sends, as the command does. */
async function does(key: ItemKey, act: Act | ((chain: FollowedChain) => Promise<Act>)): Promise<number> {
  await using chain = await FollowedChain.open(net.url, terms, key.account);
  const what = typeof act === "function" ? await act(chain) : act;
  const happened = changed(stateHash((await chain.view()).items));
  return (await chain.act(what, key, ({ items }) => happened(items))).block.number;
}

const says = (...interactions: readonly Interaction[]): Act => ({ interactions, payments: [] });
const verb =
  (name: string, ...given: readonly string[]) =>
  async (chain: FollowedChain): Promise<Act> => {
    const { items, block } = await chain.view();
    return verbs[name]!.act(given, { items, block: block.number + 1, terms });
  };

test("development accounts are those of the chain", () => {
  expect(encodeAddress(alice.account, 42)).toBe("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
  expect(bob.account).toBe("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48");
});

test("what others do on the chain meanwhile is not taken for what was asked for", async () => {
  const slow = await startDevnet({ clock, sealing: "manual" });
  onTestFinished(() => slow.close());
  slow.chain.newBlock();
  const about = developmentChainTerms(slow.chain) as unknown as ItemsTerms;
  const creates = async (key: ItemKey): Promise<number> => {
    await using chain = await FollowedChain.open(slow.url, about, key.account);
    const happened = changed(stateHash((await chain.view()).items));
    const { account: issuer } = key;
    const id = collectionIdOf(issuer, "RINGS");
    const act = says({ op: "CREATE", id, issuer, symbol: "RINGS", max: 0, metadata });
    return (await chain.act(act, key, ({ items }) => happened(items))).block.number;
  };
  let over = false;
  const his = creates(bob).finally(() => (over = true));
  await expect.poll(() => slow.chain.pool.ready).toBe(1);
  const hers = creates(charlie);
  await expect.poll(() => slow.chain.pool.ready).toBe(2);
  const [, second] = slow.chain.pool.pending();
  slow.chain.newBlock({ transactions: [second!] });
  expect(await hers).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(over).toBe(false);
  slow.chain.newBlock();
  expect(await his).toBe(3);
});

test("a ring is sold with its royalty, bought, given an emote, and shown; a theme is added", async () => {
  const block = await does(
    alice,
    says(
      { op: "CREATE", id: collection, issuer: alice.account, symbol: "RINGS", max: 0, metadata },
      {
        op: "BASE",
        issuer: alice.account,
        symbol: "hand",
        type: "svg",
        parts: [{ kind: "fixed", id: "skin", z: 0, src: metadata }],
        themes: new Map([["default", { inherit: false, colours: new Map() }]]),
        metadata: undefined,
      },
    ),
  );
  const minted = await does(
    alice,
    says({
      op: "MINT",
      collection,
      symbol: "ring",
      serial: "00000001",
      transferable: 1,
      metadata,
      properties: new Map([["royalty", royaltyOn(alice.account, 5, terms.prefix)]]),
      recipient: bob.account,
    }),
  );
  const ring = nftIdOf(minted, collection, "ring", "00000001");
  await expect(does(charlie, verb("buy", ring))).rejects.toThrow("It is not for sale.");
  await does(bob, verb("sell", ring, "2.5"));
  await does(charlie, verb("buy", ring));
  await does(bob, verb("emote", ring, "🎉"));
  await does(alice, verb("theme", baseIdOf(block, "hand"), "rose", '{"nails":"#ff0088"}'));
  // Nothing is signed that would not count.
  const pending = net.chain.best.number;
  await expect(does(bob, verb("send", ring, encodeAddress(alice.account, terms.prefix)))).rejects.toThrow(
    "Only the owner may do this.",
  );
  expect(net.chain.best.number).toBe(pending);
  await using chain = await FollowedChain.open(net.url, terms, undefined);
  const view = await chain.view();
  expect(view.items.bases.get(baseIdOf(block, "hand"))!.themes.has("rose")).toBe(true);
  const { text } = itemsAsText(view, terms, charlie.account);
  expect(text).toContain(ring);
  expect(text).toContain("Development: everybody has the keys of this chain's authorities");
  const shown = asText(view, terms, ring).text;
  expect(shown).toContain("🎉 1");
  expect(shown).toContain(encodeAddress(charlie.account, terms.prefix));
  const command = (...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(rootFolder, "server/cli/main.ts"), "items", ...args],
      { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
  const address = encodeAddress(charlie.account, terms.prefix);
  expect(command("nonsense").stdout).toContain("sell <nft> <price>");
  const ask = ["--chain", net.url, "--terms", join(folder, "terms.json")];
  const wrong = command("list", `${address.slice(0, -1)}x`, ...ask);
  expect([wrong.status, wrong.stderr.trim()]).toEqual([1, "This is not an address. Check it: nothing was moved."]);
});

const nft = "1-d43593c715a56da27d-RINGS-ring-00000001" as NftId;
test.for<readonly [string, string, readonly string[]]>([
  ["nothing to send", "send", []],
  ["an item that is none", "send", ["ring", "x"]],
  ["an address of another network", "send", [nft, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"]],
  ["an address with a wrong letter", "send", [nft, "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74G"]],
  ["a price in words", "sell", [nft, "cheap"]],
  ["a price of nothing", "sell", [nft, "0"]],
  ["a price finer than the currency", "sell", [nft, "0.0000000000001"]],
  ["a slot that is none", "equip", [nft, "hat"]],
  ["an emote of words", "emote", [nft, "splendid, all in all"]],
  ["a base that is none", "theme", ["base", "rose", "{}"]],
  ["a theme that is none", "theme", ["base-1-hand", "rose", "[1"]],
])("%s is told, and nothing is signed", ([, name, given]) => {
  const situation = { items: emptyState(terms.prefix), block: 1, terms };
  expect(() => verbs[name]!.act(given, situation)).toThrow(ItemsError);
});

test("files and nodes that are not there, or are something else, are told in a sentence", async () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  await expect(readTerms(join(folder, "none.json"))).rejects.toThrow("cannot be read");
  await expect(readTerms(file("bad.json", "{}"))).rejects.toThrow("does not say which chain");
  await expect(keyInFile(file("key", "0x12"))).rejects.toThrow("64 hex digits");
  expect((await keyInFile(file("key", `0x${"11".repeat(32)}\n`))).account).toMatch(/^[0-9a-f]{64}$/);
  expect(() => developmentKey("../x")).toThrow(ItemsError);
  expect(() => addressOf("nobody", 2)).toThrow(ItemsError);
  await expect(FollowedChain.open("nonsense", terms, undefined)).rejects.toThrow("no address of a node");
  const other = { ...terms, runtimes: [{ ...terms.runtimes[0]!, specVersion: 1 }] };
  await expect(FollowedChain.open(net.url, other, undefined)).rejects.toThrow(
    "runs code that this worker does not know",
  );
});
