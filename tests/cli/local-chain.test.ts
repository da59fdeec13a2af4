/** The chain that `npm start` runs beside a place: its issuers are paid, and what it holds outlasts it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test, expect } from "vitest";
import { startDevnet } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { localWorkerTerms, setUpWorld, startLocalChain } from "#cli/local-chain.ts";
import { parseChainTerms } from "#enclave/reward/chain-terms.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { connect } from "../chain/devnet/support/client.ts";

const account = "ab".repeat(32) as AccountId;

test("an issuer is paid once, and has it after a restart; a worker can follow from where its terms say", async () => {
  const folder = mkdtempSync(join(tmpdir(), "phatroom-local-chain-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Nothing was ever built here: there is no such folder yet.
  const options = { database: join(folder, "cache", "chain.sqlite"), everyMs: 50, lag: 1 };
  const freeOn = async (url: string): Promise<string> => {
    const api = await connect(url);
    const { data } = (await api.query["system"]!["account"]!(`0x${account}`)).toJSON() as { data: { free: unknown } };
    await api.disconnect();
    return String(data.free);
  };
  const first = await startLocalChain(options);
  expect(await freeOn(first.url)).toBe("0");
  const items = {
    issuers: { dot4: encodeAddress(account, first.terms.prefix) },
    funds: "1000000000000",
    collections: { SPIRITS: { max: 10, metadata: "ipfs://spirits" } },
  };
  await setUpWorld(first, items);
  expect(await freeOn(first.url)).toBe("1000000000000");
  await setUpWorld(first, items);
  const terms = parseChainTerms({ ...first.terms, ...localWorkerTerms });
  expect(terms.checkpoint.finalized.block.number).toBe(0);
  await first.close();
  const again = await startLocalChain(options);
  onTestFinished(() => again.close());
  expect(await freeOn(again.url)).toBe("1000000000000");
  expect(again.terms).toEqual(first.terms);
});

test("a world is set up by whoever follows its chain from the beginning, however long ago that was", async () => {
  const net = await startDevnet({ statesKept: 3 });
  onTestFinished(() => net.close());
  net.chain.newBlock();
  const local = { url: net.url, terms: developmentChainTerms(net.chain) };
  const items = { issuers: {}, funds: "0", collections: { SPIRITS: { max: 10, metadata: "ipfs://spirits" } } };
  await setUpWorld(local, items);
  const { number } = net.chain.best;
  // With which a step ends: so it is where a chain is longer than one step takes.
  for (let i = 0; i < 20; i++) net.chain.newBlock(i === 5 ? { authoritiesAfter: 2 } : {});
  // All of it is there, so nothing is sent.
  await setUpWorld(local, items);
  expect(net.chain.best.number).toBe(number + 20);
});

test.for<[string, unknown]>([
  ["nothing", undefined],
  ["no checkpoint", { runtimes: [] }],
  ["no runtimes", { checkpoint: {}, runtimes: [], prefix: 2, period: 8, ageMaxMs: 1 }],
  ["a period that is no power of two", { period: 9 }],
  ["a period that nothing survives", { period: 2 }],
  ["a prefix of no address", { prefix: 20_000 }],
  [
    "a runtime without the hash of its description",
    { runtimes: [{ specName: "a", specVersion: 1, transactionVersion: 1 }] },
  ],
  ["items of pallet-nfts that nobody owns", { nfts: { givenBelow: "0", deadlines: "own" } }],
  ["an owner that is no account", { owner: "//Ferdie" }],
  ["an amount that is no number", { owner: "11".repeat(32), nfts: { givenBelow: 5, deadlines: "own" } }],
  ["deadlines in blocks of no chain", { owner: "11".repeat(32), nfts: { givenBelow: "5", deadlines: "mine" } }],
  ["old collections perhaps", { compat: "yes" }],
  ["a fee that nobody may pay", { feeMultiplierMax: 0 }],
  ["a fee in words", { feeMultiplierMax: "ten" }],
])("a worker is not started with %s for a chain", ([, change]) => {
  const block = { hash: "00".repeat(32), number: 0 };
  const checkpoint = {
    genesis: block.hash,
    strength: "trusted-node",
    finalized: { block, set: null, coming: null },
    parachain: null,
  };
  const runtime = { specName: "a", specVersion: 1, transactionVersion: 1, metadataHash: block.hash };
  const sound = { checkpoint, runtimes: [runtime], prefix: 2, period: 8, ageMaxMs: 1000 };
  expect(parseChainTerms(sound)).toMatchObject({ runtimes: [runtime], nfts: undefined, compat: false });
  const nfts = { givenBelow: "5", deadlines: "relay" };
  const owned = parseChainTerms({ ...sound, owner: "11".repeat(32), nfts, compat: true, feeMultiplierMax: 2.5 });
  expect(owned).toMatchObject({ nfts: { givenBelow: 5n, deadlines: "relay" }, compat: true, feeMultiplierMax: 2.5 });
  expect(() => parseChainTerms(typeof change === "object" ? { ...sound, ...change } : change)).toThrow(Error);
});
