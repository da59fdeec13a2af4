/** A worker knows who owns what on a real runtime's chain, and a source that lies or is silent changes nothing of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storageKey as devnetKey } from "#chain/devnet/hashing.ts";
import type { Follower } from "#enclave/ledger/follow/follower.ts";
import { ownedBy } from "#enclave/ledger/follow/ownership.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { decodeCheckpoint, encodeCheckpoint } from "#enclave/ledger/proof/checkpoint.ts";
import { compact, prefixed } from "#enclave/ledger/proof/scale.ts";
import { callIndex } from "#enclave/ledger/runtime/metadata.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { accountBytes } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { nftIdOf } from "#rmrk/ids.ts";
import { decodeSnapshot, encodeSnapshot, stateHash } from "#rmrk/state/snapshot.ts";
import { mintOf } from "../../../rmrk/support/making.ts";
import { clock } from "../../../chain/devnet/support/client.ts";
import { catchUp, DevnetWorld, prefix } from "../../reward/devnet-world.ts";
import { devnetRuntime, metadataOf } from "../support/devnet-source.ts";

const feesOf = ({ chain }: DevnetWorld): Buffer =>
  Buffer.from(chain.best.state.get(devnetKey("TransactionPayment", "NextFeeMultiplier"))!);

/** With another multiplier where the state's stands. */
const withFees = (proof: readonly Uint8Array[], world: DevnetWorld): readonly Uint8Array[] =>
  proof.map((node) => {
    const at = Buffer.from(node).indexOf(feesOf(world));
    return at < 0 ? node : node.map((byte, i) => (i === at ? byte ^ 1 : byte));
  });

const withoutFees = (proof: readonly Uint8Array[], world: DevnetWorld): readonly Uint8Array[] =>
  proof.filter((node) => !Buffer.from(node).includes(feesOf(world)));

/** The issuer has a collection, the player has two swords from block 3. */
async function withSwords(): Promise<DevnetWorld & { readonly follower: Follower }> {
  const world = await DevnetWorld.start();
  world.chain.newBlock();
  const follower = world.newFollower();
  const view = await catchUp(follower);
  world.createCollection(view);
  const { collection, issuer, player } = world;
  world.say(issuer, view, mintOf(collection, 1, player.account), mintOf(collection, 2, player.account));
  return Object.assign(world, { follower });
}

test("items are where the chain says they are", async () => {
  await using world = await withSwords();
  const { follower, collection, player, other, chain } = world;
  const view = await catchUp(follower);
  const serials = (account: typeof player.account) =>
    ownedBy(follower.view, account, view.time, 0).known && Array.from(view.items.holdings.get(account) ?? []).length;
  expect(view.block).toEqual({ hash: chain.finalized.hash.slice(2), number: 3 });
  expect([serials(player.account), serials(other.account)]).toEqual([2, 0]);
  const nft = nftIdOf(3, collection, "item", "00000001");
  world.say(player, view, { op: "SEND", nft, recipient: other.account });
  await catchUp(follower);
  expect([serials(player.account), serials(other.account)]).toEqual([1, 1]);
  expect(view.nonces.get(world.issuer.account)).toBe(2);
  expect(view.strength).toBe("development-chain");
  // A slot is twelve seconds, and the first one may have begun before the clock was read.
  expect(Math.abs(view.time - clock() - 2 * 12_000)).toBeLessThan(13_000);
});

test("what the chain asks for work is proven where somebody pays, and asked for nowhere else", async () => {
  await using world = await withSwords();
  const { feeMultiplier } = await catchUp(world.follower);
  expect(feeMultiplier).toBe(feesOf(world).readBigUInt64LE());
  expect(feeMultiplier).toBeGreaterThan(0n);
  const asked: number[] = [];
  const storage: ChainSource["storage"] = (hash, keys) => {
    asked.push(keys.length);
    return world.source().storage(hash, keys);
  };
  const view = await catchUp(world.newFollower({ accounts: [], source: world.source({ storage }) }));
  expect([view.feeMultiplier, Math.max(...asked)]).toEqual([10n ** 18n, 2]);
});

