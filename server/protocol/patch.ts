/**
 * The difference between one viewer's last view and the next. Never computed from state, so it can hold nothing
 * that a view does not.
 *
 * Encoded by msgpack as `[0, value]` replace · `[1]` delete · `[2, {key: patch}]` object · `[3, length, {index: patch}]` array.
 */
import { ProtocolError } from "./errors.ts";
import { equalBytes } from "./bytes.ts";
import { isRecord, type Value } from "./value.ts";
import { valueDepthMax } from "./limits.ts";

export type Patch =
  | readonly [kind: 0, value: Value]
  | readonly [kind: 1]
  | readonly [kind: 2, members: { readonly [key: string]: Patch }]
  | readonly [kind: 3, length: number, items: { readonly [index: string]: Patch }];

/**
 * The patch that turns `previous` into `next`; undefined if they are equal. Key order does not matter, and -0 is 0, as
 * everywhere on the wire.
 */
export function diff(previous: Value, next: Value): Patch | undefined {
  if (previous === next) return undefined;
  if (previous instanceof Uint8Array && next instanceof Uint8Array) {
    return equalBytes(previous, next) ? undefined : [0, next];
  }
  if (Array.isArray(previous) && Array.isArray(next)) return diffArrays(previous, next);
  if (isRecord(previous) && isRecord(next)) return diffRecords(previous, next);
  return [0, next];
}

function diffArrays(previous: readonly Value[], next: readonly Value[]): Patch | undefined {
  const items: Record<string, Patch> = {};
  let changed = previous.length !== next.length;
  let replaced = 0;
  for (let i = 0; i < next.length; i++) {
    const patch: Patch | undefined = i < previous.length ? diff(previous[i]!, next[i]!) : [0, next[i]!];
    if (patch === undefined) continue;
    items[i] = patch;
    changed = true;
    if (patch[0] === 0) replaced += 1;
  }
  if (!changed) return undefined;
  // Where nothing is kept, the whole is shorter than its parts.
  return replaced === next.length ? [0, next] : [3, next.length, items];
}

function diffRecords(
  previous: { readonly [key: string]: Value },
  next: { readonly [key: string]: Value },
): Patch | undefined {
  const members: Record<string, Patch> = {};
  let changed = false;
  let replaced = 0;
  const keys = Object.keys(next);
  for (const key of keys) {
    const patch: Patch | undefined = Object.hasOwn(previous, key) ? diff(previous[key]!, next[key]!) : [0, next[key]!];
    if (patch === undefined) continue;
    members[key] = patch;
    changed = true;
    if (patch[0] === 0) replaced += 1;
  }
  for (const key of Object.keys(previous)) {
    if (Object.hasOwn(next, key)) continue;
    members[key] = [1];
    changed = true;
  }
  if (!changed) return undefined;
  return replaced === keys.length ? [0, next] : [2, members];
}

/**
 * Applies a decoded patch. Unchanged parts of `previous` are kept by reference, so `===` tells what changed.
 *
 * @throws ProtocolError "malformed" if the patch does not fit the value it is applied to.
 */
export function applyPatch(previous: Value, patch: unknown, depth = 0): Value {
  if (depth > valueDepthMax) throw new ProtocolError("too-long", "patch depth");
  if (!Array.isArray(patch)) throw new ProtocolError("malformed", "patch");
  const [kind, first, second] = patch as readonly unknown[];
  if (kind === 0 && patch.length === 2) return first as Value;
  if (kind === 2 && patch.length === 2 && isRecord(first)) return patchRecord(previous, first, depth);
  if (kind === 3 && patch.length === 3 && isRecord(second)) return patchArray(previous, first, second, depth);
  throw new ProtocolError("malformed", "patch kind");
}

function patchRecord(previous: Value, members: { readonly [key: string]: unknown }, depth: number): Value {
  if (!isRecord(previous)) throw new ProtocolError("malformed", "an object patch on something else");
  const next: Record<string, Value> = { ...previous };
  for (const [key, patch] of Object.entries(members)) {
    if (key === "__proto__") throw new ProtocolError("malformed", "a key that names the prototype");
    if (isDelete(patch)) delete next[key];
    else next[key] = applyPatch(Object.hasOwn(previous, key) ? previous[key]! : null, patch, depth + 1);
  }
  return next;
}

function patchArray(
  previous: Value,
  length: unknown,
  items: { readonly [index: string]: unknown },
  depth: number,
): Value {
  if (!Array.isArray(previous)) throw new ProtocolError("malformed", "an array patch on something else");
  const source = previous as readonly Value[];
  const added = Object.keys(items).length;
  if (typeof length !== "number" || !Number.isInteger(length) || length < 0 || length > source.length + added) {
    throw new ProtocolError("malformed", "array length");
  }
  const next: Value[] = source.slice(0, length);
  for (const [name, patch] of Object.entries(items)) {
    const index = Number(name);
    if (!Number.isInteger(index) || index < 0 || index >= length || String(index) !== name) {
      throw new ProtocolError("malformed", "array index");
    }
    next[index] = applyPatch(source[index] ?? null, patch, depth + 1);
  }
  for (let i = source.length; i < length; i++) {
    if (!(i in next)) throw new ProtocolError("malformed", "a hole in an array");
  }
  return next;
}

const isDelete = (patch: unknown): boolean => Array.isArray(patch) && patch.length === 1 && patch[0] === 1;
