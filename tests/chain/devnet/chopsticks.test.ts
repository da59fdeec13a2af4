/**
 * The same blocks by another executor, which shares no line with ours: chopsticks' builds each of them again from its
 * parent's state, changes the same keys to the same values, and computes the same root of all.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeHeader, encodeHeader } from "#chain/devnet/blocks/header.ts";
import type { Block } from "#chain/devnet/blocks/tree.ts";
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import { fromHex, keyBytes, keyOf, toHex } from "#chain/devnet/hex.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { chopsticks, missing, type Chopsticks, type Hex } from "../../oracles/chopsticks.ts";
import { account, startWithClient } from "./support/client.ts";

const hex = (bytes: Uint8Array): Hex => toHex(bytes) as Hex;
const keyHex = (key: string): Hex => hex(keyBytes(key));
const keyFrom = (text: Hex): string => keyOf(fromHex(text)!);

describe.skipIf(missing !== undefined)(missing ?? "chopsticks-core", () => {
  let oracle: Chopsticks;
  beforeAll(() => {
    oracle = chopsticks();
  });
  afterAll(() => oracle.close());

  async function agrees(chain: DevelopmentChain, block: Block): Promise<void> {
    const { state } = block.parent!;
    const header = decodeHeader(block.header);
    const zeros = new Uint8Array(32);
    // As the author had it: without roots, and without what the runtime added to the digest.
    const opening = encodeHeader({ ...header, stateRoot: zeros, extrinsicsRoot: zeros, logs: header.logs.slice(0, 1) });
    const { changes } = await oracle.run(
      hex(state.get(":code")!),
      [
        ["Core_initialize_block", [hex(opening)]],
        ...chain.body(block.hash).map((one): [string, Hex[]] => ["BlockBuilder_apply_extrinsic", [hex(one)]]),
        ["BlockBuilder_finalize_block", []],
      ],
      {
        get: (key) => {
          const value = state.get(keyFrom(key));
          return value && hex(value);
        },
        next: (key) => {
          const next = state.next(keyFrom(key));
          return next === undefined ? undefined : keyHex(next);
        },
      },
    );
    const entries = new Map([...state.keys("")].map((key) => [keyHex(key), hex(state.get(key)!)]));
    for (const [key, value] of changes) {
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    }
    const ours = new Map([...block.state.keys("")].map((key) => [keyHex(key), hex(block.state.get(key)!)]));
    const keys = new Set([...entries.keys(), ...ours.keys()]);
    // Values as they are would print the runtime's code.
    expect([...keys].filter((key) => entries.get(key) !== ours.get(key))).toEqual([]);
    const { stateVersion } = chain.runtime(block.parent!).version;
    expect(await oracle.stateRoot([...entries], stateVersion)).toBe(hex(header.stateRoot));
  }

  test("blocks with and without transactions have the same state", { timeout: 120_000 }, async () => {
    await using client = await startWithClient({ sealing: "manual" });
    const { api, net } = client;
    const [alice, bob] = await Promise.all([account("Alice"), account("Bob")]);
    expect(
      await oracle.stateRoot(
        [...net.chain.best.state.keys("")].map((key) => [keyHex(key), hex(net.chain.best.state.get(key)!)]),
        0,
      ),
    ).toBe(hex(decodeHeader(net.chain.best.header).stateRoot));
    await agrees(net.chain, net.chain.newBlock());
    await api.tx["balances"]!["transferKeepAlive"]!(bob.address, 10n ** 12n).signAndSend(alice);
    await api.tx["utility"]!["batchAll"]!(
      Array.from({ length: 5 }, (_, i) => api.tx["system"]!["remarkWithEvent"]!(`RMRK::${i}`)),
    ).signAndSend(bob);
    const full = net.chain.newBlock();
    expect(net.chain.body(full.hash)).toHaveLength(4);
    await agrees(net.chain, full);
  });

  test("read proofs say the same", async () => {
    await using client = await startWithClient({ sealing: "manual" });
    const { state } = client.net.chain.newBlock();
    const keys = [...state.keys("")].filter((key) => key !== ":code");
    const shown = await oracle.proven(hex(state.root), readProof(state, keys).map(hex));
    for (const key of keys) expect(shown[keyHex(key)]).toBe(hex(state.get(key)!));
  });
});
