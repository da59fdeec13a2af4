/**
 * MessagePack for trees of plain values, strict both ways (https://github.com/msgpack/msgpack/blob/master/spec.md).
 *
 * What is decoded is scanned first, so that no declared length can make us allocate, and so that every reader, in every
 * runtime, reads the same: text is UTF-8, keys are text, numbers are finite, exact and not -0, extensions do not exist.
 */
// The JavaScript of it only: the main entry loads a native add-on where it finds one, also inside the enclave.
import { Packr } from "msgpackr/pack";
import { Unpackr } from "msgpackr/unpack";
import { ProtocolError } from "./errors.ts";
import { messageNodesMax, valueDepthMax } from "./limits.ts";
import { isUtf8 } from "./utf8.ts";
import { checkTree } from "./value.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, copyBuffers: true, int64AsType: "number" });

/** Deeper than anything that is read again. */
const encodedDepthMax = 64;

/**
 * Encodes a tree of plain values. Object keys keep their order; the bytes are a function of the tree and that order.
 * Half a surrogate pair becomes U+FFFD, and -0 becomes 0.
 *
 * @throws ProtocolError "malformed" for what no decoder here would read: undefined, NaN, infinities, class instances.
 */
export function encodeMsgpack(value: unknown): Uint8Array {
  checkTree(value, encodedDepthMax, Infinity);
  // msgpackr may return a view of a buffer it goes on writing to, and in Node returns a Buffer.
  return new Uint8Array(packr.pack(value));
}

/**
 * Decodes exactly one value. Byte strings are copied out as plain `Uint8Array`, in Node too.
 *
 * @param depthMax nesting allowed; messages wrap a value tree in a few more levels.
 * @param nodesMax values allowed; a stranger's message has no more than this.
 * @throws ProtocolError "malformed" on anything truncated, trailing, or outside the subset above;
 *   "too-long" beyond node or depth limits.
 */
export function decodeMsgpack(
  bytes: Uint8Array,
  depthMax: number = valueDepthMax + 4,
  nodesMax: number = messageNodesMax,
): unknown {
  // Node's Buffer is a subclass, and msgpackr would cut byte strings out of it as Buffers.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  new Scan(plain, depthMax, nodesMax).whole();
  return unpackr.unpack(plain) as unknown;
}

/** Walks an encoding without building anything. */
class Scan {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #depthMax: number;
  readonly #nodesMax: number;
  #at = 0;
  #nodes = 0;

  constructor(bytes: Uint8Array, depthMax: number, nodesMax: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#depthMax = depthMax;
    this.#nodesMax = nodesMax;
  }

  whole(): void {
    this.#node(0);
    if (this.#at !== this.#bytes.length) fail("trailing bytes");
  }

  #node(depth: number): void {
    if (++this.#nodes > this.#nodesMax || depth > this.#depthMax) throw new ProtocolError("too-long", "msgpack tree");
    const head = this.#head();
    if (head <= 0x7f || head >= 0xe0) return;
    if (head <= 0x8f) this.#pairs(head & 0x0f, depth);
    else if (head <= 0x9f) this.#items(head & 0x0f, depth);
    else if (head <= 0xbf) this.#text(head & 0x1f);
    else this.#longer(head, depth);
  }

  #longer(head: number, depth: number): void {
    switch (head) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return;
      case 0xc4: // bin 8, 16, 32
        return this.#take(this.#unsigned(1));
      case 0xc5:
        return this.#take(this.#unsigned(2));
      case 0xc6:
        return this.#take(this.#unsigned(4));
      case 0xca: // float 32, 64
        return this.#float(4);
      case 0xcb:
        return this.#float(8);
      case 0xcc: // uint 8, 16, 32 and int 8, 16, 32
      case 0xd0:
        return this.#take(1);
      case 0xcd:
      case 0xd1:
        return this.#take(2);
      case 0xce:
      case 0xd2:
        return this.#take(4);
      case 0xcf: // uint 64, int 64
      case 0xd3:
        return this.#long(head === 0xd3);
      case 0xd9: // str 8, 16, 32
        return this.#text(this.#unsigned(1));
      case 0xda:
        return this.#text(this.#unsigned(2));
      case 0xdb:
        return this.#text(this.#unsigned(4));
      case 0xdc: // array 16, 32
        return this.#items(this.#unsigned(2), depth);
      case 0xdd:
        return this.#items(this.#unsigned(4), depth);
      case 0xde: // map 16, 32
        return this.#pairs(this.#unsigned(2), depth);
      case 0xdf:
        return this.#pairs(this.#unsigned(4), depth);
      default:
        return fail("an extension type");
    }
  }

  #items(count: number, depth: number): void {
    if (count > this.#bytes.length - this.#at) fail("truncated");
    for (let i = 0; i < count; i++) this.#node(depth + 1);
  }

  #pairs(count: number, depth: number): void {
    if (count * 2 > this.#bytes.length - this.#at) fail("truncated");
    for (let i = 0; i < count; i++) {
      this.#key();
      this.#node(depth + 1);
    }
  }

  #key(): void {
    const head = this.#head();
    let length: number;
    if ((head & 0xe0) === 0xa0) length = head & 0x1f;
    else if (head === 0xd9) length = this.#unsigned(1);
    else if (head === 0xda) length = this.#unsigned(2);
    else return fail("a key that is not text");
    const start = this.#at;
    this.#text(length);
    // It would become a prototype, not a member, in many readers.
    if (length === prototypeKey.length && prototypeKey.every((byte, i) => this.#bytes[start + i] === byte)) {
      fail("a key that names the prototype");
    }
  }

  #text(length: number): void {
    const start = this.#at;
    this.#take(length);
    if (!isUtf8(this.#bytes, start, this.#at)) fail("text that is not UTF-8");
  }

  #float(length: 4 | 8): void {
    const start = this.#at;
    this.#take(length);
    const value = length === 4 ? this.#view.getFloat32(start) : this.#view.getFloat64(start);
    if (!Number.isFinite(value)) fail("a number that is not finite");
    // It would be encoded again as 0, and a replay of that would differ.
    if (Object.is(value, -0)) fail("negative zero");
  }

  #long(signed: boolean): void {
    const start = this.#at;
    this.#take(8);
    const high = signed ? this.#view.getInt32(start) : this.#view.getUint32(start);
    if (!Number.isSafeInteger(high * 2 ** 32 + this.#view.getUint32(start + 4))) fail("an integer beyond 2⁵³");
  }

  #head(): number {
    return this.#bytes[this.#at++] ?? fail("truncated");
  }

  #unsigned(length: 1 | 2 | 4): number {
    const start = this.#at;
    this.#take(length);
    if (length === 1) return this.#view.getUint8(start);
    return length === 2 ? this.#view.getUint16(start) : this.#view.getUint32(start);
  }

  #take(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) fail("truncated");
  }
}

/** "__proto__". */
const prototypeKey = Uint8Array.from([0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f]);

function fail(why: string): never {
  throw new ProtocolError("malformed", why);
}
