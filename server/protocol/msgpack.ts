/**
 * MessagePack, bounded: what is decoded is scanned first, so that no declared length can make us allocate.
 * Extension types and non-text keys do not exist here; integers stay within ±2⁵³.
 */
import { Packr, Unpackr } from "msgpackr";
import { ProtocolError } from "./errors.ts";
import { valueDepthMax, valueNodesMax } from "./limits.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, copyBuffers: true, int64AsType: "number" });

/** Encodes a tree of plain values. Object keys keep their order; the bytes are a function of the tree and that order. */
export function encodeMsgpack(value: unknown): Uint8Array {
  // msgpackr may return a view of a buffer it goes on writing to.
  return new Uint8Array(packr.pack(value));
}

/**
 * Decodes exactly one value.
 *
 * @param depthMax nesting allowed; messages wrap a value tree in two more levels.
 * @throws ProtocolError "malformed" on anything truncated, trailing, extended or keyed by other than text;
 *   "too-long" beyond node or depth limits.
 */
export function decodeMsgpack(bytes: Uint8Array, depthMax: number = valueDepthMax + 4): unknown {
  scan(bytes, depthMax);
  return unpackr.unpack(bytes) as unknown;
}

/** Walks the encoding without building anything. https://github.com/msgpack/msgpack/blob/master/spec.md */
function scan(bytes: Uint8Array, depthMax: number): void {
  let at = 0;
  let nodes = 0;
  const fail = (why: string): never => {
    throw new ProtocolError("malformed", why);
  };
  const skip = (length: number): void => {
    at += length;
    if (at > bytes.length) fail("truncated");
  };
  const unsigned = (length: 1 | 2 | 4): number => {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + (bytes[at + i] ?? fail("truncated"));
    at += length;
    return value;
  };
  const items = (count: number, depth: number): void => {
    if (count > bytes.length - at) fail("truncated");
    for (let i = 0; i < count; i++) node(depth + 1);
  };
  const key = (): void => {
    const head = bytes[at++] ?? fail("truncated");
    const length =
      (head & 0xe0) === 0xa0
        ? head & 0x1f
        : head === 0xd9
          ? unsigned(1)
          : head === 0xda
            ? unsigned(2)
            : fail("a key that is not text");
    // "__proto__" would become a prototype, not a member, in many readers.
    if (length === 9 && protoKey.every((byte, i) => bytes[at + i] === byte)) fail("a key that names the prototype");
    skip(length);
  };
  const pairs = (count: number, depth: number): void => {
    if (count * 2 > bytes.length - at) fail("truncated");
    for (let i = 0; i < count; i++) {
      key();
      node(depth + 1);
    }
  };
  const node = (depth: number): void => {
    if (++nodes > valueNodesMax + 64 || depth > depthMax) throw new ProtocolError("too-long", "msgpack tree");
    const head = bytes[at++] ?? fail("truncated");
    if (head <= 0x7f || head >= 0xe0) return;
    if (head <= 0x8f) return pairs(head & 0x0f, depth);
    if (head <= 0x9f) return items(head & 0x0f, depth);
    if (head <= 0xbf) return skip(head & 0x1f);
    switch (head) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return;
      case 0xc4: // bin 8
      case 0xd9: // str 8
        return skip(unsigned(1));
      case 0xc5:
      case 0xda:
        return skip(unsigned(2));
      case 0xc6:
      case 0xdb:
        return skip(unsigned(4));
      case 0xca: // float 32
        return skip(4);
      case 0xcb: // float 64
        return skip(8);
      case 0xcc:
      case 0xd0:
        return skip(1);
      case 0xcd:
      case 0xd1:
        return skip(2);
      case 0xce:
      case 0xd2:
        return skip(4);
      case 0xcf:
      case 0xd3:
        return skip(8);
      case 0xdc:
        return items(unsigned(2), depth);
      case 0xdd:
        return items(unsigned(4), depth);
      case 0xde:
        return pairs(unsigned(2), depth);
      case 0xdf:
        return pairs(unsigned(4), depth);
      default:
        return fail("an extension type");
    }
  };
  node(0);
  if (at !== bytes.length) fail("trailing bytes");
}

const protoKey = Uint8Array.from([0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f]);
