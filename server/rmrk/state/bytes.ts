/** Writing and reading a snapshot's bytes: numbers in as few bytes as they need, text behind its length, all of it bounded. */
import { bytesToHex, concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { asciiOf } from "../ascii.ts";
import { RmrkError } from "../errors.ts";

const chunkLength = 64 * 1024;
const wordLengthMax = 10;

/** Collects chunks, so that a state of a million NFTs is never in memory twice. */
export class Writer {
  readonly #give: (chunk: Uint8Array) => void;
  #chunk = new Uint8Array(chunkLength);
  #length = 0;
  /** Words that were written before, by their place. */
  readonly #words = new Map<string, number>();

  constructor(give: (chunk: Uint8Array) => void) {
    this.#give = give;
  }

  /** A whole number from 0 to 2⁵³−1 (LEB128). */
  number(value: number): void {
    this.#reserve(wordLengthMax);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#chunk[this.#length++] = (rest % 0x80) | 0x80;
    this.#chunk[this.#length++] = rest;
  }

  flag(value: boolean): void {
    this.number(value ? 1 : 0);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    if (bytes.length > chunkLength) {
      this.#flush();
      this.#give(bytes);
      return;
    }
    this.#chunk.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(text: string): void {
    const bytes = utf8ToBytes(text);
    this.number(bytes.length);
    this.bytes(bytes);
  }

  /** Text that comes again and again: the second time a number. */
  word(text: string): void {
    const seen = this.#words.get(text);
    this.number(seen ?? this.#words.size);
    if (seen !== undefined) return;
    this.#words.set(text, this.#words.size);
    this.text(text);
  }

  optional<T>(value: T | undefined, write: (value: T) => void): void {
    this.flag(value !== undefined);
    if (value !== undefined) write(value);
  }

  end(): void {
    this.#flush();
  }

  #reserve(length: number): void {
    if (this.#length + length > chunkLength) this.#flush();
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#give(this.#chunk.subarray(0, this.#length));
    this.#chunk = new Uint8Array(chunkLength);
    this.#length = 0;
  }
}

/** The other way. @throws RmrkError "snapshot-malformed" wherever bytes are not what a `Writer` writes. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  readonly #words = new Set<string>();
  readonly #wordList: string[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(max = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 49) throw malformed("number");
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      // One spelling: no zeros in front.
      if ((byte === 0 && scale > 1) || value > max) throw malformed("number");
      return value;
    }
  }

  flag(): boolean {
    return this.number(1) === 1;
  }

  /** How many of something follow: never more than there are bytes, as each takes one. */
  count(max = Number.MAX_SAFE_INTEGER): number {
    return this.number(Math.min(max, this.#bytes.length - this.#at));
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw malformed("length");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const bytes = this.bytes(this.count());
    const ascii = asciiOf(bytes, 0, 0x7f);
    if (ascii !== undefined) return ascii;
    try {
      // Percent-encoded, it is decoded by what every engine has.
      return decodeURIComponent(`%${bytesToHex(bytes).match(/../g)!.join("%")}`);
    } catch {
      throw malformed("text");
    }
  }

  word(): string {
    const index = this.number(this.#wordList.length);
    if (index < this.#wordList.length) return this.#wordList[index]!;
    const word = this.text();
    if (this.#words.has(word)) throw malformed("a word written twice");
    this.#words.add(word);
    this.#wordList.push(word);
    return word;
  }

  optional<T>(read: () => T): T | undefined {
    return this.flag() ? read() : undefined;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed("bytes behind the end");
  }
}

export const malformed = (detail: string): RmrkError => new RmrkError("snapshot-malformed", detail);

/** All that was written, in one piece. */
export function written(write: (writer: Writer) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = new Writer((chunk) => chunks.push(chunk));
  write(writer);
  writer.end();
  return concatBytes(...chunks);
}
