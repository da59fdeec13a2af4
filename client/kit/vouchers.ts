/** What this device's players earned, as rooms told it: kept until the chain shows it, however often pages are closed. */
import type { Room } from "#client/room.ts";
import { readPreSigned, voucherReasons, type PreSigned, type VoucherEntry } from "#protocol/award.ts";
import type { Drawer } from "./keepsakes.ts";

export interface KeptVoucher {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** What the room calls it: its symbol. */
  readonly name: string;
  /** Id of its collection, if that was kept. */
  readonly collection: string | undefined;
  /** Address of its picture, if it has one. */
  readonly metadata: string | undefined;
  readonly stage: "earned" | "redeemable" | "submitted" | "in-block" | "final";
  /** Why it does not go on, in a sentence. */
  readonly reason: string | undefined;
  /** With this its player redeems it. */
  readonly mint: PreSigned | undefined;
}

/** The newest; what is older is on the chain by then, or will be when its room is joined again. */
const keptMax = 100;
const stages: readonly unknown[] = [
  "earned",
  "redeemable",
  "submitted",
  "in-block",
  "final",
] satisfies KeptVoucher["stage"][];

/** @param world 64 hexadecimal digits. */
const nameOf = (world: string): string => `phatroom:vouchers:${world}`;

export function readVouchers(drawer: Drawer, world: string): readonly KeptVoucher[] {
  let list: unknown;
  try {
    list = JSON.parse(drawer.getItem(nameOf(world)) ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(list) ? list.slice(-keptMax).flatMap((one: unknown) => readVoucher(one) ?? []) : [];
}

/** Keeps what a room tells of them, from now on. @param world 64 hexadecimal digits. */
export function keepVouchersOf(room: Pick<Room, "vouchers" | "on">, drawer: Drawer, world: string): () => void {
  for (const entry of room.vouchers) keepVoucher(drawer, world, keptOf(entry));
  return room.on("voucher", (entry) => keepVoucher(drawer, world, keptOf(entry)));
}

export const keptOf = ({ voucher, collection, symbol, metadata, stage, reason, mint }: VoucherEntry): KeptVoucher => ({
  id: voucher,
  name: symbol,
  collection,
  metadata: metadata ?? undefined,
  stage: stage === "waiting" ? "earned" : stage,
  reason: reason === null ? undefined : voucherReasons[reason],
  mint: mint ?? undefined,
});

/** In place of what was kept of the same voucher. */
export function keepVoucher(drawer: Drawer, world: string, voucher: KeptVoucher): void {
  const others = readVouchers(drawer, world).filter(({ id }) => id !== voucher.id);
  drawer.setItem(nameOf(world), JSON.stringify([...others, voucher].slice(-keptMax)));
}

function readVoucher(value: unknown): KeptVoucher | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, collection, metadata, stage, reason, mint } = value as { readonly [key: string]: unknown };
  if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id) || !stages.includes(stage)) return undefined;
  const text = (one: unknown): string | undefined => (typeof one === "string" ? one.slice(0, 256) : undefined);
  return {
    id,
    name: text(name) ?? "Item",
    collection: text(collection),
    metadata: text(metadata),
    stage: stage as KeptVoucher["stage"],
    reason: text(reason),
    mint: readPreSigned(mint),
  };
}
