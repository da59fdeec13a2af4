/** Reads the binary format's primitives (specification 5.1 and 5.2) in order, never beyond the end it was given. */
import { HardenError } from "./errors.ts";

/** `fatal`: names are valid UTF-8 (5.2.4). */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Reader {
  readonly bytes: Uint8Array;
  /** Of the next byte. */
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at === this.end;
  }

  byte(): number {
    if (this.at >= this.end) throw malformed("something ends too early");
    return this.bytes[this.at++]!;
  }

  peek(): number {
    if (this.at >= this.end) throw malformed("something ends too early");
    return this.bytes[this.at]!;
  }

  /** The next bytes, as a view. */
  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw malformed("something ends too early");
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** 5.2.2: at most five bytes, of the last only the four bits that fit. */
  u32(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.byte();
    if (last > 0x0f) throw malformed("an integer is longer than its type");
    return value + last * 2 ** 28;
  }

  /** 5.2.2, of 32 bits: at most five bytes, the last of which only extends the sign. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const last = this.byte();
    if (last > 0x07 && (last < 0x78 || last > 0x7f)) throw malformed("an integer is longer than its type");
    return value | (last << 28);
  }

  /** 5.2.2, of 64 bits. Nobody here needs the value. */
  skipS64(): void {
    for (let i = 0; i < 9; i++) if (this.byte() < 0x80) return;
    const last = this.byte();
    if (last !== 0x00 && last !== 0x7f) throw malformed("an integer is longer than its type");
  }

  /** A length that is followed by at least so many bytes, one for each element. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.at) throw malformed("a vector is longer than what holds it");
    return count;
  }

  /** 5.2.4. */
  name(): string {
    const bytes = this.take(this.u32());
    try {
      return utf8.decode(bytes);
    } catch {
      throw malformed("a name is not UTF-8");
    }
  }

  /** @throws HardenError "module-malformed" unless everything was read. */
  finish(what: string): void {
    if (!this.done) throw malformed(`${what} is longer than what it holds`);
  }
}

export const malformed = (detail: string): HardenError => new HardenError("module-malformed", detail);
