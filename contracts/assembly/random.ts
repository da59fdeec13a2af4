/**
 * The room's randomness: the ChaCha20 keystream of RFC 8439 under a key the room gives, nonce zero, drawn in order.
 * The same draws as in a TypeScript contract.
 */

const key: usize = memory.data(32, 8);
/** One block of keystream, as it is drawn from. */
const block: usize = memory.data(64, 8);
/** The sixteen words that the rounds work on. */
const words: usize = memory.data(64, 8);

let blockIndex: i64 = -1;
let position: i64 = 0;
let allowed: bool = false;

export class Random {
  /** A whole number from 0 to `below - 1`, without bias. */
  below(below: u32): u32 {
    if (below == 0) throw new Error("random.below takes a whole number from 1 to 2 to the power of 32");
    // Words above the largest multiple would make small numbers likelier.
    const end: u64 = 0x100000000 - (0x100000000 % <u64>below);
    while (true) {
      const word = drawWord();
      if (<u64>word < end) return word % below;
    }
  }

  /** A whole number of 32 bits. */
  word(): u32 {
    return drawWord();
  }

  /** A number from 0 up to but not including 1, in steps of 2⁻³². */
  unit(): f64 {
    return <f64>drawWord() / 4294967296.0;
  }

  bytes(length: i32): Uint8Array {
    if (length < 0 || length > 65536) throw new Error("random.bytes takes a length from 0 to 65536");
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = drawByte();
    return out;
  }

  /** A new array in random order. */
  shuffle<T>(items: T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = out[i];
      out[i] = out[j];
      out[j] = held;
    }
    return out;
  }
}

export const random = new Random();

/** Begins another stream. */
export function rekey(from: usize): void {
  memory.copy(key, from, 32);
  blockIndex = -1;
  position = 0;
}

/** Bytes drawn so far. Set back after a refused move, so that a refusal leaves no trace. */
export function drawn(): i64 {
  return position;
}

export function drawAgainFrom(earlier: i64): void {
  position = earlier;
}

/** While a view is built nothing may be drawn: it must not change the room. */
export function allowDraws(allow: bool): void {
  allowed = allow;
}

/** The next four bytes, little-endian. */
function drawWord(): u32 {
  let word: u32 = 0;
  for (let shift = 0; shift < 32; shift += 8) word |= (<u32>drawByte()) << shift;
  return word;
}

function drawByte(): u8 {
  if (!allowed) throw new Error("random numbers are drawn in rules only, not in view and not before the room is open");
  const index = position >> 6;
  if (index != blockIndex) {
    computeBlock(<u32>index);
    blockIndex = index;
  }
  return load<u8>(block + <usize>(position++ & 63));
}

/** RFC 8439 section 2.3. */
function computeBlock(counter: u32): void {
  setUp(counter);
  for (let round = 0; round < 10; round++) {
    quarterRound(0, 4, 8, 12);
    quarterRound(1, 5, 9, 13);
    quarterRound(2, 6, 10, 14);
    quarterRound(3, 7, 11, 15);
    quarterRound(0, 5, 10, 15);
    quarterRound(1, 6, 11, 12);
    quarterRound(2, 7, 8, 13);
    quarterRound(3, 4, 9, 14);
  }
  memory.copy(block, words, 64);
  setUp(counter);
  for (let i: usize = 0; i < 64; i += 4) store<u32>(block + i, load<u32>(block + i) + load<u32>(words + i));
}

/** "expand 32-byte k", the key, the counter, and the nonce, which is zero. */
function setUp(counter: u32): void {
  store<u32>(words, 0x61707865);
  store<u32>(words, 0x3320646e, 4);
  store<u32>(words, 0x79622d32, 8);
  store<u32>(words, 0x6b206574, 12);
  memory.copy(words + 16, key, 32);
  store<u32>(words, counter, 48);
  memory.fill(words + 52, 0, 12);
}

/** RFC 8439 section 2.1, on four of the words. */
function quarterRound(i: usize, j: usize, k: usize, l: usize): void {
  let a = load<u32>(words + (i << 2));
  let b = load<u32>(words + (j << 2));
  let c = load<u32>(words + (k << 2));
  let d = load<u32>(words + (l << 2));
  a += b;
  d = rotl<u32>(d ^ a, 16);
  c += d;
  b = rotl<u32>(b ^ c, 12);
  a += b;
  d = rotl<u32>(d ^ a, 8);
  c += d;
  b = rotl<u32>(b ^ c, 7);
  store<u32>(words + (i << 2), a);
  store<u32>(words + (j << 2), b);
  store<u32>(words + (k << 2), c);
  store<u32>(words + (l << 2), d);
}
