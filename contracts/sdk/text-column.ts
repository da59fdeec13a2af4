/** A column of texts. QuickJS has no TextEncoder, so the UTF-8 of RFC 3629 is written out here. */

export class TextColumn {
  readonly #bytes: Uint8Array;
  readonly #width: number;

  /** @param bytes `width` of them for each row. */
  constructor(bytes: Uint8Array, width: number) {
    this.#bytes = bytes;
    this.#width = width;
  }

  /** Up to the first zero byte. */
  get(row: number): string {
    const start = this.#startOf(row);
    const end = start + this.#width;
    let out = "";
    for (let at = start; at < end;) {
      const byte = this.#bytes[at++]!;
      if (byte === 0) break;
      if (byte < 0x80) {
        out += String.fromCharCode(byte);
        continue;
      }
      const following = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      let point = byte & (0x3f >> following);
      for (let i = 0; i < following; i++) point = (point << 6) | (this.#bytes[at++]! & 0x3f);
      out += String.fromCodePoint(point);
    }
    return out;
  }

  /** What does not fit is cut off between characters, as is everything from a NUL on. Half a surrogate pair is U+FFFD. */
  set(row: number, text: string): void {
    const start = this.#startOf(row);
    const end = start + this.#width;
    this.#bytes.fill(0, start, end);
    let at = start;
    for (const character of text) {
      let point = character.codePointAt(0)!;
      if (point === 0) break;
      if ((point & 0xffff_f800) === 0xd800) point = 0xfffd;
      const width = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
      if (at + width > end) break;
      this.#write(at, point, width);
      at += width;
    }
  }

  #write(at: number, point: number, width: number): void {
    if (width === 1) {
      this.#bytes[at] = point;
      return;
    }
    for (let i = width - 1; i > 0; i--) {
      this.#bytes[at + i] = 0x80 | (point & 0x3f);
      point >>= 6;
    }
    this.#bytes[at] = ((0xf00 >> width) & 0xff) | point;
  }

  #startOf(row: number): number {
    if (Number.isInteger(row) && row >= 0 && row * this.#width < this.#bytes.length) return row * this.#width;
    throw new RangeError(`row ${row} of a table of ${this.#bytes.length / this.#width}`);
  }
}
