/**
 * By what a message is known to have been said here, to whoever has the room's key: HMAC-SHA256, cut to 16 bytes, over the
 * JSON of ["phatroom/1/said", speaker's id, tick, text] in UTF-16, little-endian.
 *
 * Nobody outside the room has the key, so a report can hold only what was said.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const macLength = 16;
export const macKeyLength = 32;

export interface Said {
  /** PlayerId of who said it. */
  readonly from: string;
  readonly tick: number;
  readonly text: string;
}

/** @param key 32 bytes. */
export const macOf = (key: Uint8Array, { from, tick, text }: Said): Uint8Array =>
  hmac(sha256, key, utf16(JSON.stringify(["phatroom/1/said", from, tick, text]))).slice(0, macLength);

export function isSaid(key: Uint8Array, said: Said, mac: Uint8Array): boolean {
  const right = macOf(key, said);
  let different = right.length ^ mac.length;
  for (let i = 0; i < right.length; i++) different |= right[i]! ^ (mac[i] ?? 0);
  return different === 0;
}

/** QuickJS has no TextEncoder; what counts is that no two messages have the same bytes. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit & 0xff;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}
