/** Extrinsics and events, as the consolidator reads them. */
import { isAccountId, type AccountId } from "#rmrk/account.ts";
import type { Call, ChainEvent, Extrinsic } from "#rmrk/extrinsic/call.ts";
import { itemsMax } from "../proof/limits.ts";
import { ScaleReader } from "../proof/scale.ts";
import { hasEvent, type Metadata } from "./metadata.ts";
import { camelCase, readValue, VariantValue, type Value } from "./value.ts";

/** The fourth version of extrinsics; the highest bit says that somebody signed it. */
const bare = 4;
const signed = 0x84;

/** @param bytes with their length before them. @throws ProofError "extrinsic-malformed". */
export function decodeExtrinsic(
  metadata: Metadata,
  bytes: Uint8Array,
): { readonly signer: AccountId | undefined; readonly call: Call } {
  const reader = new ScaleReader(bytes, "extrinsic-malformed");
  if (reader.compact() !== reader.left) throw reader.fail("another length");
  const version = reader.u8();
  if (version !== bare && version !== signed) throw reader.fail(`version ${version}`);
  let signer: Value;
  if (version === signed) {
    signer = readValue(metadata, metadata.address, reader);
    readValue(metadata, metadata.signature, reader);
    for (const { type } of metadata.extensions) readValue(metadata, type, reader);
  }
  const call = callOf(readValue(metadata, metadata.call, reader));
  reader.end();
  if (call === undefined) throw reader.fail("no call");
  return { signer: typeof signer === "string" && isAccountId(signer) ? signer : undefined, call };
}

/** A pallet, one of its calls, its arguments. Undefined for what is no call. */
function callOf(value: Value): Call | undefined {
  if (!(value instanceof VariantValue) || !(value.value instanceof VariantValue)) return undefined;
  const { name: method, value: fields } = value.value;
  const args: Record<string, unknown> = {};
  if (isRecord(fields)) for (const [name, field] of Object.entries(fields)) args[name] = argumentOf(name, field);
  return { section: sectionOf(value.name), method: camelCase(method), args };
}

/** Calls within calls have these names in all runtimes. */
function argumentOf(name: string, value: Value): unknown {
  if (name === "call") return callOf(value) ?? value;
  if (name === "calls" && Array.isArray(value)) return value.map((one: Value) => callOf(one) ?? one);
  return value;
}

const isRecord = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === "object" &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof VariantValue);

const sectionOf = (pallet: string): string => pallet.slice(0, 1).toLowerCase() + pallet.slice(1);

/**
 * What happened in each extrinsic of a block, in order.
 *
 * @param bytes of `System.Events`; undefined: nothing happened. @throws ProofError "events-malformed".
 */
export function decodeEvents(
  metadata: Metadata,
  bytes: Uint8Array | undefined,
): ReadonlyMap<number, readonly ChainEvent[]> {
  const events = new Map<number, ChainEvent[]>();
  if (bytes === undefined) return events;
  const reader = new ScaleReader(bytes, "events-malformed");
  const list = metadata.types[metadata.events]!.form;
  // Runtimes box their events one by one or not; either way it is a list of records.
  if (list.form !== "sequence") throw reader.fail("no list of events");
  for (const record of reader.vector(itemsMax, () => readValue(metadata, list.type, reader))) {
    if (!isRecord(record)) throw reader.fail("no record of an event");
    const { phase, event } = record;
    if (!(phase instanceof VariantValue) || phase.name !== "ApplyExtrinsic" || typeof phase.value !== "number")
      continue;
    const told = eventOf(event);
    if (told === undefined) throw reader.fail("no event");
    const before = events.get(phase.value);
    if (before === undefined) events.set(phase.value, [told]);
    else before.push(told);
  }
  reader.end();
  return events;
}

function eventOf(value: Value): ChainEvent | undefined {
  if (!(value instanceof VariantValue) || !(value.value instanceof VariantValue)) return undefined;
  const { name: method, value: fields } = value.value;
  const data: Record<string, unknown> = isRecord(fields) ? { ...fields } : {};
  const { result } = data;
  if (result instanceof VariantValue) data["ok"] = result.name === "Ok";
  return { section: sectionOf(value.name), method, data };
}

/** An extrinsic of a verified body with its verified events. @throws ProofError "extrinsic-malformed". */
export const extrinsicOf = (
  metadata: Metadata,
  bytes: Uint8Array,
  at: { readonly block: number; readonly index: number },
  events: ReadonlyMap<number, readonly ChainEvent[]>,
): Extrinsic => ({
  ...at,
  ...decodeExtrinsic(metadata, bytes),
  events: events.get(at.index) ?? [],
  itemEvents: hasEvent(metadata, "Utility", "ItemCompleted"),
});
