/** Fields of known kinds, one behind the other: how what is not a tree is written and read. Little-endian. */
import { ProtocolError } from "./errors.ts";

/** Collects fields; every number was checked before. */
export class FieldWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  u8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  /** Eight bytes, of which the numbers of JavaScript use 53 bits. */
  count(value: number): void {
    const at = this.#room(8);
    this.#view.setUint32(at, value % 2 ** 32, true);
    this.#view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  }

  /** As they are, for fields of a fixed length. */
  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** The length in four bytes, then the bytes. */
  blob(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.bytes(bytes);
  }

  /** The length in one byte, then the letters. Only for text of ASCII. */
  word(text: string): void {
    this.u8(text.length);
    const at = this.#room(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i);
  }

  /** All of it; nothing can be written afterwards. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the next `length` bytes go: into a larger buffer, it may be. */
  #room(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Reads fields in their order. Every method throws ProtocolError "malformed" where there are none. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  count(): number {
    const at = this.#skip(8);
    const high = this.#view.getUint32(at + 4, true);
    if (high >= 2 ** 21) throw malformed("a number beyond 2⁵³");
    return high * 2 ** 32 + this.#view.getUint32(at, true);
  }

  /** A view. */
  bytes(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A view. @param lengthMax longer ones are malformed. */
  blob(lengthMax: number): Uint8Array {
    const length = this.u32();
    if (length > lengthMax) throw malformed("a field that is too long");
    return this.bytes(length);
  }

  word(): string {
    return String.fromCharCode(...this.bytes(this.u8()));
  }

  /** @throws ProtocolError "malformed" if anything is left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed("trailing bytes");
  }

  #skip(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw malformed("truncated");
    return at;
  }
}

const malformed = (detail: string): ProtocolError => new ProtocolError("malformed", detail);
