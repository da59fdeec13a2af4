/** Reads MessagePack inside the sandbox. The host scanned it before; what is cut short still ends in an error here. */

/** Arguments of one native call, which is what makes short text cheap. */
const textChunk = 128;

let bytes = new Uint8Array(0);
let view = new DataView(bytes.buffer);
let at = 0;

/**
 * The value at the start of a buffer. Byte strings are copied out.
 *
 * @throws RangeError if the bytes end too early; TypeError for what the host never writes.
 */
export function decodeFrom(source: Uint8Array): unknown {
  if (bytes !== source) {
    bytes = source as Uint8Array<ArrayBuffer>;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  at = 0;
  return read();
}

function read(): unknown {
  const head = bytes[skip(1)]!;
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head < 0x90) return map(head & 0x0f);
  if (head < 0xa0) return array(head & 0x0f);
  if (head < 0xc0) return text(head & 0x1f);
  const reader = readers[head];
  if (reader === undefined) throw new TypeError("an extension type");
  return reader();
}

/** Moves on and returns where it was. */
function skip(length: number): number {
  const start = at;
  at += length;
  if (at > bytes.length) throw new RangeError("truncated");
  return start;
}

const unsigned8 = (): number => view.getUint8(skip(1));
const unsigned16 = (): number => view.getUint16(skip(2));
const unsigned32 = (): number => view.getUint32(skip(4));

/** By type byte. */
const readers: Readonly<Record<number, () => unknown>> = {
  0xc0: () => null,
  0xc2: () => false,
  0xc3: () => true,
  0xc4: () => binary(unsigned8()),
  0xc5: () => binary(unsigned16()),
  0xc6: () => binary(unsigned32()),
  0xca: () => view.getFloat32(skip(4)),
  0xcb: () => view.getFloat64(skip(8)),
  0xcc: unsigned8,
  0xcd: unsigned16,
  0xce: unsigned32,
  0xcf: () => Number(view.getBigUint64(skip(8))),
  0xd0: () => view.getInt8(skip(1)),
  0xd1: () => view.getInt16(skip(2)),
  0xd2: () => view.getInt32(skip(4)),
  0xd3: () => Number(view.getBigInt64(skip(8))),
  0xd9: () => text(unsigned8()),
  0xda: () => text(unsigned16()),
  0xdb: () => text(unsigned32()),
  0xdc: () => array(unsigned16()),
  0xdd: () => array(unsigned32()),
  0xde: () => map(unsigned16()),
  0xdf: () => map(unsigned32()),
};

function array(length: number): unknown[] {
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) items.push(read());
  return items;
}

function map(length: number): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (let i = 0; i < length; i++) {
    const name = read();
    if (typeof name !== "string" || name === "__proto__") throw new TypeError("a key that is not text");
    members[name] = read();
  }
  return members;
}

function binary(length: number): Uint8Array {
  const start = skip(length);
  return bytes.slice(start, at);
}

function text(length: number): string {
  const start = skip(length);
  if (length <= textChunk) {
    // ASCII, nearly always: native calls instead of a loop.
    const units = String.fromCharCode.apply(null, bytes.subarray(start, at) as unknown as number[]);
    if (!beyondAscii.test(units)) return units;
  }
  let out = "";
  let i = start;
  while (i < at) {
    const byte = bytes[i++]!;
    if (byte < 0x80) {
      out += String.fromCharCode(byte);
      continue;
    }
    const width = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    let point = byte & (0x3f >> width);
    for (let j = 0; j < width; j++) point = (point << 6) | (bytes[i++]! & 0x3f);
    out += String.fromCodePoint(point);
  }
  return out;
}

const beyondAscii = /[\u0080-\uffff]/;
