/** Text of bytes that are all ASCII, which remarks and most of a snapshot are. */

/** Undefined if a byte lies outside. */
export function asciiOf(bytes: Uint8Array, min: number, max: number): string | undefined {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! < min || bytes[i]! > max) return undefined;
  let text = "";
  // As arguments of one call there may be some ten thousand.
  for (let at = 0; at < bytes.length; at += 4096) {
    const part = bytes.subarray(at, at + 4096) as unknown as number[];
    text += String.fromCharCode.apply(undefined, part);
  }
  return text;
}
