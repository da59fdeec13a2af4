/** Marsaglia's xorshift32: the same numbers in both languages, for next to nothing. */
let state: i32 = 1;

export function seed(value: i32): void {
  state = value | 1;
}

/** A number of 31 bits. */
export function draw(): i32 {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state & 0x7fffffff;
}

export function unit(): f64 {
  return f64(draw()) / 2147483648.0;
}

export function drawsHash(hash: i32): i32 {
  return mixed(hash, state);
}

/** FNV-1a, a word at a time. */
export function mixed(hash: i32, word: i32): i32 {
  return i32(Math.imul(hash ^ word, 16777619));
}
