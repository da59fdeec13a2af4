/** Bytes as JSON-RPC writes them, and storage keys as this zone keeps them. */

/** With `0x`. */
export const toHex = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;

/** @returns undefined unless it is `0x` and an even number of hexadecimal digits. */
export function fromHex(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

/**
 * A storage key as a string with one character for each byte: it can be a key of a map, compares like the bytes do, and
 * takes a byte for each byte in V8.
 */
export type StorageKey = string;

export const keyOf = (bytes: Uint8Array): StorageKey =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

export const keyBytes = (key: StorageKey): Uint8Array => new Uint8Array(Buffer.from(key, "latin1"));
