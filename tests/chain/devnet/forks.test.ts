/** Forks, retraction and finality, as a client hears of them. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { beforeAll, describe, expect, test } from "vitest";
import { account, post, startWithClient, watch, eventually } from "./support/client.ts";

let alice: KeyringPair;
beforeAll(async () => {
  alice = await account("Alice");
});

test("a retracted transaction waits again, and gets into the other branch", async () => {
  await using client = await startWithClient({ sealing: "manual", finality: "manual" });
  const { api, net } = client;
  const { chain } = net;
  const watched = await watch(await api.tx["system"]!["remark"]!("mint").signAsync(alice));
  await watched.until(1);
  const first = chain.newBlock().hash;
  await watched.until(2);
  const fork = chain.newBlock({ parent: chain.genesisHash });
  expect(await watched.until(3)).toEqual(["Ready", `InBlock ${first}`, `Retracted ${first}`]);
  const second = chain.newBlock();
  expect(second.parent).toBe(fork);
  await watched.until(4);
  chain.finalize(second.hash);
  expect(await watched.until(5)).toEqual([
    "Ready",
    `InBlock ${first}`,
    `Retracted ${first}`,
    `InBlock ${second.hash}`,
    `Finalized ${second.hash}`,
  ]);
});

test("a mortal transaction whose time ends while it is retracted is invalid", async () => {
  await using client = await startWithClient({ sealing: "manual", finality: "manual" });
  const { api, net } = client;
  const { chain } = net;
  const signed = await api.tx["system"]!["remark"]!("mint").signAsync(alice, { era: 4 });
  const watched = await watch(signed);
  const first = chain.newBlock().hash;
  await watched.until(2);
  let fork = chain.newBlock({ parent: chain.genesisHash, best: false });
  for (let i = 0; i < 6; i++) fork = chain.newBlock({ parent: fork.hash, best: false });
  chain.setBest(fork.hash);
  expect((await watched.until(4)).slice(1)).toEqual([`InBlock ${first}`, `Retracted ${first}`, "Invalid"]);
});

test("heads that clients follow are those of the best and of the finalized chain", async () => {
  await using client = await startWithClient({ sealing: "manual", finality: { lag: 2 } });
  const { api, net } = client;
  const best: number[] = [];
  const final: number[] = [];
  const stopBest = await api.rpc.chain.subscribeNewHeads(({ number }) => void best.push(number.toNumber()));
  const stopFinal = await api.rpc.chain.subscribeFinalizedHeads(({ number }) => void final.push(number.toNumber()));
  for (let i = 0; i < 5; i++) net.chain.newBlock();
  await eventually(() => [best, final]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3],
  ]);
  stopBest();
  stopFinal();
});

describe("finality", () => {
  test("that lags follows at its distance", async () => {
    await using client = await startWithClient({ sealing: "manual", finality: { lag: 3 } });
    const { chain } = client.net;
    const numbers: number[] = [];
    for (let i = 0; i < 6; i++) {
      chain.newBlock();
      numbers.push(chain.finalized.number);
    }
    expect(numbers).toEqual([0, 0, 0, 1, 2, 3]);
  });

  test.for([
    ["to take another branch", "setBest"],
    ["to finalize another branch", "finalize"],
  ] as const)("refuses %s", async ([, what]) => {
    await using client = await startWithClient({ sealing: "manual", finality: "manual" });
    const { chain } = client.net;
    const other = chain.newBlock({ best: false });
    const block = chain.newBlock();
    expect(other.hash).not.toBe(block.hash);
    chain.finalize(block.hash);
    expect(() => chain[what](other.hash)).toThrow(expect.objectContaining({ code: "finality-contradicted" }));
    expect([chain.best, chain.finalized]).toEqual([block, block]);
    expect(chain.newBlock().parent).toBe(block);
  });

  test("of a block on another branch makes it the best one", async () => {
    await using client = await startWithClient({ sealing: "manual", finality: "manual" });
    const { chain } = client.net;
    chain.newBlock();
    const other = chain.newBlock({ parent: chain.genesisHash, best: false });
    chain.finalize(other.hash);
    expect([chain.best, chain.finalized]).toEqual([other, other]);
  });
});

test("states far below the finalized block are gone, their headers and bodies are not", async () => {
  await using client = await startWithClient({ sealing: "manual", statesKept: 4 });
  const { api, net } = client;
  const { chain } = net;
  const fork = chain.newBlock({ best: false });
  const first = chain.newBlock();
  for (let i = 0; i < 12; i++) chain.newBlock();
  const { result } = (await post(net.url, {
    jsonrpc: "2.0",
    id: 1,
    method: "chain_getBlock",
    params: [first.hash],
  })) as {
    result: { block: { header: { number: string }; extrinsics: string[] } };
  };
  expect(result.block.header.number).toBe("0x1");
  expect(result.block.extrinsics).toHaveLength(2);
  expect((await api.rpc.chain.getBlockHash(1)).toHex()).toBe(first.hash);
  expect(() => chain.block(first.hash)).toThrow(expect.objectContaining({ code: "state-discarded" }));
  expect(() => chain.block(fork.hash)).toThrow(expect.objectContaining({ code: "block-unknown" }));
  expect(chain.block(chain.hashAt(chain.best.number - 4)!).number).toBe(chain.best.number - 4);
  const answer = await post(net.url, {
    jsonrpc: "2.0",
    id: 1,
    method: "state_getRuntimeVersion",
    params: [first.hash],
  });
  expect(answer).toMatchObject({ error: { code: 4003 } });
});
