/** A chain that is kept: through restarts, through a process that is killed, and not mistaken for another one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { developmentAccounts } from "#chain/devnet/genesis/accounts.ts";
import { keyOf, toHex } from "#chain/devnet/hex.ts";
import { startDevnet, type DevnetOptions } from "#chain/devnet/start.ts";
import { accountKey, eventsKey, feeMultiplierKey, runtimeKey, timeKey } from "#enclave/ledger/proof/storage-keys.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { account, connect } from "./support/client.ts";

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "phatroom-chain-"));
  database = join(folder, "chain.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (options: DevnetOptions = {}) => startDevnet({ sealing: "manual", database, ...options });

test("after a restart everything is as it was: heads, forks, states, nonces", async () => {
  const first = await start({ finality: "manual" });
  const api = await connect(first.url);
  const alice = await account("Alice");
  await api.tx["system"]!["remark"]!("kept").signAndSend(alice);
  await api.disconnect();
  const inBlock = first.chain.newBlock();
  const fork = first.chain.newBlock({ parent: first.chain.genesisHash, best: false });
  first.chain.finalize(inBlock.hash);
  const best = first.chain.newBlock();
  const body = first.chain.body(inBlock.hash);
  await first.close();

  const second = await start({ finality: "manual" });
  expect(second.chain.best.hash).toBe(best.hash);
  expect(second.chain.finalized.hash).toBe(inBlock.hash);
  expect(toHex(second.chain.block(fork.hash).state.root)).toBe(toHex(fork.state.root));
  expect(toHex(second.chain.best.state.root)).toBe(toHex(best.state.root));
  expect(second.chain.body(inBlock.hash)).toEqual(body);
  expect(second.chain.nextNonce(developmentAccounts["Alice"]!)).toBe(1);
  expect(second.chain.newBlock().parent?.hash).toBe(best.hash);
  await second.close();
});

test("a chain longer than the states that are kept goes on as well", async () => {
  const first = await start({ statesKept: 3 });
  for (let i = 0; i < 20; i++) first.chain.newBlock();
  const { hash, state } = first.chain.best;
  const early = first.chain.hashAt(2);
  await first.close();
  const second = await start({ statesKept: 3 });
  expect(second.chain.best.hash).toBe(hash);
  expect(toHex(second.chain.best.state.root)).toBe(toHex(state.root));
  expect(second.chain.hashAt(2)).toBe(early);
  expect(second.chain.newBlock().number).toBe(21);
  await second.close();
});

test("what happened in a block is proven after its state is gone, and after a restart; nothing else is", async () => {
  const first = await start({ statesKept: 3 });
  const api = await connect(first.url);
  await api.tx["system"]!["remark"]!("kept").signAndSend(await account("Alice"));
  await api.disconnect();
  const telling = first.chain.newBlock();
  const silent = first.chain.newBlock();
  const keys = [eventsKey, runtimeKey];
  const fromKeys = keys.map(keyOf);
  const root = telling.state.root;
  const told = verifyStorage(root, first.chain.readProof(telling.hash, fromKeys), keys);
  const metadata = first.chain.metadataAt(telling.hash);
  for (let i = 0; i < 20; i++) first.chain.newBlock();
  const proves = ({ chain }: typeof first): void => {
    expect(() => chain.block(telling.hash)).toThrow("no longer kept");
    expect(verifyStorage(root, chain.readProof(telling.hash, fromKeys), keys)).toEqual(told);
    expect(verifyStorage(root, chain.readProof(telling.hash, fromKeys.slice(0, 1)), [eventsKey])).toEqual([told[0]]);
    expect(chain.metadataAt(telling.hash)).toEqual(metadata);
    expect(() => chain.readProof(telling.hash, [keyOf(timeKey)])).toThrow("no longer kept");
    expect(() => chain.readProof(silent.hash, fromKeys)).toThrow("no longer kept");
    expect(() => chain.readProof(`0x${"ab".repeat(32)}`, fromKeys)).toThrow(
      expect.objectContaining({ code: "block-unknown" }),
    );
  };
  proves(first);
  await first.close();
  const second = await start({ statesKept: 3 });
  proves(second);
  await second.close();
});

test("where whoever follows the chain has to pause, more is proven after the state is gone: every 512th block, and the last of a set", async () => {
  const first = await start({ statesKept: 3 });
  const { chain } = first;
  chain.newBlock({ authoritiesAfter: 2 });
  const [alice, nobody] = [developmentAccounts["Alice"]!, new Uint8Array(32)];
  const keys = [timeKey, runtimeKey, accountKey(alice), accountKey(nobody), feeMultiplierKey];
  const ask = (net: typeof first, hash: string) => net.chain.readProof(hash, keys.map(keyOf));
  const paused = [];
  while (chain.best.number < 520) {
    const { number, hash, state } = chain.newBlock();
    if ([3, 4, 512].includes(number)) {
      paused.push({ hash, root: state.root, told: verifyStorage(state.root, ask(first, hash), keys) });
    }
  }
  const [last, other, round] = paused as [(typeof paused)[0], (typeof paused)[0], (typeof paused)[0]];
  const proves = (net: typeof first): void => {
    for (const { hash, root, told } of [last, round]) {
      expect(() => net.chain.block(hash)).toThrow("no longer kept");
      expect(verifyStorage(root, ask(net, hash), keys)).toEqual(told);
    }
    expect(round.told[2]).toBeDefined();
    expect(round.told[3]).toBeUndefined();
    expect(() => ask(net, other.hash)).toThrow("no longer kept");
  };
  proves(first);
  await first.close();
  const second = await start({ statesKept: 3 });
  proves(second);
  await second.close();
});

test("a process that is killed loses no block that it has told", { timeout: 60_000 }, async () => {
  const program = fileURLToPath(new URL("support/kept-chain.ts", import.meta.url));
  for (const blocks of [1, 9]) {
    const child = spawn(process.execPath, [program, database], { stdio: ["ignore", "pipe", "inherit"] });
    const told: string[] = [];
    // All that it has told by its end: of what is far behind, the state is no longer kept.
    const lines = createInterface(child.stdout).on(
      "line",
      (line) => told.push(line) === blocks && child.kill("SIGKILL"),
    );
    await once(lines, "close");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const net = await start({ finality: { lag: 2 }, statesKept: 4 });
    const { chain } = net;
    const [hash, root] = told.at(-1)!.split(" ");
    const { number } = chain.find(hash!)!;
    expect(chain.hashAt(number)).toBe(hash);
    expect(toHex(chain.block(hash!).state.root)).toBe(root);
    expect(chain.best.number).toBeGreaterThanOrEqual(number);
    expect(chain.finalized.number).toBe(Math.max(0, chain.best.number - 2));
    await net.close();
  }
});

describe("a file is refused", () => {
  test("that is no database", async () => {
    writeFileSync(database, "something else altogether, and long enough to look at");
    await expect(start()).rejects.toMatchObject({ code: "database-damaged" });
  });

  test("in a folder that is not there", async () => {
    await expect(start({ database: join(folder, "nowhere", "chain.sqlite") })).rejects.toMatchObject({
      code: "database-unreachable",
    });
  });

  test("that holds a chain with another genesis", async () => {
    await (await start()).close();
    const accounts = [new Uint8Array(32).fill(9)];
    await expect(start({ accounts })).rejects.toMatchObject({ code: "database-of-another-chain" });
  });

  test("that another chain has", async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: "database-in-use" });
    await first.close();
  });
});

test("a chain that was closed says so", async () => {
  const net = await start();
  await net.close();
  expect(() => net.chain.newBlock()).toThrow(expect.objectContaining({ code: "closed" }));
});
