/** Bytes, unambiguously joined. */
import { utf8ToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** Little-endian unsigned 32-bit. @throws RangeError for anything else: what is hashed must not wrap around. */
export function u32le(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new RangeError("not an unsigned 32-bit number");
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, true);
  return out;
}

/**
 * Each field behind its 32-bit little-endian length, so that no two different field lists give the same bytes.
 * Text fields are UTF-8. Whatever is hashed or signed here goes through this, with a label as first field.
 */
export function lengthPrefixed(...fields: readonly (Uint8Array | string)[]): Uint8Array {
  let length = 0;
  const parts = fields.map((field) => {
    const bytes = typeof field === "string" ? utf8ToBytes(field) : field;
    length += 4 + bytes.length;
    return bytes;
  });
  const joined = new Uint8Array(length);
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const bytes of parts) {
    view.setUint32(at, bytes.length, true);
    joined.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return joined;
}

/** Compares in time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
