/** Awards become items of a real runtime's chain: through crashes, retractions, and two workers on one key. */
import { expect, test } from "vitest";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { ownedBy } from "#enclave/ledger/follow/ownership.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { isDear } from "#enclave/reward/fees.ts";
import { Issuer, type IssuingView } from "#enclave/reward/issuer.ts";
import { deriveIssuerKey } from "#enclave/reward/issuer-key.ts";
import { signTransaction, transactionHash } from "#enclave/reward/transaction.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { catchUp, DevnetWorld, prefix } from "./devnet-world.ts";

/** Blocks that transactions live: more than finality lags behind. */
const period = { short: 4, long: 8 };

interface Running {
  turn(): Promise<void>;
  readonly issuer: Issuer<IssuingView & { readonly whole: View }>;
}

function start(
  world: DevnetWorld,
  boot: number,
  journal: Uint8Array[],
  lives = period.short,
  lost: () => boolean = () => false,
  feesMax?: () => number,
): Running {
  const follower = world.newFollower();
  const { account } = world.issuer;
  const issuer = new Issuer<IssuingView & { readonly whole: View }>({
    account,
    boot: new Uint8Array(32).fill(boot),
    period: lives,
    entries: journal.slice(),
    journal: { append: (entry) => Promise.resolve(void journal.push(entry)) },
    sign: (remarks, nonce, era, { whole }) =>
      signTransaction(remarks, { runtime: whole.runtime, genesis: whole.genesis, era, nonce }, world.issuer),
    submit: (transaction) => (lost() ? Promise.resolve() : world.source().submit(transaction)),
  });
  return {
    issuer,
    async turn() {
      for (let step = await follower.follow(); step !== undefined; step = await follower.follow()) {
        const { block, items, nonces, feeMultiplier } = step.view;
        const dear = isDear(feeMultiplier, feesMax?.());
        await issuer.turn({ block, items, nonce: nonces.get(account)!, dear, whole: step.view }, step.words);
      }
    },
  };
}

const voucherOf = (world: DevnetWorld, award: string): Voucher => ({
  id: voucherId(new Uint8Array(32), "room", award),
  recipient: world.player.account,
  collection: world.collection,
  symbol: "sword",
  transferable: 1,
  metadata: "ipfs://ipfs/sword",
});

async function settle(world: DevnetWorld, running: Running, blocks: number): Promise<void> {
  for (let left = blocks; left > 0; left--) {
    world.chain.newBlock();
    await running.turn();
  }
}

/** How often each voucher was minted on the final chain. */
function minted({ chain }: DevnetWorld): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let number = 1; number <= chain.finalized.number; number++) {
    for (const extrinsic of chain.body(chain.hashAt(number)!)) {
      const text = Buffer.from(extrinsic).toString("latin1");
      for (const [remark] of text.matchAll(/RMRK::MINT::2\.0\.0::[\x21-\x7e]+/g)) {
        const said = decodeRemark(utf8ToBytes(remark), prefix);
        const voucher = said.op === "MINT" ? (said.properties.get("voucher")!.value as string) : "";
        counts.set(voucher, (counts.get(voucher) ?? 0) + 1);
      }
    }
  }
  return counts;
}

