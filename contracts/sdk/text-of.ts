/** Text out of bytes that somebody outside sent. QuickJS has no TextDecoder. */

/** Bytes read as UTF-8 (RFC 3629). What is none becomes U+FFFD, one for each byte. */
export function textOf(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const width = widthAt(bytes, at);
    out += width === 0 ? "\ufffd" : String.fromCodePoint(pointAt(bytes, at, width));
    at += Math.max(1, width);
  }
  return out;
}

/** How many bytes the character takes that begins here; 0 if none does. */
function widthAt(bytes: Uint8Array, at: number): number {
  const head = bytes[at]!;
  if (head < 0x80) return 1;
  const width = head >= 0xf0 ? 4 : head >= 0xe0 ? 3 : 2;
  if (head < 0xc2 || head > 0xf4) return 0;
  for (let i = 1; i < width; i++) if ((bytes[at + i] ?? 0) >> 6 !== 2) return 0;
  const point = pointAt(bytes, at, width);
  const shortest = [0, 0, 0x80, 0x800, 0x1_0000][width]!;
  return point < shortest || point > 0x10_ffff || (point >= 0xd800 && point < 0xe000) ? 0 : width;
}

function pointAt(bytes: Uint8Array, at: number, width: number): number {
  let point = width === 1 ? bytes[at]! : bytes[at]! & (0x7f >> width);
  for (let i = 1; i < width; i++) point = (point << 6) | (bytes[at + i]! & 0x3f);
  return point;
}
