/** Writes DER (ITU-T X.690), as much of it as a development PKI needs. The strict reader is in `#attestation/x509/der.ts`. */
import { concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { tags } from "#attestation/x509/der.ts";

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const contents = concatBytes(...parts);
  return concatBytes(Uint8Array.of(tag, ...lengthOf(contents.length)), contents);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.set, ...parts);
export const octets = (bytes: Uint8Array): Uint8Array => element(tags.octetString, bytes);
export const utf8 = (text: string): Uint8Array => element(tags.utf8String, utf8ToBytes(text));
export const truth = (): Uint8Array => element(tags.boolean, Uint8Array.of(0xff));

/** By its contents in hexadecimal. */
export const oid = (hex: string): Uint8Array => element(tags.oid, hexToBytes(hex));

/** Whole bytes. */
export const bits = (bytes: Uint8Array): Uint8Array => element(tags.bitString, Uint8Array.of(0), bytes);

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const minimal = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  return element(tags.integer, minimal[0]! >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0), minimal);
}

/** Below 2³². */
export const small = (value: number): Uint8Array =>
  integer(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));

/** A list of named bits of at most one byte, bit 0 first (section 11.2.2: without trailing zeros). */
export function namedBits(value: number): Uint8Array {
  let byte = 0;
  for (let bit = 0; bit < 8; bit++) if ((value & (1 << bit)) !== 0) byte |= 0x80 >> bit;
  let unused = 0;
  while (unused < 7 && (byte & (1 << unused)) === 0) unused++;
  return element(tags.bitString, Uint8Array.of(unused, byte));
}

/** RFC 5280 section 4.1.2.5: two-digit years through 2049. */
export function time(unixSeconds: number): Uint8Array {
  const digits = new Date(unixSeconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, "");
  const short = digits < "2050";
  return element(short ? tags.utcTime : tags.generalizedTime, utf8ToBytes(short ? digits.slice(2) : digits));
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
