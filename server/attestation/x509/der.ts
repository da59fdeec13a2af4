/**
 * DER (ITU-T X.690), strictly: definite lengths in their shortest form, one-byte tags, no byte left over. What is signed
 * inside a certificate has one reading only, and what wraps it has one spelling only.
 */
import { AttestationError, type AttestationErrorCode } from "../errors.ts";
import { bytesToHex } from "#protocol/bytes.ts";

/** Tags used in certificates, lists and the vendors' extensions (X.690 section 8.1.2). */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context3: 0xa3,
} as const;

/** One element: its contents, and the whole of it with tag and length. Both are views. */
export interface Element {
  readonly contents: Uint8Array;
  readonly whole: Uint8Array;
}

/** Reads elements one after the other; every failure is an AttestationError with the code given. */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #code: AttestationErrorCode;
  #at = 0;

  constructor(bytes: Uint8Array, code: AttestationErrorCode) {
    this.#bytes = bytes;
    this.#code = code;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next tag, if there is one. */
  get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next element, which must have this tag. */
  element(tag: number): Element {
    const start = this.#at;
    if (this.#byte() !== tag) this.fail(`expected tag ${tag}`);
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) this.fail("truncated");
    const element = { contents: this.#bytes.subarray(this.#at, end), whole: this.#bytes.subarray(start, end) };
    this.#at = end;
    return element;
  }

  contents(tag: number): Uint8Array {
    return this.element(tag).contents;
  }

  /** Reads the contents of the next element, which must have this tag. */
  inside(tag: number): DerReader {
    return this.over(this.contents(tag));
  }

  /** Reads other bytes, failing with the same code. */
  over(bytes: Uint8Array): DerReader {
    return new DerReader(bytes, this.#code);
  }

  /** An object identifier's contents in hexadecimal. */
  oid(): string {
    return bytesToHex(this.contents(tags.oid));
  }

  /** Section 11.1: true is 0xff. False is the default everywhere we read one, so it is never written (section 11.5). */
  optionalTrue(): boolean {
    if (this.next !== tags.boolean) return false;
    const contents = this.contents(tags.boolean);
    if (contents.length !== 1 || contents[0] !== 0xff) this.fail("a boolean that is not the default must be true");
    return true;
  }

  /** A non-negative integer's big-endian bytes without leading zeros (section 8.3); empty for zero. */
  unsigned(): Uint8Array {
    const contents = this.contents(tags.integer);
    const [first, second] = contents;
    if (first === undefined || first >= 0x80) return this.fail("not a non-negative integer");
    if (first !== 0) return contents;
    if (second !== undefined && second < 0x80) this.fail("an integer with a needless zero");
    return contents.subarray(1);
  }

  /** An integer below 2³². */
  small(): number {
    const bytes = this.unsigned();
    if (bytes.length > 4) this.fail("integer too large");
    return bytes.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** A bit string that is whole bytes. */
  bits(): Uint8Array {
    const contents = this.contents(tags.bitString);
    if (contents[0] !== 0) this.fail("a bit string with unused bits");
    return contents.subarray(1);
  }

  /**
   * Section 11.2.2: a list of named bits, without trailing zeros. Bit 0 of the list is bit 0 of the result.
   *
   * @param padded whether zeros may stand at its end all the same.
   */
  namedBits(padded = false): number {
    const contents = this.contents(tags.bitString);
    const [unused, first, second] = contents;
    if (unused === undefined || first === undefined || unused > 7 || contents.length > 3)
      return this.fail("named bits");
    const last = contents[contents.length - 1]!;
    if ((last & ((1 << unused) - 1)) !== 0) this.fail("unused bits that are not zero");
    if (!padded && (last & (1 << unused)) === 0) this.fail("named bits with trailing zeros");
    let value = 0;
    for (let bit = 0; bit < 8; bit++) {
      if ((first & (0x80 >> bit)) !== 0) value |= 1 << bit;
      if (((second ?? 0) & (0x80 >> bit)) !== 0) value |= 1 << (bit + 8);
    }
    return value;
  }

  /** @throws unless everything was read. */
  end(): void {
    if (!this.done) this.fail("trailing bytes");
  }

  fail(why: string): never {
    throw new AttestationError(this.#code, why);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    return byte === undefined ? this.fail("truncated") : byte;
  }

  /** Section 10.1: the shortest form. Two bytes are enough for everything that our limits let in. */
  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const length =
      first === 0x81 ? this.#byte() : first === 0x82 ? this.#byte() * 256 + this.#byte() : this.fail("length");
    if (length < (first === 0x81 ? 0x80 : 0x100)) this.fail("a length that could be shorter");
    return length;
  }
}