test("what is not final is not there", async () => {
  await using world = await DevnetWorld.start({ finality: "manual" });
  const follower = world.newFollower();
  world.chain.newBlock();
  expect(await follower.follow()).toBeUndefined();
  world.chain.finalize(world.chain.best.hash);
  expect((await follower.follow())?.view.block.number).toBe(1);
});

test("a batch that fails leaves nothing behind", async () => {
  await using world = await withSwords();
  const { follower, chain, player, other, collection } = world;
  const view = await catchUp(follower);
  const { runtime, genesis, block } = view;
  const { metadata } = runtime;
  const send = { op: "SEND", nft: nftIdOf(3, collection, "item", "00000001"), recipient: other.account } as const;
  const remark = concatBytes(callIndex(metadata, "System", "remark"), prefixed(encodeRemark(send, prefix)));
  // More than there is.
  const transfer = concatBytes(
    callIndex(metadata, "Balances", "transfer"),
    Uint8Array.of(0),
    accountBytes(other.account),
    Uint8Array.of(0x33),
    new Uint8Array(16).fill(0xff),
  );
  const batch = (name: string, ...calls: readonly Uint8Array[]) =>
    concatBytes(callIndex(metadata, "Utility", name), compact(calls.length), ...calls);
  const terms = (nonce: number) => ({ runtime, genesis, nonce, era: { birth: block, period: 64 } });
  chain.submit(signCall(batch("batch_all", remark, transfer), terms(0), player));
  chain.newBlock();
  const holders = async () => Array.from((await catchUp(follower)).items.holdings.keys());
  expect(await holders()).toEqual([player.account]);
  // What stands before the one that fails was done where a batch is only interrupted.
  chain.submit(signCall(batch("batch", remark, transfer), terms(1), player));
  chain.newBlock();
  expect(await holders()).toEqual([player.account, other.account]);
});

test("another follower goes on from a checkpoint and a snapshot", async () => {
  await using world = await withSwords();
  const { follower, collection, player, other } = world;
  const view = await catchUp(follower);
  const checkpoint = decodeCheckpoint(encodeCheckpoint(follower.checkpoint));
  const resumed = world.newFollower({ checkpoint, items: decodeSnapshot(encodeSnapshot(view.items)) });
  const nft = nftIdOf(3, collection, "item", "00000002");
  world.say(player, view, { op: "SEND", nft, recipient: other.account });
  const [one, two] = [await catchUp(follower), await catchUp(resumed)];
  expect(two.block).toEqual(one.block);
  expect(stateHash(two.items)).toEqual(stateHash(one.items));
});

test("authorities hand over on the way", async () => {
  await using world = await DevnetWorld.start();
  const { chain } = world;
  for (let i = 0; i < 3; i++) {
    chain.newBlock({ authoritiesAfter: 1 });
    chain.newBlock();
    chain.newBlock();
  }
  const follower = world.newFollower();
  expect((await catchUp(follower)).block.number).toBe(9);
  expect(follower.checkpoint.finalized.handover?.set.id).toBe(3n);
});

