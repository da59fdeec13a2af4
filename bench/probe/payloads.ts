/** What is said on a recorded connection: HTTP as it is; behind an upgrade the payloads of WebSocket frames, unmasked (RFC 6455). */

const headEnd = "\r\n\r\n";

/** @throws Error if frames are compressed: a search in them would find nothing and prove nothing. */
export function payloads(bytes: Buffer): Buffer {
  const end = bytes.indexOf(headEnd);
  if (end === -1 || !/\r\nupgrade: *websocket\r\n/i.test(bytes.toString("latin1", 0, end + 2))) return bytes;
  const start = end + headEnd.length;
  return Buffer.concat([bytes.subarray(0, start), ...framePayloads(bytes.subarray(start))]);
}

function framePayloads(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    if ((bytes[at]! & 0x40) !== 0) throw new Error("WebSocket frames are compressed");
    const masked = (bytes[at + 1]! & 0x80) !== 0;
    const short = bytes[at + 1]! & 0x7f;
    at += 2;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + lengthBytes > bytes.length) break;
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at));
    at += lengthBytes;
    const mask = masked ? bytes.subarray(at, at + 4) : undefined;
    at += masked ? 4 : 0;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (mask !== undefined) for (let i = 0; i < payload.length; i++) payload[i]! ^= mask[i % 4]!;
    found.push(payload);
    at += length;
  }
  return found;
}
