import { chacha20 } from "@noble/ciphers/chacha.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chacha20Block, chacha20Constants } from "#contract/chacha20.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import vectors from "../../vectors/chacha20.json" with { type: "json" };

/** Words of four bytes each, little-endian. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function block(key: Uint8Array, counter: number, nonce: Uint8Array): Uint8Array {
  const state = Int32Array.from([...chacha20Constants, ...wordsOf(key), counter, ...wordsOf(nonce)]);
  const words = new Int32Array(16);
  chacha20Block(state, words);
  const view = new DataView(new ArrayBuffer(64));
  words.forEach((word, i) => view.setInt32(4 * i, word, true));
  return new Uint8Array(view.buffer);
}

test.for(vectors.blocks)("a block is that of RFC 8439: $source", ({ key, counter, nonce, block: expected }) => {
  expect(bytesToHex(block(hexToBytes(key), counter, hexToBytes(nonce)))).toBe(expected);
});

test("a block is that of the library we encrypt with, for every key, counter and nonce", () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), fc.nat(2 ** 32 - 2), bytes(12), (key, counter, nonce) => {
      expect(block(key, counter, nonce)).toEqual(chacha20(key, nonce, new Uint8Array(64), undefined, counter));
    }),
  );
});

test("the state is left as it was, for the block that comes next", () => {
  const state = Int32Array.from({ length: 16 }, (_, i) => i * 0x1234_5679);
  const before = state.slice();
  chacha20Block(state, new Int32Array(16));
  expect(state).toEqual(before);
});
