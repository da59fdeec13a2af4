/** What a decoded message has in it, held against what it should have: each returns it, or throws ProtocolError "malformed". */
import { ProtocolError } from "./errors.ts";
import { isRecord } from "./value.ts";

/** A map without other keys than these. */
export function record<const Key extends string>(
  fields: unknown,
  keys: readonly Key[],
): { readonly [K in Key]?: unknown } {
  if (!isRecord(fields)) throw new ProtocolError("malformed", "a map was expected");
  for (const key of Object.keys(fields)) {
    if (!(keys as readonly string[]).includes(key)) throw new ProtocolError("malformed", "an unknown field");
  }
  return fields as { readonly [K in Key]?: unknown };
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ProtocolError("malformed", "a list was expected");
  return value;
}

/** A whole number from 0 on. */
export function counter(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new ProtocolError("malformed", "counter");
  return value;
}

export function finite(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ProtocolError("malformed", "number");
  return value;
}

export function fixed(value: unknown, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new ProtocolError("malformed", `${length} bytes`);
  return value;
}

export function empty(body: Uint8Array): void {
  if (body.length !== 0) throw new ProtocolError("malformed", "an empty body was expected");
}
