import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeystreamRandom } from "#contract/random.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import vectors from "../../vectors/random.json" with { type: "json" };

const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** The same stream from OpenSSL. Its IV is the block counter and the nonce. */
const keystream = (key: Uint8Array, length: number): Buffer =>
  createCipheriv("chacha20", key, Buffer.alloc(16)).update(Buffer.alloc(length));

test.for(vectors.keystream)("the stream is that of RFC 8439: $source", ({ key, skip, bytes }) => {
  const random = new KeystreamRandom(hexToBytes(key));
  random.bytes(skip);
  expect(bytesToHex(random.bytes(bytes.length / 2))).toBe(bytes);
});

test.for(vectors.draws)("draws are the same for ever: $draw", ({ key, draw, results }) => {
  const random = new KeystreamRandom(hexToBytes(key));
  const deck = Array.from({ length: 10 }, (_, i) => i);
  const next: Record<string, () => unknown> = {
    "below 6": () => random.below(6),
    "below 3221225472": () => random.below(3_221_225_472),
    unit: () => random.unit(),
    "bytes 3": () => bytesToHex(random.bytes(3)),
    "shuffle 10": () => random.shuffle(deck),
  };
  expect(results.map(() => next[draw]!())).toEqual(results);
});

test("the stream is OpenSSL's, however it is drawn", () => {
  fc.assert(
    fc.property(anyKey, fc.array(fc.nat(200), { maxLength: 8 }), (key, lengths) => {
      const random = new KeystreamRandom(key);
      const drawn = Buffer.concat(lengths.map((length) => random.bytes(length)));
      expect(drawn).toEqual(keystream(key, drawn.length));
      expect(random.position).toBe(drawn.length);
    }),
  );
});

test("below takes the first word under the largest multiple, so that no number is likelier", () => {
  fc.assert(
    fc.property(anyKey, fc.oneof(fc.integer({ min: 1, max: 2 ** 32 }), fc.constant(2 ** 31 + 1)), (key, below) => {
      const random = new KeystreamRandom(key);
      const stream = keystream(key, 4 * 64);
      const fair = Math.floor(2 ** 32 / below) * below;
      const words = Array.from({ length: 64 }, (_, i) => stream.readUInt32LE(4 * i)).filter((word) => word < fair);
      for (const word of words.slice(0, 4)) expect(random.below(below)).toBe(word % below);
    }),
  );
});

test("a unit is at least 0 and less than 1, and a shuffle keeps every item", () => {
  fc.assert(
    fc.property(anyKey, fc.array(fc.nat(9)), (key, items) => {
      const random = new KeystreamRandom(key);
      const unit = random.unit();
      expect(unit >= 0 && unit < 1).toBe(true);
      const kept = items.slice();
      const shuffled = random.shuffle(items);
      expect(items).toEqual(kept);
      const byValue = (a: number, b: number): number => a - b;
      expect(shuffled.toSorted(byValue)).toEqual(kept.toSorted(byValue));
    }),
  );
});

test("a position set back draws the same again", () => {
  const random = new KeystreamRandom(new Uint8Array(32));
  random.bytes(100);
  const { position } = random;
  const first = random.bytes(100);
  random.position = position;
  expect(random.bytes(100)).toEqual(first);
});

test.for([
  ["a short key", () => new KeystreamRandom(new Uint8Array(31))],
  ["below zero", () => new KeystreamRandom(new Uint8Array(32)).below(0)],
  ["below a half", () => new KeystreamRandom(new Uint8Array(32)).below(1.5)],
  ["below more than a word", () => new KeystreamRandom(new Uint8Array(32)).below(2 ** 32 + 1)],
  ["minus one bytes", () => new KeystreamRandom(new Uint8Array(32)).bytes(-1)],
  ["a flood of bytes", () => new KeystreamRandom(new Uint8Array(32)).bytes(65_537)],
] as const)("%s is no draw", ([, draw]) => {
  expect(draw).toThrow(RangeError);
});
