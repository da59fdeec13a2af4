/**
 * The RMRK consolidator over a chain's worth of remarks: how fast it applies them, what the state takes in memory, as a
 * snapshot, and to hash. Remarks are made beforehand; each count is measured in a state of its own.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { accountOf, encodeAddress, type AccountId } from "../server/rmrk/account.ts";
import { encodeRemark, type Interaction } from "../server/rmrk/codec/interaction.ts";
import { apply } from "../server/rmrk/consolidator.ts";
import { baseIdOf, collectionIdOf, nftIdOf, serialText, slotIdOf, type NftId } from "../server/rmrk/ids.ts";
import { itemsOf } from "../server/rmrk/queries/inventory.ts";
import type { Remark } from "../server/rmrk/remark.ts";
import { decodeSnapshot, encodeSnapshot, stateHash } from "../server/rmrk/state/snapshot.ts";
import { emptyState, type State } from "../server/rmrk/state/state.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";

const prefix = 2;
const issuer = account(0);
const players = 10_000;
const remarksPerBlock = 100;

export async function measureRmrk({ quick }: Options): Promise<Measured> {
  const counts = quick ? [10_000, 100_000] : [100_000, 1_000_000];
  // Compiled by then.
  consolidate(remarksOf(5_000));
  const rows = counts.flatMap((count) => measureHeroes(count).concat(measureRefusals(count)));
  return { rows, ratios: {} };
}

/** Heroes with a sword in their hand: eight remarks for each two NFTs. */
function measureHeroes(count: number): readonly Row[] {
  progress(`rmrk: ${count.toLocaleString("en")} remarks are made`);
  let remarks: readonly Remark[] | undefined = remarksOf(count);
  collect();
  const before = process.memoryUsage().heapUsed;
  progress(`rmrk: ${count.toLocaleString("en")} remarks`);
  const start = performance.now();
  const state = consolidate(remarks);
  const seconds = (performance.now() - start) / 1000;
  collect();
  const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  remarks = undefined;
  const [snapshot, encodeSeconds] = timed(() => encodeSnapshot(state));
  const [, hashSeconds] = timed(() => stateHash(state));
  const [again, decodeSeconds] = timed(() => decodeSnapshot(snapshot));
  const [items, inventorySeconds] = timed(() =>
    Array.from({ length: 100 }, (_, at) => itemsOf(again, account(at + 1)).length),
  );
  return [
    {
      name: `consolidator, ${count.toLocaleString("en")} remarks`,
      remarks: count,
      remarks_per_s: Math.round(count / seconds),
      nfts: state.nfts.size,
      heap_mb: megabytes,
      heap_bytes_per_nft: (megabytes * 2 ** 20) / state.nfts.size,
    },
    {
      name: `snapshot after ${count.toLocaleString("en")} remarks`,
      bytes: snapshot.length,
      bytes_per_nft: snapshot.length / state.nfts.size,
      encode_ms: encodeSeconds * 1000,
      hash_ms: hashSeconds * 1000,
      decode_ms: decodeSeconds * 1000,
      inventory_us: (inventorySeconds / items.length) * 1e6,
    },
  ];
}

/** What strangers pay to have refused. */
function measureRefusals(count: number): Row {
  const text = ["RMRK::MINT::2.0.0::%7B%7D", "RMRK::SEND::2.0.0::x::y", `RMRK::BURN::2.0.0::${heroOf(1, 9)}`];
  const bytes = text.map((one) => new TextEncoder().encode(one));
  const state = emptyState(prefix);
  const [, seconds] = timed(() => {
    for (let at = 0; at < count; at++) {
      apply(state, { block: 1, extrinsic: at, caller: account(1), bytes: bytes[at % bytes.length]!, transfers: [] });
    }
  });
  return {
    name: `refused, ${count.toLocaleString("en")} remarks`,
    remarks: count,
    remarks_per_s: Math.round(count / seconds),
  };
}

