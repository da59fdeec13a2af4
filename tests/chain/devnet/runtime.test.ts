/** A real runtime, with @polkadot/api as its client: what a game's server would see of a chain. */
import { hexToBytes } from "@noble/hashes/utils.js";
import type { KeyringPair } from "@polkadot/keyring/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeHeader } from "#chain/devnet/blocks/header.ts";
import { developmentAccounts } from "#chain/devnet/genesis/accounts.ts";
import { defaultSpec } from "#chain/devnet/genesis/default-spec.ts";
import { DevelopmentChain } from "#chain/devnet/chain.ts";
import { fromHex } from "#chain/devnet/hex.ts";
import { Overlay } from "#chain/devnet/storage/overlay.ts";
import { account, included, startWithClient, watch, type Client } from "./support/client.ts";
import { provenValue } from "./support/verify-proof.ts";

let alice: KeyringPair;
let bob: KeyringPair;
let client: Client;

beforeAll(async () => {
  [alice, bob] = await Promise.all([account("Alice"), account("Bob")]);
  client = await startWithClient();
});
afterAll(() => client[Symbol.asyncDispose]());

test("the state of a chain's specification is the one that this chain began with in public", async () => {
  const chain = new DevelopmentChain({ spec: await defaultSpec(), finality: "instant", clock: () => 0 });
  // Rococo Asset Hub's genesis, as explorers and wallets list it.
  expect(chain.genesisHash).toBe("0x7c34d42fc815d392057c78b49f2755c753440ccd38bcb0405b3bcfb601d08734");
  chain.close();
});

test("development accounts are those of the well-known phrase, and funded", async () => {
  const { api } = client;
  const issued = (await api.query["balances"]!["totalIssuance"]!()) as unknown as { toBigInt(): bigint };
  for (const [name, key] of Object.entries(developmentAccounts)) {
    expect((await account(name)).publicKey).toEqual(key);
    expect(await free(key)).toBeGreaterThan(900_000n * 10n ** 12n);
  }
  expect(issued.toBigInt()).toBeGreaterThanOrEqual(6_000_000n * 10n ** 12n);
});

async function free(key: Uint8Array): Promise<bigint> {
  const found = (await client.api.query["system"]!["account"]!(key)) as unknown as {
    data: { free: { toBigInt(): bigint } };
  };
  return found.data.free.toBigInt();
}

describe("a block", () => {
  test("without transactions has the author's two, and moves time on by a slot", async () => {
    const { api, net } = client;
    const before = await api.query["timestamp"]!["now"]!();
    const { hash } = net.chain.newBlock();
    const { block } = await api.rpc.chain.getBlock(hash);
    expect(block.extrinsics.map(({ method }) => `${method.section}.${method.method}`).sort()).toEqual([
      "parachainSystem.setValidationData",
      "timestamp.set",
    ]);
    const now = (await api.query["timestamp"]!["now"]!()) as unknown as { toNumber(): number };
    if (!before.isEmpty) expect(now.toNumber() - Number(before.toString())).toBe(12_000);
  });

  test("is hashed as clients hash it, and names the root of its state", async () => {
    const { api, net } = client;
    const { hash, state, header } = net.chain.newBlock();
    expect((await api.rpc.chain.getHeader(hash)).hash.toHex()).toBe(hash);
    expect(state.root).toEqual(Uint8Array.from(decodeHeader(header).stateRoot));
  });

  test("with one bit changed is refused by the runtime's own execute_block", async () => {
    const { net } = client;
    const { hash, header, parent } = net.chain.newBlock();
    const body = net.chain.body(hash);
    const runtime = net.chain.runtime(parent!);
    const execute = (altered: Uint8Array): void => runtime.executeBlock(altered, body, new Overlay(parent!.state));
    expect(() => execute(header)).not.toThrow();
    // In the state root, the extrinsics root, and the digest.
    for (const at of [40, 80, header.length - 1]) {
      const altered = header.slice();
      altered[at]! ^= 1;
      expect(() => execute(altered)).toThrow(expect.objectContaining({ code: "runtime-trapped" }));
    }
    expect(() => runtime.executeBlock(header, body.slice(1), new Overlay(parent!.state))).toThrow("runtime");
  });
});

