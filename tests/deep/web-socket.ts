/** WebSocket messages written by hand (RFC 6455), so that they can also be wrong, and what a server answers. */

export interface Frame {
  readonly payload: Uint8Array;
  /** Default 2, binary. */
  readonly opcode?: number;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7; default 0. */
  readonly reserved?: number;
  /** Default true: clients must. */
  readonly masked?: boolean;
  /** What the header says instead of the payload's length. */
  readonly claimed?: number;
  /** Four bytes; default zeros. */
  readonly mask?: Uint8Array;
}

const headerMax = 14;
const zeros = new Uint8Array(4);

/** Collects frames in one buffer. */
export class FrameWriter {
  #buffer = new Uint8Array(16 * 1024);
  #length = 0;

  put({ payload, opcode = 2, fin = true, reserved = 0, masked = true, claimed, mask = zeros }: Frame): void {
    if (this.#length + headerMax + payload.length > this.#buffer.length) this.#grow(headerMax + payload.length);
    const length = claimed ?? payload.length;
    this.#byte((fin ? 0x80 : 0) | (reserved << 4) | opcode);
    this.#lengthOf(length, masked ? 0x80 : 0);
    if (masked) for (let i = 0; i < 4; i++) this.#byte(mask[i]!);
    this.#buffer.set(payload, this.#length);
    if (masked && mask !== zeros) {
      for (let i = 0; i < payload.length; i++) this.#buffer[this.#length + i]! ^= mask[i & 3]!;
    }
    this.#length += payload.length;
  }

  /** Bytes that are no frame. */
  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#buffer.length) this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Everything so far, as a copy. */
  take(): Uint8Array {
    const out = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return out;
  }

  #lengthOf(length: number, bit: number): void {
    const view = new DataView(this.#buffer.buffer);
    if (length < 126) return this.#byte(bit | length);
    const long = length > 0xffff;
    this.#byte(bit | (long ? 127 : 126));
    if (long) view.setBigUint64(this.#length, BigInt(length));
    else view.setUint16(this.#length, length);
    this.#length += long ? 8 : 2;
  }

  #byte(byte: number): void {
    this.#buffer[this.#length++] = byte;
  }

  #grow(by: number): void {
    const larger = new Uint8Array(2 * (this.#buffer.length + by));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** What is read of a server's answer: its status, and with what code it closed. */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);
  status: number | undefined;
  code: number | undefined;
  messages = 0;

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.status === undefined && !this.#head()) return;
    if (this.status === 101) while (this.#frame());
  }

  #head(): boolean {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    this.status = Number(this.#rest.toString("latin1", 9, 12));
    this.#rest = this.#rest.subarray(end + 4);
    return true;
  }

  #frame(): boolean {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;
    let length = bytes[1]! & 0x7f;
    let start = 2;
    if (length === 126) start = 4;
    else if (length === 127) start = 10;
    if (bytes.length < start) return false;
    if (length === 126) length = bytes.readUInt16BE(2);
    else if (length === 127) length = Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return false;
    if ((bytes[0]! & 0x0f) === 8) this.code = length < 2 ? 1005 : bytes.readUInt16BE(start);
    else this.messages += 1;
    this.#rest = bytes.subarray(start + length);
    return true;
  }
}
