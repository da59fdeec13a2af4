/** What a device's player earned is kept as rooms tell it, and nothing else is read from what is kept. */
import { expect, test } from "vitest";
import { keepVouchersOf, readVouchers } from "#kit/vouchers.ts";
import type { Drawer } from "#kit/keepsakes.ts";
import type { VoucherEntry } from "#protocol/award.ts";

const world = "07".repeat(32);

function drawer(text?: string): Drawer & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>(text === undefined ? [] : [[`phatroom:vouchers:${world}`, text]]);
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const entry = (byte: string, change: Partial<VoucherEntry> = {}): VoucherEntry => ({
  voucher: byte.repeat(32),
  room: "00".repeat(10) as VoucherEntry["room"],
  once: "winner",
  collection: "c",
  symbol: "cup",
  metadata: null,
  stage: "earned",
  reason: null,
  mint: null,
  ...change,
});

test("each voucher is kept once, as it stands, and why it waits is a sentence", () => {
  const device = drawer();
  let told: ((entry: VoucherEntry) => void) | undefined;
  const stop = keepVouchersOf(
    {
      vouchers: [entry("aa", { stage: "waiting", reason: "no-account" })],
      on: (_name, listener) => {
        told = listener as never;
        return () => (told = undefined);
      },
    },
    device,
    world,
  );
  expect(readVouchers(device, world)).toEqual([
    {
      id: "aa".repeat(32),
      name: "cup",
      collection: "c",
      metadata: undefined,
      stage: "earned",
      reason: "Link a wallet to receive it. It is kept for you until then.",
      mint: undefined,
    },
  ]);
  told!(entry("bb"));
  told!(entry("aa", { stage: "submitted" }));
  expect(readVouchers(device, world).map(({ id, stage }) => [id.slice(0, 2), stage])).toEqual([
    ["bb", "earned"],
    ["aa", "submitted"],
  ]);
  expect(readVouchers(device, "08".repeat(32))).toEqual([]);
  stop();
  expect(told).toBeUndefined();
});

test("what its player can redeem is kept whole, and what was kept of it otherwise is not", () => {
  const device = drawer();
  const mint = {
    collection: 1,
    item: 2,
    deadline: 3,
    account: "aa".repeat(32),
    signer: "bb".repeat(32),
    signature: "cc".repeat(64),
  };
  const vouchers = [entry("aa", { stage: "redeemable", mint })];
  keepVouchersOf({ vouchers, on: () => () => undefined }, device, world);
  expect(readVouchers(device, world)).toMatchObject([{ stage: "redeemable", mint }]);
  const [[name, text]] = [...device.kept] as [[string, string]];
  device.setItem(name, text.replace("cccc", "cc"));
  expect(readVouchers(device, world)[0]!.mint).toBeUndefined();
});

test("no more than a hundred are kept, the newest", () => {
  const device = drawer();
  const vouchers = Array.from({ length: 130 }, (_, i) => entry(i.toString(16).padStart(2, "0")));
  keepVouchersOf({ vouchers, on: () => () => undefined }, device, world);
  const kept = readVouchers(device, world);
  expect([kept.length, kept.at(-1)!.id.slice(0, 2)]).toEqual([100, "81"]);
});

test.for([
  ["nothing", ""],
  ["no list", "{}"],
  ["no vouchers", '[1,null,"x",{"id":"aa"}]'],
  ["a stage that is none", JSON.stringify([{ id: "aa".repeat(32), stage: "minted" }])],
])("what is kept as %s is none", ([, text]) => {
  expect(readVouchers(drawer(text), world)).toEqual([]);
});