describe("transactions", () => {
  test("move what they say they move, and their fee", async () => {
    const { api } = client;
    const [aliceBefore, bobBefore] = await Promise.all([free(alice.publicKey), free(bob.publicKey)]);
    const transfer = api.tx["balances"]!["transferKeepAlive"]!(bob.address, 5n * 10n ** 12n);
    const { partialFee } = await transfer.paymentInfo(alice);
    await included(await transfer.signAsync(alice));
    expect(await free(bob.publicKey)).toBe(bobBefore + 5n * 10n ** 12n);
    expect(await free(alice.publicKey)).toBe(aliceBefore - 5n * 10n ** 12n - partialFee.toBigInt());
  });

  test("say things that stay in their block, many at once", async () => {
    const { api } = client;
    const remarks = ["RMRK::MINT::2.0.0::a", "RMRK::MINT::2.0.0::b", "RMRK::MINT::2.0.0::c"];
    const batch = api.tx["utility"]!["batchAll"]!(remarks.map((remark) => api.tx["system"]!["remark"]!(remark)));
    const { block } = await api.rpc.chain.getBlock(await included(await batch.signAsync(alice)));
    const calls = block.extrinsics.at(-1)!.method.args[0] as unknown as { args: [{ toUtf8(): string }] }[];
    expect(calls.map(({ args }) => args[0].toUtf8())).toEqual(remarks);
  });

  test("that fail are in their block, and undo all of a batch", async () => {
    const { api } = client;
    const before = await free(bob.publicKey);
    const batch = api.tx["utility"]!["batchAll"]!([
      api.tx["balances"]!["transferKeepAlive"]!(bob.address, 10n ** 12n),
      api.tx["balances"]!["transferKeepAlive"]!(bob.address, 10n ** 30n),
    ]);
    const hash = await included(await batch.signAsync(alice));
    const events = (await (
      await api.at(hash)
    ).query["system"]!["events"]!()) as unknown as { event: { method: string } }[];
    expect(events.map(({ event }) => event.method)).toContain("ExtrinsicFailed");
    expect(await free(bob.publicKey)).toBe(before);
  });

  test("that arrive together are in one block, in the order of their nonces", async () => {
    const { api, net } = client;
    const first = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const signed = await Promise.all(
      [3, 1, 0, 2].map((i) => api.tx["system"]!["remark"]!(`number ${i}`).signAsync(alice, { nonce: first + i })),
    );
    const before = net.chain.best.number;
    const hashes = await Promise.all(signed.map((one) => included(one)));
    expect((await api.rpc.system.accountNextIndex(alice.address)).toNumber()).toBe(first + 4);
    expect(net.chain.best.number - before).toBeLessThanOrEqual(4);
    expect(new Set(hashes).size).toBe(net.chain.best.number - before);
  });

  test.for([
    ["signed by somebody else", 1010, "bad signature"],
    ["used before", 1010, "outdated"],
    ["worth more than there is", 1010, "pay some fees"],
  ] as const)("%s are refused with code %d", async ([what, code, reason]) => {
    const { api } = client;
    const remark = api.tx["system"]!["remark"]!(what);
    const poor = await account("Alice//without//anything");
    const nonce = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const signed = {
      "signed by somebody else": async () => {
        const one = await remark.signAsync(alice, { nonce });
        const bytes = one.toU8a();
        bytes[bytes.length - 1]! ^= 1;
        return api.tx(bytes);
      },
      "used before": () => remark.signAsync(alice, { nonce: nonce - 1 }),
      "worth more than there is": () => remark.signAsync(poor, { nonce: 0 }),
    }[what]();
    await expect((await signed).send()).rejects.toThrow(new RegExp(`${code}.*${reason}`));
  });
});

describe("a read proof", () => {
  test("shows an account to somebody who knows the block's state root alone", async () => {
    const { api } = client;
    const key = api.query["system"]!["account"]!.key(alice.address);
    const absent = api.query["system"]!["account"]!.key((await account("nobody")).address);
    const header = await api.rpc.chain.getHeader();
    const { at, proof } = await api.rpc.state.getReadProof([key, absent], header.hash);
    expect(at.toHex()).toBe(header.hash.toHex());
    const nodes = proof.map((node) => node.toU8a(true));
    const value = await api.rpc.state.getStorage(key, header.hash);
    const known = provenValue(header.stateRoot.toU8a(), nodes, hexToBytes(key.slice(2)));
    expect(known).toEqual(fromHex((value as unknown as { toHex(): string }).toHex()));
    expect(provenValue(header.stateRoot.toU8a(), nodes, hexToBytes(absent.slice(2)))).toBeUndefined();
    expect(nodes.reduce((sum, node) => sum + node.length, 0)).toBeLessThan(4096);
  });
});

test("a transaction that is watched is ready, in a block, and final", async () => {
  await using slow = await startWithClient({ finality: { lag: 1 } });
  const watched = await watch(await slow.api.tx["system"]!["remark"]!("watched").signAsync(bob));
  expect(await watched.until(2)).toEqual(["Ready", `InBlock ${slow.net.chain.best.hash}`]);
  const { parent } = slow.net.chain.newBlock();
  expect((await watched.until(3)).at(-1)).toBe(`Finalized ${parent!.hash}`);
});
