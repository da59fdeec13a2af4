/**
 * A state as bytes: the same bytes for the same state, however it came to be. Their hash is what a worker and a client
 * compare; from them either goes on without reading the chain again.
 *
 * Whoever decodes a snapshot that somebody else made compares its hash with one that it trusts. What is checked here is
 * that it is a state at all: that no NFT lies in itself, nothing is counted wrongly, and every value is in its range.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { accountBytes, type AccountId } from "../account.ts";
import { readBase, writeBase, type Base } from "../codec/base.ts";
import { isUri } from "../codec/values.ts";
import { RmrkError } from "../errors.ts";
import { baseIdOf, isCollectionSymbol, type CollectionId } from "../ids.ts";
import { blockMax, collectionSizeMax } from "../limits.ts";
import { malformed, Reader, Writer, written } from "./bytes.ts";
import { faultOf } from "./invariants.ts";
import { readNft, writeNft } from "./snapshot-nft.ts";
import { readAccount, readAmount, readAs, sortedEntries } from "./snapshot-values.ts";
import { emptyState, type BaseState, type Collection, type State } from "./state.ts";

const label = "rmrk state 1";
const prefixMax = 16_383;

/** Chunks of at most 64 KiB, so that a large state is never in memory twice. They may be kept. */
export function writeSnapshot(state: State, give: (chunk: Uint8Array) => void): void {
  const writer = new Writer(give);
  writeState(writer, state);
  writer.end();
}

export const encodeSnapshot = (state: State): Uint8Array => written((writer) => writeState(writer, state));

/** SHA-256 over the snapshot. Takes about as long as the state has bytes; compare at the same block. */
export function stateHash(state: State): Uint8Array {
  const hash = sha256.create();
  writeSnapshot(state, (chunk) => hash.update(chunk));
  return hash.digest();
}

/** @throws RmrkError "snapshot-malformed" for anything that `encodeSnapshot` would not have written. */
export function decodeSnapshot(bytes: Uint8Array): State {
  const reader = new Reader(bytes);
  let state: State;
  try {
    state = readState(reader);
  } catch (error) {
    if (error instanceof RmrkError && error.code !== "snapshot-malformed") throw malformed(error.message);
    throw error;
  }
  reader.end();
  const fault = faultOf(state);
  if (fault !== undefined) throw malformed(fault);
  return state;
}

function writeState(writer: Writer, state: State): void {
  const { prefix, minted, purse } = state;
  writer.text(label);
  writer.number(prefix);
  writer.number(minted);
  writer.number(purse.block);
  writer.number(purse.extrinsic);
  writer.number(purse.spent.size);
  for (const [key, amount] of sortedEntries(purse.spent)) {
    writer.bytes(accountBytes(key.slice(0, 64) as AccountId));
    writer.bytes(accountBytes(key.slice(64) as AccountId));
    writer.text(amount.toString());
  }
  writer.number(state.collections.size);
  for (const collection of state.collections.values()) writeCollection(writer, collection);
  writer.number(state.bases.size);
  for (const base of state.bases.values()) writeBaseState(writer, base, prefix);
  writer.number(state.vouchers.size);
  for (const [creator, vouchers] of sortedEntries(state.vouchers)) {
    writer.bytes(accountBytes(creator));
    writer.number(vouchers.size);
    for (const voucher of Array.from(vouchers).sort()) writer.bytes(accountBytes(voucher as AccountId));
  }
  const indices = new Map(Array.from(state.nfts.values(), (nft, index) => [nft, index]));
  writer.number(indices.size);
  for (const nft of indices.keys()) writeNft(writer, nft, indices);
}