describe("a source that", () => {
  let shared: Awaited<ReturnType<typeof withSwords>>;
  beforeAll(async () => {
    shared = await withSwords();
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  const honestly = async (world: DevnetWorld, lies: Partial<ChainSource>) => {
    const liar = world.newFollower({ source: world.source(lies) });
    const error: unknown = await catchUp(liar).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { liar, code: (error as { code?: string } | undefined)?.code };
  };

  type Lies = (world: DevnetWorld) => Partial<ChainSource>;
  test.for<readonly [string, string, Lies]>([
    [
      "leaves a remark out of a block",
      "body-root",
      (w) => ({ body: async (hash) => (await w.source().body(hash)).filter((bytes) => bytes.length < 200) }),
    ],
    [
      "puts a remark into a block",
      "body-root",
      (w) => ({
        body: async (hash) => [...(await w.source().body(hash)), Uint8Array.from(Buffer.from("RMRK::SEND"))],
      }),
    ],
    [
      "shows another block's events",
      "proof-root-missing",
      (w) => ({ storage: (_, keys) => w.source().storage(w.chain.hashAt(1)!.slice(2) as never, keys) }),
    ],
    [
      "shows another multiplier of fees",
      "proof-incomplete",
      (w) => ({ storage: async (hash, keys) => withFees(await w.source().storage(hash, keys), w) }),
    ],
    [
      "hides what fees are multiplied by",
      "proof-incomplete",
      (w) => ({
        storage: async (hash, keys) => withoutFees(await w.source().storage(hash, keys), w),
      }),
    ],
    ["shows no events", "proof-root-missing", () => ({ storage: () => Promise.resolve([]) })],
    [
      "calls a block final that is not",
      "justification-target",
      (w) => ({
        next: async (from) => {
          const step = (await w.source().next(from)) as { headers: Uint8Array[]; justification: Uint8Array };
          const fork = w.chain.newBlock({ parent: w.chain.hashAt(2), best: false });
          return { ...step, headers: [...step.headers.slice(0, -1), fork.header] };
        },
      }),
    ],
    [
      "describes another runtime",
      "metadata-other",
      (w) => ({ metadata: () => Promise.resolve(concatBytes(metadataOf(w.chain), Uint8Array.of(0))) }),
    ],
    [
      "answers for a parachain",
      "headers-missing",
      (w) => ({
        next: async (from) => ({ relay: (await w.source().next(from)) as never, headProof: [], headers: [] }),
      }),
    ],
  ])("%s is refused: %s", async ([, code, lies]) => {
    const world = shared;
    const { liar, code: found } = await honestly(world, lies(world));
    expect(found).toBe(code);
    // Nothing of it counts, and the truth still does.
    expect(liar.view).toBeUndefined();
    expect(liar.checkpoint.finalized.block.number).toBe(0);
    expect((await catchUp(world.newFollower())).block.number).toBe(world.chain.finalized.number);
  });

  test("fails in the middle of a step is asked again, and nothing is counted twice", async () => {
    const world = shared;
    let calls = 0;
    const flaky =
      <A extends unknown[], R>(answer: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        calls++ % 10 === 5 ? Promise.reject(new Error("gone")) : answer(...args);
    const honest = world.source();
    const follower = world.newFollower({
      source: {
        ...honest,
        body: flaky((hash) => honest.body(hash)),
        storage: flaky((hash, keys) => honest.storage(hash, keys)),
        next: flaky((from) => honest.next(from)),
      },
    });
    for (let tries = 0; tries < 40 && follower.view?.block.number !== 3; tries++) {
      await follower.follow().catch(() => undefined);
    }
    expect(stateHash(follower.view!.items)).toEqual(stateHash((await catchUp(world.newFollower())).items));
  });

  test("says nothing makes what is known old, and then nothing is known", async () => {
    const world = shared;
    const { follower, player } = world;
    expect(ownedBy(follower.view, player.account, 0, 60_000).known).toBe(true);
    expect(ownedBy(undefined, player.account, 0, 60_000)).toEqual({ known: false, reason: "not-followed" });
    const { time } = await catchUp(follower);
    expect(ownedBy(follower.view, player.account, time + 60_000, 60_000)).toMatchObject({ known: true, ageMs: 60_000 });
    expect(ownedBy(follower.view, player.account, time + 60_001, 60_000)).toEqual({ known: false, reason: "stale" });
  });

  test("runs code that the worker does not know stops it", async () => {
    const known = devnetRuntime(shared.chain);
    const follower = shared.newFollower({ runtimes: [{ ...known, specVersion: known.specVersion + 1 }] });
    await expect(catchUp(follower)).rejects.toMatchObject({ code: "runtime-unpinned" });
  });

  test("is asked for one step at a time", async () => {
    const follower = shared.newFollower();
    const first = follower.follow();
    await expect(follower.follow()).rejects.toThrow("one step at a time");
    await first;
  });
});
