/**
 * The block function of ChaCha20 (RFC 8439, section 2.3), written for an interpreter: no call, no copy, nothing allocated.
 *
 * In the sandbox an ordinary library costs more than twice the fuel.
 */

/** "expand 32-byte k": the words that every state begins with. */
export const chacha20Constants = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574] as const;

/**
 * Computes one block of keystream.
 *
 * @param state sixteen words: `chacha20Constants`, eight of the key, the counter, three of the nonce.
 * @param block sixteen words, each four bytes of the stream, little-endian.
 */
export function chacha20Block(state: Int32Array, block: Int32Array): void {
  // The interpreter looks at every use of a `let` whether it has a value yet.
  /* oxlint-disable no-var */
  var x0 = state[0]!;
  var x1 = state[1]!;
  var x2 = state[2]!;
  var x3 = state[3]!;
  var x4 = state[4]!;
  var x5 = state[5]!;
  var x6 = state[6]!;
  var x7 = state[7]!;
  var x8 = state[8]!;
  var x9 = state[9]!;
  var x10 = state[10]!;
  var x11 = state[11]!;
  var x12 = state[12]!;
  var x13 = state[13]!;
  var x14 = state[14]!;
  var x15 = state[15]!;
  /* oxlint-enable no-var */
  // Each line is one of the four steps of a quarter round (section 2.1): a += b; d ^= a; d <<<= n.
  for (let round = 0; round < 10; round++) {
    x12 = ((x12 ^= x0 = (x0 + x4) | 0) << 16) | (x12 >>> 16);
    x4 = ((x4 ^= x8 = (x8 + x12) | 0) << 12) | (x4 >>> 20);
    x12 = ((x12 ^= x0 = (x0 + x4) | 0) << 8) | (x12 >>> 24);
    x4 = ((x4 ^= x8 = (x8 + x12) | 0) << 7) | (x4 >>> 25);
    x13 = ((x13 ^= x1 = (x1 + x5) | 0) << 16) | (x13 >>> 16);
    x5 = ((x5 ^= x9 = (x9 + x13) | 0) << 12) | (x5 >>> 20);
    x13 = ((x13 ^= x1 = (x1 + x5) | 0) << 8) | (x13 >>> 24);
    x5 = ((x5 ^= x9 = (x9 + x13) | 0) << 7) | (x5 >>> 25);
    x14 = ((x14 ^= x2 = (x2 + x6) | 0) << 16) | (x14 >>> 16);
    x6 = ((x6 ^= x10 = (x10 + x14) | 0) << 12) | (x6 >>> 20);
    x14 = ((x14 ^= x2 = (x2 + x6) | 0) << 8) | (x14 >>> 24);
    x6 = ((x6 ^= x10 = (x10 + x14) | 0) << 7) | (x6 >>> 25);
    x15 = ((x15 ^= x3 = (x3 + x7) | 0) << 16) | (x15 >>> 16);
    x7 = ((x7 ^= x11 = (x11 + x15) | 0) << 12) | (x7 >>> 20);
    x15 = ((x15 ^= x3 = (x3 + x7) | 0) << 8) | (x15 >>> 24);
    x7 = ((x7 ^= x11 = (x11 + x15) | 0) << 7) | (x7 >>> 25);

    x15 = ((x15 ^= x0 = (x0 + x5) | 0) << 16) | (x15 >>> 16);
    x5 = ((x5 ^= x10 = (x10 + x15) | 0) << 12) | (x5 >>> 20);
    x15 = ((x15 ^= x0 = (x0 + x5) | 0) << 8) | (x15 >>> 24);
    x5 = ((x5 ^= x10 = (x10 + x15) | 0) << 7) | (x5 >>> 25);
    x12 = ((x12 ^= x1 = (x1 + x6) | 0) << 16) | (x12 >>> 16);
    x6 = ((x6 ^= x11 = (x11 + x12) | 0) << 12) | (x6 >>> 20);
    x12 = ((x12 ^= x1 = (x1 + x6) | 0) << 8) | (x12 >>> 24);
    x6 = ((x6 ^= x11 = (x11 + x12) | 0) << 7) | (x6 >>> 25);
    x13 = ((x13 ^= x2 = (x2 + x7) | 0) << 16) | (x13 >>> 16);
    x7 = ((x7 ^= x8 = (x8 + x13) | 0) << 12) | (x7 >>> 20);
    x13 = ((x13 ^= x2 = (x2 + x7) | 0) << 8) | (x13 >>> 24);
    x7 = ((x7 ^= x8 = (x8 + x13) | 0) << 7) | (x7 >>> 25);
    x14 = ((x14 ^= x3 = (x3 + x4) | 0) << 16) | (x14 >>> 16);
    x4 = ((x4 ^= x9 = (x9 + x14) | 0) << 12) | (x4 >>> 20);
    x14 = ((x14 ^= x3 = (x3 + x4) | 0) << 8) | (x14 >>> 24);
    x4 = ((x4 ^= x9 = (x9 + x14) | 0) << 7) | (x4 >>> 25);
  }
  block[0] = x0 + state[0]!;
  block[1] = x1 + state[1]!;
  block[2] = x2 + state[2]!;
  block[3] = x3 + state[3]!;
  block[4] = x4 + state[4]!;
  block[5] = x5 + state[5]!;
  block[6] = x6 + state[6]!;
  block[7] = x7 + state[7]!;
  block[8] = x8 + state[8]!;
  block[9] = x9 + state[9]!;
  block[10] = x10 + state[10]!;
  block[11] = x11 + state[11]!;
  block[12] = x12 + state[12]!;
  block[13] = x13 + state[13]!;
  block[14] = x14 + state[14]!;
  block[15] = x15 + state[15]!;
}
