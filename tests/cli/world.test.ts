/** `phatroom world` on a real runtime's chain: does what is missing, once, however often it is asked and wherever it was cut. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDevnet, type Devnet } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { FollowedChain, readTerms, type ItemsTerms } from "#cli/items/followed-chain.ts";
import { ItemsError } from "#cli/items/items-error.ts";
import { developmentKey, type ItemKey } from "#cli/items/key.ts";
import { giveItem } from "#cli/world/give-item.ts";
import { initWorld, type WorldChain } from "#cli/world/init-world.ts";
import { surveyOf } from "#cli/world/survey.ts";
import { readWorldFile, worldItemsOf } from "#cli/world/world-file.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { compositeOf } from "#rmrk/queries/composite.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { clock } from "../chain/devnet/support/client.ts";
import { rootFolder } from "../support/folders.ts";

const [owner, bob] = ["Ferdie", "Bob"].map(developmentKey) as [ItemKey, ItemKey];
const issuer = "cd".repeat(32) as AccountId;
const prefix = 2;

const part = (id: string, z: number) => ({ id, type: "fixed", z, src: `ipfs://${id}` });
const hat = (...equippable: readonly string[]) => ({ id: "hat", type: "slot", z: 30, equippable });
const wanted = (takes: readonly string[] = ["dot4/DOT4"]) => ({
  issuers: { dot4: encodeAddress(issuer, prefix) },
  funds: "5000000000000",
  collections: {
    SPIRITS: {
      max: 2,
      metadata: "ipfs://spirit",
      resources: [{ id: "body", base: "spirit", parts: ["glow", "hat"] }],
    },
  },
  bases: { spirit: { type: "svg", parts: [part("glow", 0), hat(...takes)] } },
});

let folder: string;
let net: Devnet;
let terms: ItemsTerms;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "phatroom-world-"));
  net = await startDevnet({ clock, sealing: "instant" });
  writeFileSync(join(folder, "terms.json"), JSON.stringify(developmentChainTerms(net.chain)));
  terms = await readTerms(join(folder, "terms.json"));
  net.chain.newBlock();
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

const follow = (key: ItemKey) => FollowedChain.open(net.url, terms, key.account, [issuer]);

/** What it said. */
async function init(value: unknown, key = owner, dryRun = false): Promise<readonly string[]> {
  await using chain = await follow(key);
  const said: string[] = [];
  await initWorld(chain, worldItemsOf(value, key.account, prefix), key, { dryRun, say: (one) => said.push(one) });
  return said;
}

test("what is missing is said, created in one transaction, and not created again; slots take more later; a character is given", async () => {
  const before = net.chain.best.number;
  expect(await init(wanted(), owner, true)).toEqual([
    `Would do: Create the collection ${collectionIdOf(owner.account, "SPIRITS")}.`,
    'Would do: Create the base "spirit".',
    "Would do: Pay the issuer of dot4 what it needs for fees.",
  ]);
  expect(net.chain.best.number).toBe(before);
  expect((await init(wanted())).at(-1)).toBe(`Final in block ${before + 1}.`);
  expect((await init(wanted())).every((sentence) => / is there\.$|can pay fees\.$/.test(sentence))).toBe(true);
  expect(net.chain.best.number).toBe(before + 1);
  await init(wanted(["dot4/DOT4", "SPIRITS"]));
  expect(net.chain.best.number).toBe(before + 2);
  // What somebody added by hand stays.
  await init(wanted());
  expect(net.chain.best.number).toBe(before + 2);

  await using chain = await follow(owner);
  const world = worldItemsOf(wanted(), owner.account, prefix);
  const gift = { collection: "SPIRITS", symbol: "spirit", to: bob.account };
  const nft = await giveItem(chain, world, gift, owner);
  const { items } = await chain.view();
  expect(items.nfts.get(nft)!.owner).toBe(bob.account);
  expect(items.nfts.get(nft)!.resources.map(({ pending }) => pending)).toEqual([false]);
  expect(compositeOf(items, nft)!.layers.map(({ part: name }) => name)).toEqual(["glow"]);
  await giveItem(chain, world, gift, owner);
  await expect(giveItem(chain, world, gift, owner)).rejects.toThrow("has no room for another item");
});

test("cut after any transaction, it goes on with what is missing, and an item that was made and not sent is sent", async () => {
  await using chain = await follow(bob);
  let left = 0;
  const cut: WorldChain = {
    view: () => chain.view(),
    act: (act, key, done) => (left-- > 0 ? chain.act(act, key, done) : Promise.reject(new ItemsError("cut"))),
  };
  const world = worldItemsOf(wanted(), bob.account, prefix);
  await expect(initWorld(cut, world, bob, { say: () => undefined })).rejects.toThrow("cut");
  left = 1;
  expect(await initWorld(cut, world, bob, { say: () => undefined })).toBe(true);
  const gift = { collection: "SPIRITS", symbol: "spirit", to: owner.account };
  left = 1;
  await expect(giveItem(cut, world, gift, bob)).rejects.toThrow("cut");
  left = 1;
  const nft = await giveItem(cut, world, gift, bob);
  const { items } = await chain.view();
  expect(items.nfts.get(nft)!.owner).toBe(owner.account);
  expect(items.collections.get(collectionIdOf(bob.account, "SPIRITS"))!.serials.size).toBe(1);
});