function readState(reader: Reader): State {
  if (reader.text() !== label) throw malformed("another format");
  const state = emptyState(reader.number(prefixMax));
  state.minted = reader.number();
  const spent = new Map<string, bigint>();
  const [block, extrinsic] = [reader.number(blockMax), reader.number(blockMax)];
  let last = "";
  for (let left = reader.count(); left > 0; left--) {
    const key = `${readAccount(reader)}${readAccount(reader)}`;
    if (key <= last) throw malformed("order");
    last = key;
    spent.set(key, readAmount(reader));
  }
  state.purse = { block, extrinsic, spent };
  for (let left = reader.count(); left > 0; left--) addNew(state.collections, readCollection(reader));
  for (let left = reader.count(); left > 0; left--) addNew(state.bases, readBaseState(reader, state.prefix));
  readVouchers(reader, state);
  const count = reader.count();
  const rows = Array.from({ length: count }, () => readNft(reader, state, count));
  const nfts = rows.map(({ nft }) => nft);
  for (const row of rows) row.place(nfts);
  return state;
}

function readVouchers(reader: Reader, { vouchers }: State): void {
  let lastCreator = "";
  for (let left = reader.count(); left > 0; left--) {
    const creator = readAccount(reader);
    if (creator <= lastCreator) throw malformed("order");
    lastCreator = creator;
    const redeemed = new Set<string>();
    let last = "";
    for (let rest = reader.count(); rest > 0; rest--) {
      const voucher = readAccount(reader);
      if (voucher <= last) throw malformed("order");
      redeemed.add((last = voucher));
    }
    if (redeemed.size === 0) throw malformed("no vouchers");
    vouchers.set(creator, redeemed);
  }
}

function addNew<Id extends string, Entry extends { readonly id: Id }>(entries: Map<Id, Entry>, entry: Entry): void {
  if (entries.has(entry.id)) throw malformed("the same id twice");
  entries.set(entry.id, entry);
}

function writeCollection(writer: Writer, collection: Collection): void {
  writer.text(collection.id);
  writer.number(collection.block);
  writer.bytes(accountBytes(collection.creator));
  writer.bytes(accountBytes(collection.issuer));
  writer.text(collection.symbol);
  writer.number(collection.max);
  writer.text(collection.metadata);
  writer.flag(collection.locked);
  writer.flag(collection.destroyed);
  writer.number(collection.live);
  writer.number(collection.serials.size);
  let last = -1;
  for (const serial of Uint32Array.from(collection.serials).sort()) {
    writer.number(serial - last - 1);
    last = serial;
  }
}

function readCollection(reader: Reader): Collection {
  const collection = {
    id: reader.text() as CollectionId,
    block: reader.number(blockMax),
    creator: readAccount(reader),
    issuer: readAccount(reader),
    symbol: reader.text(),
    max: reader.number(collectionSizeMax),
    metadata: reader.text(),
    locked: reader.flag(),
    destroyed: reader.flag(),
    live: reader.number(collectionSizeMax),
    serials: new Set<number>(),
  };
  if (!isCollectionSymbol(collection.symbol) || !isUri(collection.metadata)) throw malformed("collection");
  let last = -1;
  for (let left = reader.count(); left > 0; left--) {
    last += reader.number(collectionSizeMax) + 1;
    if (last > collectionSizeMax) throw malformed("serial");
    collection.serials.add(last);
  }
  return collection;
}

function writeBaseState(writer: Writer, base: BaseState, prefix: number): void {
  writer.number(base.block);
  writer.text(textOfBase({ ...base, parts: Array.from(base.parts.values()) }, prefix));
}

function readBaseState(reader: Reader, prefix: number): BaseState {
  const block = reader.number(blockMax);
  const base = readAs(
    reader.text(),
    (tree) => readBase(tree, prefix),
    (read) => textOfBase(read, prefix),
  );
  const { symbol, issuer, type, metadata, parts, themes } = base;
  const byId = new Map(parts.map((part) => [part.id, part]));
  return { id: baseIdOf(block, symbol), block, issuer, symbol, type, metadata, parts: byId, themes: new Map(themes) };
}

const textOfBase = (base: Omit<Base, "op">, prefix: number): string => JSON.stringify(writeBase(base, prefix));
