/** MessagePack written by hand, also where no encoder would write it (https://github.com/msgpack/msgpack/blob/master/spec.md). */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { frameHeaderLength } from "#protocol/limits.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";

/** Hex with spaces, for what has a name in the specification. */
export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** The body of a move: its number and what is asked for, both as bytes or as values. */
export const moveBody = (n: unknown, move: unknown): Uint8Array => concatBytes(hex("92"), encoded(n), encoded(move));

export const encoded = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : encodeMsgpack(value));

/** Keys and values in this order, whatever they are. */
export const map = (...entries: readonly (readonly [unknown, unknown])[]): Uint8Array =>
  concatBytes(Uint8Array.of(0x80 | entries.length), ...entries.flat().map(encoded));

/** So many lists, one inside the other, and nil in the last. */
export const nested = (depth: number): Uint8Array => concatBytes(new Uint8Array(depth).fill(0x91), hex("c0"));

/** Text whose length is written in four bytes. */
export const longText = (length: number): Uint8Array => encoded("x".repeat(length));

/** Text that claims to be longer than it is. */
export const cutText = (text: string, claimed: string): Uint8Array => concatBytes(hex(claimed), utf8ToBytes(text));

/** The plaintext of a frame, as long as asked for, whether or not that makes sense. */
export function plaintext(
  size: number,
  head: number,
  length: number,
  body: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const out = new Uint8Array(size);
  out.set([head, length & 0xff, length >>> 8].slice(0, size));
  if (body.length > 0) out.set(body, frameHeaderLength);
  return out;
}
