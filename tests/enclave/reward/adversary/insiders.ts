/** Vouchers that come again or altered, another contract in a genuine worker, and journals that a host has written in. */
import { awardOf } from "#enclave/reward/award.ts";
import { nextBatch } from "#enclave/reward/batch.ts";
import { mintOf as mintOfVoucher, voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { encodeEntry } from "#enclave/reward/journal.ts";
import { SealedLog } from "#enclave/vault/sealed-log.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { ChainId } from "#protocol/store.ts";
import type { Value } from "#protocol/value.ts";
import { serialText } from "#rmrk/ids.ts";
import { MemoryStore } from "../../../support/memory-store.ts";
import { lineage, otherLineage, type AttackedWorld } from "./attacked-world.ts";
import { before, type Attempt } from "./attempt.ts";

/** Gives a worker a voucher. @returns its refusal, or how the award stands. */
async function given(w: AttackedWorld, voucher: Voucher): Promise<string> {
  const { issuer } = w.workers.at(-1)!;
  const open = issuer.open;
  try {
    await issuer.award(voucher);
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
  if (issuer.open > open) return "taken";
  return issuer.stageOf(voucher.id)?.stage === "final" ? "final" : "known";
}

const openVoucher = (w: AttackedWorld): Voucher | undefined => {
  const worker = w.workers.at(-1);
  const open = w.vouchers.filter(({ id }) => {
    const stage = worker?.issuer.stageOf(id)?.stage;
    return stage !== undefined && stage !== "final";
  });
  return open.length === 0 ? undefined : w.numbers.pick(open);
};

const finalVoucher = (w: AttackedWorld): Voucher | undefined => {
  const worker = w.workers.at(-1);
  const final = w.vouchers.filter(({ id }) => worker?.issuer.stageOf(id)?.stage === "final");
  return final.length === 0 ? undefined : w.numbers.pick(final);
};

const malformed: readonly object[] = [
  { recipient: "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F" },
  { recipient: "" },
  { collection: "SWORDS" },
  { symbol: "sword::" },
  { id: "AB".repeat(32) },
  { transferable: 2 },
  { metadata: `ipfs://${"x".repeat(2000)}` },
];

const vouchers: readonly Attempt[] = [
  before("a voucher comes again before it is redeemed", "known", (w) => {
    const voucher = openVoucher(w);
    return voucher && given(w, voucher);
  }),
  before("a voucher comes again after it was redeemed", "final", (w) => {
    const voucher = finalVoucher(w);
    return voucher && given(w, voucher);
  }),
  before("a voucher comes again for somebody else, before it is redeemed", "voucher-contradicted", (w) => {
    const voucher = openVoucher(w);
    return voucher && given(w, { ...voucher, recipient: w.numbers.pick(w.thieves).account });
  }),
  before("a voucher comes again for somebody else, after it was redeemed", "final", (w) => {
    const voucher = finalVoucher(w);
    return voucher && given(w, { ...voucher, recipient: w.numbers.pick(w.thieves).account });
  }),
  before("a voucher comes as something better", "voucher-contradicted", (w) => {
    const voucher = openVoucher(w);
    return voucher && given(w, { ...voucher, symbol: "crown" });
  }),
  before("a voucher comes altered so that nobody could have written it", "voucher-malformed", (w) => {
    if (w.workers.length === 0) return undefined;
    return given(w, { ...w.numbers.pick(w.vouchers), ...w.numbers.pick(malformed) });
  }),
];

/** What the other contract awards, to a thief, as a room hands it in. */
function awarded(w: AttackedWorld, item: Value, once = `${w.numbers.below(1000)}`) {
  const said = { room: "room" as RoomId, player: "ab".repeat(16) as PlayerId, once, item };
  return awardOf(said, { lineage: otherLineage, issuer: w.contractKey.account }, { SWORDS: terms });
}

const terms = { max: 0, metadata: "ipfs://ipfs/swords" };
const item = { collection: "SWORDS", symbol: "sword" };

const contracts: readonly Attempt[] = [
  before("another contract declares the same collection", "collection-unknown", (w) => {
    const award = awarded(w, item);
    if (award === undefined) return Promise.resolve("no award");
    if (award.collection === w.collection) return Promise.resolve("the collection itself");
    const voucher = { ...award, recipient: w.numbers.pick(w.thieves).account };
    const { remarks, waiting } = nextBatch(w.items, w.contractKey.account, [voucher]);
    return Promise.resolve(remarks.length > 0 ? "minted" : waiting.get(voucher.id)!);
  }),
  before("another contract names the collection by its id", "no award", (w) =>
    Promise.resolve(awarded(w, { ...item, collection: w.collection }) === undefined ? "no award" : "awarded"),
  ),
  before("another contract names a collection that every object has", "no award", (w) => {
    const collection = w.numbers.pick(["__proto__", "constructor", "toString"]);
    return Promise.resolve(awarded(w, { ...item, collection }) === undefined ? "no award" : "awarded");
  }),
  before("another contract awards what no remark could hold", "no award", (w) => {
    const bad = w.numbers.pick<Value>([
      { ...item, symbol: "a::b" },
      { ...item, symbol: "" },
      { ...item, metadata: "x".repeat(5000) },
      { ...item, metadata: 5 },
      { ...item, transferable: 2 },
      "SWORDS",
      ["SWORDS"],
    ]);
    return Promise.resolve(awarded(w, bad) === undefined ? "no award" : "awarded");
  }),
  before("another contract awards under an endless key", "voucher-malformed", (w) => {
    try {
      awarded(w, item, "x".repeat(200 + w.numbers.below(1000)));
      return Promise.resolve("awarded");
    } catch (error) {
      return Promise.resolve((error as { readonly code: string }).code);
    }
  }),
  before("another contract awards under a key of ours, in a room of the same name", "another voucher", (w) => {
    const once = `award ${w.numbers.below(w.vouchers.length)}`;
    const id = awarded(w, item, once)?.id;
    const ours = w.vouchers.some((voucher) => voucher.id === id || voucherId(lineage, "room", once) === id);
    return Promise.resolve(ours ? "the same voucher" : "another voucher");
  }),
  before("another contract's key issues in the collection", "not-issuer", (w) => {
    const voucher = { ...w.numbers.pick(w.vouchers), recipient: w.numbers.pick(w.thieves).account };
    return w.say(w.contractKey, mintOfVoucher(voucher, serialText(1 + w.numbers.below(90_000_000))));
  }),
  before("another contract creates the collection first", "collection-id-wrong", (w) => {
    const { account: issuer } = w.contractKey;
    const create = { op: "CREATE", id: w.collection, issuer, symbol: "SWORDS", max: 0 } as const;
    return w.say(w.contractKey, { ...create, metadata: terms.metadata });
  }),
  before("another contract's worker is given a voucher of ours", "not-issuer", (w) => {
    const voucher = { ...w.numbers.pick(w.vouchers), recipient: w.numbers.pick(w.thieves).account };
    const { remarks, waiting } = nextBatch(w.items, w.contractKey.account, [voucher]);
    return Promise.resolve(remarks.length > 0 ? "minted" : waiting.get(voucher.id)!);
  }),
];

const chain = "awards-00112233" as ChainId;
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** Reads what a host has made of a worker's own entry. */
async function rewritten(w: AttackedWorld, key: Uint8Array, change: (record: Uint8Array) => void): Promise<string> {
  const store = new MemoryStore();
  const random = (length: number): Uint8Array => w.numbers.bytes(length);
  const voucher = { ...w.numbers.pick(w.vouchers), recipient: w.numbers.pick(w.thieves).account };
  const setup = { store, chain, world: fill(1), random };
  await new SealedLog({ ...setup, key }).append(encodeEntry({ kind: "voucher", voucher }));
  const { record } = store.disk.chains.get(chain)!.records[0]!;
  change(record!);
  try {
    const entries = await new SealedLog({ ...setup, key: fill(2) }).read();
    return `${entries.length} entries read`;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

const journals: readonly Attempt[] = [
  before("a host alters what a worker has written down", "not-ours", (w) =>
    rewritten(w, fill(2), (record) => (record[w.numbers.below(record.length)]! ^= 1 << w.numbers.below(8))),
  ),
  before("a host writes an award into the journal", "not-ours", (w) =>
    rewritten(w, w.numbers.bytes(32), () => undefined),
  ),
];

export const insiders: readonly Attempt[] = [...vouchers, ...contracts, ...journals];
