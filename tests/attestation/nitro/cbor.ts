/** Writes CBOR (RFC 8949), and any head that a test wants. The strict reader is `#attestation/nitro/cbor.ts`. */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";

/** An item's head in its shortest form, or in so many bytes behind the first. */
export function head(major: number, value: number, length = shortest(value)): Uint8Array {
  if (length === 0) return Uint8Array.of((major << 5) | value);
  const out = new Uint8Array(1 + length);
  out[0] = (major << 5) | (24 + Math.log2(length));
  const view = new DataView(out.buffer);
  if (length === 8) view.setBigUint64(1, BigInt(value));
  else for (let i = 0; i < length; i++) out[1 + i] = Math.floor(value / 256 ** (length - 1 - i)) & 0xff;
  return out;
}

const shortest = (value: number): number =>
  value < 24 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;

export const unsigned = (value: number): Uint8Array => head(0, value);
export const bytes = (contents: Uint8Array): Uint8Array => concatBytes(head(2, contents.length), contents);
export const text = (contents: string): Uint8Array => concatBytes(head(3, contents.length), utf8ToBytes(contents));
export const array = (...items: readonly Uint8Array[]): Uint8Array => concatBytes(head(4, items.length), ...items);
export const nothing: Uint8Array = Uint8Array.of(0xf6);

type Entry = readonly [key: Uint8Array, value: Uint8Array];

export const map = (...entries: readonly Entry[]): Uint8Array =>
  concatBytes(head(5, entries.length), ...entries.flat());

/** Without its length, as AWS writes documents. */
export const openMap = (...entries: readonly Entry[]): Uint8Array =>
  concatBytes(Uint8Array.of(0xbf), ...entries.flat(), Uint8Array.of(0xff));
