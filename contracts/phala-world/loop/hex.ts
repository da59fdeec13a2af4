/** Bytes as people compare them. A hub that is handed over is full of them: so no call is made for each. */

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const values = new Map(pairs.map((pair, byte) => [pair, byte]));

export function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (let i = 0; i < bytes.length; i++) hex += pairs[bytes[i]!]!;
  return hex;
}

/** @param hex lower case. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = values.get(hex.slice(2 * i, 2 * i + 2))!;
  return bytes;
}