test("a world that is larger than one transaction goes on chain in several transactions", async () => {
  const parts = Array.from({ length: 250 }, (_, i) => ({ ...part(`p${i}`, i), src: `ipfs://${"a".repeat(120)}` }));
  const bases = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`large${i}`, { type: "svg", parts }]));
  const before = net.chain.best.number;
  const said = await init({ bases }, developmentKey("Eve"));
  expect(said.filter((sentence) => sentence.startsWith("Final"))).toHaveLength(net.chain.best.number - before);
  expect(net.chain.best.number - before).toBeGreaterThan(1);
});

test("whoever cannot pay is told so before anything is signed; a chain that is away, too", async () => {
  const before = net.chain.best.number;
  await expect(init(wanted(), developmentKey("Nobody"))).rejects.toThrow("has not enough to pay for this");
  await expect(init({ ...wanted(), funds: "9".repeat(30) }, developmentKey("Dave"))).rejects.toThrow("not enough");
  expect(net.chain.best.number).toBe(before);
  const other = await startDevnet({ clock, sealing: "instant" });
  other.chain.newBlock();
  await using chain = await FollowedChain.open(other.url, terms, owner.account);
  await other.close();
  await expect(
    initWorld(chain, worldItemsOf(wanted(), owner.account, prefix), owner, { say: () => undefined }),
  ).rejects.toThrow("The chain cannot be reached just now");
});

test.for<readonly [string, (id: ReturnType<typeof collectionIdOf>) => object, string]>([
  ["created by somebody else", () => ({ creator: issuer }), "is taken"],
  ["destroyed", () => ({ destroyed: true }), "was destroyed"],
  ["issued by somebody else now", () => ({ issuer }), "is issued by another account"],
  ["of another size", () => ({ max: 7 }), "another size or description"],
  ["described differently", () => ({ metadata: "ipfs://other" }), "another size or description"],
])("a collection that is there, %s, is told and left alone", ([, change, sentence]) => {
  const items = emptyState(prefix);
  const id = collectionIdOf(owner.account, "SPIRITS");
  const there = {
    id,
    block: 1,
    creator: owner.account,
    issuer: owner.account,
    symbol: "SPIRITS",
    max: 2,
    metadata: "ipfs://spirit",
    locked: false,
    destroyed: false,
    serials: new Set<number>(),
    live: 0,
  };
  const world = worldItemsOf(wanted(), owner.account, prefix);
  items.collections.set(id, there);
  expect(surveyOf({ items, funds: new Map() }, world).there).toHaveLength(1);
  items.collections.set(id, { ...there, ...change(id) });
  expect(() => surveyOf({ items, funds: new Map() }, world)).toThrow(sentence);
});

test.for<readonly [string, unknown]>([
  ["nothing", null],
  ["a member that nobody knows", { issuer: {} }],
  ["an issuer of no address", { issuers: { dot4: "alice" } }],
  ["an issuer on another network", { issuers: { dot4: encodeAddress(issuer, 0) } }],
  ["funds as a number", { funds: 5 }],
  ["a collection without an end", { collections: { SPIRITS: { metadata: "ipfs://a" } } }],
  ["a collection that a script describes", { collections: { SPIRITS: { max: 1, metadata: "javascript:x" } } }],
  ["a base without parts", { bases: { spirit: { type: "svg" } } }],
  ["a base with a part twice", { bases: { spirit: { type: "svg", parts: [part("a", 1), part("a", 2)] } } }],
  ["a part from a script", { bases: { spirit: { type: "svg", parts: [{ ...part("a", 1), src: "javascript:x" }] } } }],
  ["a part at no height", { bases: { spirit: { type: "svg", parts: [{ ...part("a", 1), z: "top" }] } } }],
  [
    "more parts than a base has",
    { bases: { b: { type: "svg", parts: Array.from({ length: 257 }, (_, i) => part(`p${i}`, i)) } } },
  ],
  ["a slot for what nobody issues", { bases: { spirit: { type: "svg", parts: [hat("chess/CUPS")] } } }],
  ["a slot for no collection", { bases: { spirit: { type: "svg", parts: [hat("a cup")] } } }],
  ["a base whose symbol has a dot", { bases: { "a.b": { type: "svg", parts: [] } } }],
])("a file with %s is refused with a sentence", ([, value]) => {
  expect(() => worldItemsOf(value, owner.account, prefix)).toThrow(ItemsError);
});

test("the command says what it does; its key comes from a file or from what is typed, and a terms file guards the owner", async () => {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  await expect(readWorldFile(join(folder, "none.json"), owner.account, prefix)).rejects.toThrow("cannot be read");
  await expect(readWorldFile(file("bad.json", "{"), owner.account, prefix)).rejects.toThrow("no JSON");
  const world = file("world.json", JSON.stringify(wanted()));
  const command = async (input: string, ...args: readonly string[]) => {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(rootFolder, "server/cli/main.ts"), "world", ...args],
      { env: { ...process.env, NO_COLOR: "1" } },
    );
    child.stdin.end(input);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    return { status, stdout, stderr };
  };
  const ask = ["--chain", net.url, "--terms", join(folder, "terms.json"), "--dry-run"];
  const typed = await command(`${"11".repeat(32)}\n`, "init", world, ...ask);
  expect([typed.status, typed.stdout]).toEqual([0, expect.stringContaining('Would do: Create the base "spirit".')]);
  expect(`${typed.stdout}${typed.stderr}`).not.toContain("1111");
  const owned = file("owned.json", JSON.stringify({ ...developmentChainTerms(net.chain), owner: bob.account }));
  const wrong = await command("", "init", world, ...ask.with(3, owned), "--as", "Alice");
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining("another account owns this world")]);
});