function consolidate(remarks: readonly Remark[]): State {
  const state = emptyState(prefix);
  for (const [at, remark] of remarks.entries()) {
    const outcome = apply(state, remark);
    if (!outcome.accepted) throw new Error(`remark ${at} was refused: ${outcome.code}`);
  }
  return state;
}

const heroes = collectionIdOf(issuer, "HERO");
const swords = collectionIdOf(issuer, "SWORD");
const base = baseIdOf(0, "body");
const hand = slotIdOf(base, "hand");
const metadata = "ipfs://ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const royalty = { receiver: encodeAddress(issuer, prefix), royaltyPercentFloat: 5 };

const heroOf = (serial: number, block: number): NftId => nftIdOf(block, heroes, "hero", serialText(serial));
const swordOf = (serial: number, block: number): NftId => nftIdOf(block, swords, "sword", serialText(serial));

/** Accepted, all of them. Every sword carries the voucher that it was minted for, and a royalty. */
function remarksOf(count: number): readonly Remark[] {
  const remarks: Remark[] = [];
  const say = (caller: AccountId, interaction: Interaction): void => {
    const [block, extrinsic] = [Math.floor(remarks.length / remarksPerBlock), remarks.length % remarksPerBlock];
    remarks.push({ block, extrinsic, caller, bytes: encodeRemark(interaction, prefix), transfers: [] });
  };
  const blockNow = (): number => Math.floor(remarks.length / remarksPerBlock);
  for (const [id, symbol] of [
    [heroes, "HERO"],
    [swords, "SWORD"],
  ] as const) {
    say(issuer, { op: "CREATE", id, issuer, symbol, max: 0, metadata });
  }
  const parts = [
    { kind: "fixed", id: "skin", z: 0, src: metadata },
    { kind: "slot", id: "hand", z: 1, equippable: [swords], src: undefined },
  ] as const;
  say(issuer, { op: "BASE", issuer, symbol: "body", type: "svg", parts, themes: new Map(), metadata });
  const form = { src: metadata, thumb: undefined, metadata: undefined, themeId: undefined, theme: undefined };
  const body = { ...form, id: "body", src: undefined, base, parts: ["skin", "hand"], slot: undefined };
  const held = { ...form, id: "held", base: undefined, parts: undefined, slot: hand };
  for (let serial = 1; remarks.length < count; serial++) {
    const player = account(1 + (serial % players));
    const mint = { op: "MINT", serial: serialText(serial), transferable: 1, metadata } as const;
    const hero = heroOf(serial, blockNow());
    const properties = new Map([["xp", { type: "int", value: 0, writer: "issuer" as const }]]);
    say(issuer, { ...mint, collection: heroes, symbol: "hero", recipient: issuer, properties });
    say(issuer, { op: "RESADD", nft: hero, resource: body, replaces: undefined });
    const sword = swordOf(serial, blockNow());
    const voucher = serial.toString(16).padStart(64, "0");
    const own = new Map([
      ["voucher", { type: "string", value: voucher, writer: "nobody" as const }],
      ["royaltyInfo", { type: "royalty", value: royalty, writer: "nobody" as const }],
    ]);
    say(issuer, { ...mint, collection: swords, symbol: "sword", recipient: hero, properties: own });
    say(issuer, { op: "RESADD", nft: sword, resource: held, replaces: undefined });
    say(issuer, { op: "EQUIP", nft: sword, slot: hand });
    say(issuer, { op: "SEND", nft: hero, recipient: player });
    say(issuer, { op: "SETPROPERTY", nft: hero, key: "xp", value: serial, freeze: false });
    say(player, { op: "EMOTE", namespace: "RMRK2", nft: hero, emote: "1F389" });
  }
  return remarks.slice(0, count);
}

function account(number: number): AccountId {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number * 0x9e37_79b1);
  new DataView(key.buffer).setUint32(28, number);
  return accountOf(key);
}

function timed<T>(run: () => T): readonly [T, number] {
  const start = performance.now();
  const result = run();
  return [result, (performance.now() - start) / 1000];
}

/** What is not collected would count as the state's. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
