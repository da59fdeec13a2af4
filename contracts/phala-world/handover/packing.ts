/** Numbers, bytes and texts, one behind the other: whoever reads them knows what comes next. */

/** What cannot be handed over, or taken over. Rules of before go on then. */
export class HandoverError extends Error {
  override readonly name = "HandoverError";
}

/** One of a list that both sides know. */
export function oneOf<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new HandoverError("there is no such kind");
  return one;
}

export class Packer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #length = 0;

  /** @param lengthMax bytes. */
  constructor(lengthMax: number) {
    this.#bytes = new Uint8Array(lengthMax);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** All that was put. */
  get packed(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first, all but the last with the eighth bit set. */
  count(value: number): void {
    // Most are short, and a full hub has tens of thousands.
    if ((value & 0x7f) === value) {
      this.#bytes[this.#next(1)] = value;
      return;
    }
    if (!Number.isSafeInteger(value) || value < 0) throw new HandoverError(`${value} is no count`);
    let left = value;
    while (left > 0x7f) {
      this.#bytes[this.#next(1)] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.#bytes[this.#next(1)] = left;
  }

  /** A whole number that may be below 0, nearer than 2^52. */
  whole(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** To the nearest number of 32 bits. */
  real(value: number): void {
    this.#view.setFloat32(this.#next(4), value, true);
  }

  /** As many as whoever reads them asks for. */
  bytes(value: Uint8Array): void {
    this.#bytes.set(value, this.#next(value.length));
  }

  /** UTF-16 units, most of which take a byte. */
  text(value: string): void {
    this.count(value.length);
    for (let i = 0; i < value.length; i++) this.count(value.charCodeAt(i));
  }

  #next(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length)
      throw new HandoverError(`this hub remembers more than the ${this.#bytes.length} bytes that rules can hand over`);
    return at;
  }
}

export class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(packed: Uint8Array) {
    this.#bytes = packed;
    this.#view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  count(): number {
    const first = this.#bytes[this.#next(1)]!;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = this.#bytes[this.#next(1)]!;
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new HandoverError("a count is too large");
      if (byte < 0x80) return value;
    }
  }

  whole(): number {
    const value = this.count();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  real(): number {
    return this.#view.getFloat32(this.#next(4), true);
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#next(length);
    return this.#bytes.slice(at, at + length);
  }

  text(): string {
    let text = "";
    for (let left = this.#fewer(this.count()); left > 0; left--) text += String.fromCharCode(this.count());
    return text;
  }

  /** As many things as were counted, each of which takes a byte at least. */
  list<T>(read: (index: number) => T): T[] {
    const things: T[] = [];
    const count = this.#fewer(this.count());
    for (let i = 0; i < count; i++) things.push(read(i));
    return things;
  }

  #fewer(count: number): number {
    if (count > this.#bytes.length - this.#at) throw new HandoverError("more is counted than there is");
    return count;
  }

  #next(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new HandoverError("it ends too early");
    return at;
  }
}