test("an award is in the player's hands, and a second worker after a crash does not make another", async () => {
  await using world = await DevnetWorld.start();
  world.chain.newBlock();
  world.createCollection(await catchUp(world.newFollower()));
  const journal: Uint8Array[] = [];
  const first = start(world, 1, journal);
  for (const award of ["a", "b", "c"]) await first.issuer.award(voucherOf(world, award));
  await first.turn();
  // It dies between its submission and the block.
  await settle(world, first, period.short + 2);
  expect(first.issuer.stageOf(voucherOf(world, "a").id)).toEqual({ stage: "submitted" });
  journal.length = 1;
  const second = start(world, 2, journal);
  for (const award of ["a", "b", "c", "d"]) await second.issuer.award(voucherOf(world, award));
  await second.turn();
  await settle(world, second, period.short + 6);
  expect(second.issuer.open).toBe(0);
  expect([...minted(world).values()]).toEqual([1, 1, 1, 1]);
  const follower = world.newFollower();
  const view = await catchUp(follower);
  const owned = ownedBy(view, world.player.account, view.time, 0);
  expect(owned.known && owned.items.map(({ symbol, serial }) => [symbol, serial])).toEqual([
    ["sword", "00000001"],
    ["sword", "00000002"],
    ["sword", "00000003"],
    ["sword", "00000004"],
  ]);
  // The first one comes back to life, and sees that it was replaced.
  await first.turn();
  expect(first.issuer.stopped).toBe(true);
});

test("a block that is retracted takes nothing away and adds nothing, and lost submissions are made again", async () => {
  await using world = await DevnetWorld.start({ finality: { lag: 3 } });
  for (let i = 0; i < 5; i++) world.chain.newBlock();
  world.createCollection(await catchUp(world.newFollower()));
  for (let i = 0; i < 4; i++) world.chain.newBlock();
  let sends = 0;
  const running = start(world, 1, [], period.long, () => sends++ % 2 === 0);
  for (const award of ["a", "b"]) await running.issuer.award(voucherOf(world, award));
  await running.turn();
  for (let round = 0; round < 10; round++) {
    await settle(world, running, 2);
    const { best } = world.chain;
    // Another branch of the same height, and one more.
    let fork = world.chain.newBlock({ parent: best.parent!.parent!.hash, best: false });
    for (let i = 0; i < 2; i++) fork = world.chain.newBlock({ parent: fork.hash, best: false });
    if (round % 3 === 0) world.chain.setBest(fork.hash);
    await running.turn();
  }
  expect(running.issuer.open).toBe(0);
  expect([...minted(world).values()]).toEqual([1, 1]);
});

test("an issuer signs nothing while the chain asks for too much, says so, and goes on when empty blocks have made it cheaper", async () => {
  await using world = await DevnetWorld.start();
  world.chain.newBlock();
  world.createCollection(await catchUp(world.newFollower()));
  const multiplier = async (): Promise<number> => Number((await catchUp(world.newFollower())).feeMultiplier) / 1e18;
  const before = await multiplier();
  for (let left = 3; left > 0; left--) world.chain.newBlock();
  const after = await multiplier();
  expect(after).toBeLessThan(before);
  // What it is after three more blocks or so.
  const running = start(
    world,
    1,
    [],
    period.short,
    () => false,
    () => after - (before - after),
  );
  const voucher = voucherOf(world, "a");
  await running.issuer.award(voucher);
  await running.turn();
  expect(running.issuer.stageOf(voucher.id)).toEqual({ stage: "waiting", reason: "fee-too-high" });
  expect(world.chain.pool.ready).toBe(0);
  await settle(world, running, 2 * period.short + 10);
  expect(running.issuer.stageOf(voucher.id)).toEqual({ stage: "final" });
});

test("keys are of a world and a lineage, and hashes are those of the chain", async () => {
  const platform = platformFromSeed(new Uint8Array(32).fill(1), () => 0);
  const [a, b] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)];
  const keys = await Promise.all([
    deriveIssuerKey(platform, a, b),
    deriveIssuerKey(platform, b, a),
    deriveIssuerKey(platform, a, b),
  ]);
  expect(keys[0]!.account).toBe(keys[2]!.account);
  expect(keys[0]!.account).not.toBe(keys[1]!.account);
  await using world = await DevnetWorld.start();
  world.chain.newBlock();
  const view = await catchUp(world.newFollower());
  const transaction = world.sign(world.issuer, [utf8ToBytes("hello")], view, 0);
  expect(world.chain.submit(transaction)).toBe(`0x${transactionHash(transaction)}`);
});
