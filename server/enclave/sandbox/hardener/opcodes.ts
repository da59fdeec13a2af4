/**
 * The instructions a module may use (specification 5.4): how each is written, what it takes from the stack and leaves.
 *
 * One number for each: a one-byte opcode is itself, number n behind the prefix 0xfc is 0x100 + n, behind 0xfd
 * 0x200 + n. What has no entry here is refused.
 */

export const prefixes = { bulk: 0xfc, vector: 0xfd, threads: 0xfe, garbageCollection: 0xfb } as const;
export const bulkBase = 0x100;
export const vectorBase = 0x200;
export const opcodesEnd = 0x300;

/** What follows an opcode. The first index or constant of it is the instruction's operand. */
export const immediates = {
  unknown: 0,
  none: 1,
  blockType: 2,
  label: 3,
  labelTable: 4,
  /** One index: of a local, global, function or table. */
  index: 5,
  /** Type, then table. */
  indirectCall: 6,
  typeVector: 7,
  referenceType: 8,
  memoryArgument: 9,
  memoryArgumentAndLane: 10,
  lane: 11,
  /** The one memory, as a zero. */
  memory: 12,
  memoryPair: 13,
  segmentAndMemory: 14,
  s32: 15,
  s64: 16,
  bytes4: 17,
  bytes8: 18,
  bytes16: 19,
} as const;
type Immediate = (typeof immediates)[keyof typeof immediates];

/** Those that some rule names. */
export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  f32Store: 0x38,
  f64Store: 0x39,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i32Eq: 0x46,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32Or: 0x72,
  i32ShrU: 0x76,
  f32Copysign: 0x98,
  f64Copysign: 0xa6,
  i32ReinterpretF32: 0xbc,
  i64ReinterpretF64: 0xbd,
  refNull: 0xd0,
  refFunc: 0xd2,
  memoryInit: bulkBase + 8,
  memoryCopy: bulkBase + 10,
  memoryFill: bulkBase + 11,
  v128Const: vectorBase + 12,
  f32x4Splat: vectorBase + 19,
  f64x2Splat: vectorBase + 20,
  f32x4ReplaceLane: vectorBase + 32,
  f64x2ReplaceLane: vectorBase + 34,
  f32x4Eq: vectorBase + 65,
  f64x2Eq: vectorBase + 71,
  v128Bitselect: vectorBase + 82,
} as const;

/** Index is the opcode. `pops` and `pushes` count values; blocks, branches and calls are counted by their types. */
export const immediateOf = new Uint8Array(opcodesEnd);
export const pops = new Uint8Array(opcodesEnd);
export const pushes = new Uint8Array(opcodesEnd);

function row(from: number, to: number, immediate: Immediate, taken: number, left: number): void {
  immediateOf.fill(immediate, from, to + 1);
  pops.fill(taken, from, to + 1);
  pushes.fill(left, from, to + 1);
}

const { none, index, memoryArgument, memoryArgumentAndLane, lane } = immediates;

// 5.4.1 Control. What a block, branch or call takes and leaves beyond its condition depends on its type.
row(0x00, 0x01, none, 0, 0); // unreachable nop
row(0x02, 0x03, immediates.blockType, 0, 0); // block loop
row(0x04, 0x04, immediates.blockType, 1, 0); // if
row(0x05, 0x05, none, 0, 0); // else
row(0x0b, 0x0b, none, 0, 0); // end
row(0x0c, 0x0c, immediates.label, 0, 0); // br
row(0x0d, 0x0d, immediates.label, 1, 0); // br_if
row(0x0e, 0x0e, immediates.labelTable, 1, 0); // br_table
row(0x0f, 0x0f, none, 0, 0); // return
row(0x10, 0x10, index, 0, 0); // call
row(0x11, 0x11, immediates.indirectCall, 1, 0); // call_indirect

// 5.4.2 References
row(0xd0, 0xd0, immediates.referenceType, 0, 1); // ref.null
row(0xd1, 0xd1, none, 1, 1); // ref.is_null
row(0xd2, 0xd2, index, 0, 1); // ref.func

// 5.4.3 Parametric
row(0x1a, 0x1a, none, 1, 0); // drop
row(0x1b, 0x1b, none, 3, 1); // select
row(0x1c, 0x1c, immediates.typeVector, 3, 1); // select t

// 5.4.4 Variables
row(0x20, 0x20, index, 0, 1); // local.get
row(0x21, 0x21, index, 1, 0); // local.set
row(0x22, 0x22, index, 1, 1); // local.tee
row(0x23, 0x23, index, 0, 1); // global.get
row(0x24, 0x24, index, 1, 0); // global.set

// 5.4.5 Tables. Without those that change one: see `refusedOpcode`.
row(0x25, 0x25, index, 1, 1); // table.get
row(bulkBase + 16, bulkBase + 16, index, 0, 1); // table.size

// 5.4.6 Memory
row(0x28, 0x35, memoryArgument, 1, 1); // loads
row(0x36, 0x3e, memoryArgument, 2, 0); // stores
row(0x3f, 0x3f, immediates.memory, 0, 1); // memory.size
row(0x40, 0x40, immediates.memory, 1, 1); // memory.grow
row(bulkBase + 8, bulkBase + 8, immediates.segmentAndMemory, 3, 0); // memory.init
row(bulkBase + 10, bulkBase + 10, immediates.memoryPair, 3, 0); // memory.copy
row(bulkBase + 11, bulkBase + 11, immediates.memory, 3, 0); // memory.fill

// 5.4.7 Numbers
row(0x41, 0x41, immediates.s32, 0, 1); // i32.const
row(0x42, 0x42, immediates.s64, 0, 1); // i64.const
row(0x43, 0x43, immediates.bytes4, 0, 1); // f32.const
row(0x44, 0x44, immediates.bytes8, 0, 1); // f64.const
row(0x45, 0x45, none, 1, 1); // i32.eqz
row(0x46, 0x4f, none, 2, 1); // i32 comparisons
row(0x50, 0x50, none, 1, 1); // i64.eqz
row(0x51, 0x66, none, 2, 1); // i64, f32, f64 comparisons
row(0x67, 0x69, none, 1, 1); // i32.clz ctz popcnt
row(0x6a, 0x78, none, 2, 1); // i32.add … rotr
row(0x79, 0x7b, none, 1, 1); // i64.clz ctz popcnt
row(0x7c, 0x8a, none, 2, 1); // i64.add … rotr
row(0x8b, 0x91, none, 1, 1); // f32.abs … sqrt
row(0x92, 0x98, none, 2, 1); // f32.add … copysign
row(0x99, 0x9f, none, 1, 1); // f64.abs … sqrt
row(0xa0, 0xa6, none, 2, 1); // f64.add … copysign
row(0xa7, 0xbf, none, 1, 1); // conversions
row(0xc0, 0xc4, none, 1, 1); // sign extensions
row(bulkBase + 0, bulkBase + 7, none, 1, 1); // saturating truncations

// 5.4.8 Vectors
const vector = (from: number, to: number, immediate: Immediate, taken: number, left: number): void =>
  row(vectorBase + from, vectorBase + to, immediate, taken, left);
const unary = (from: number, to = from): void => vector(from, to, none, 1, 1);
const binary = (from: number, to = from): void => vector(from, to, none, 2, 1);

vector(0, 10, memoryArgument, 1, 1); // v128.load … load64_splat
vector(11, 11, memoryArgument, 2, 0); // v128.store
vector(12, 12, immediates.bytes16, 0, 1); // v128.const
vector(13, 13, immediates.bytes16, 2, 1); // i8x16.shuffle
binary(14); // i8x16.swizzle
unary(15, 20); // splats
vector(21, 22, lane, 1, 1); // i8x16.extract_lane_s _u
vector(23, 23, lane, 2, 1); // i8x16.replace_lane
vector(24, 25, lane, 1, 1); // i16x8.extract_lane_s _u
for (const shape of [26, 28, 30, 32, 34]) vector(shape, shape, lane, 2, 1); // replace_lane
for (const shape of [27, 29, 31, 33]) vector(shape, shape, lane, 1, 1); // extract_lane
binary(35, 76); // comparisons, but those of i64x2
unary(77); // v128.not
binary(78, 81); // v128.and andnot or xor
vector(82, 82, none, 3, 1); // v128.bitselect
unary(83); // v128.any_true
vector(84, 87, memoryArgumentAndLane, 2, 1); // v128.load_lane
vector(88, 91, memoryArgumentAndLane, 2, 0); // v128.store_lane
vector(92, 93, memoryArgument, 1, 1); // v128.load32_zero load64_zero
unary(94, 95); // f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
unary(96, 100); // i8x16.abs neg popcnt all_true bitmask
binary(101, 102); // i8x16.narrow_i16x8
unary(103, 106); // f32x4.ceil floor trunc nearest
binary(107, 115); // i8x16.shl … sub_sat_u
unary(116, 117); // f64x2.ceil floor
binary(118, 121); // i8x16.min_s … max_u
unary(122); // f64x2.trunc
binary(123); // i8x16.avgr_u
unary(124, 129); // extadd_pairwise, i16x8.abs neg
binary(130); // i16x8.q15mulr_sat_s
unary(131, 132); // i16x8.all_true bitmask
binary(133, 134); // i16x8.narrow_i32x4
unary(135, 138); // i16x8.extend
binary(139, 147); // i16x8.shl … sub_sat_u
unary(148); // f64x2.nearest
binary(149, 153); // i16x8.mul … max_u
binary(155, 159); // i16x8.avgr_u extmul
unary(160, 161); // i32x4.abs neg
unary(163, 164); // i32x4.all_true bitmask
unary(167, 170); // i32x4.extend
binary(171, 174); // i32x4.shl … add
binary(177); // i32x4.sub
binary(181, 186); // i32x4.mul … dot_i16x8_s
binary(188, 191); // i32x4.extmul
unary(192, 193); // i64x2.abs neg
unary(195, 196); // i64x2.all_true bitmask
unary(199, 202); // i64x2.extend
binary(203, 206); // i64x2.shl … add
binary(209); // i64x2.sub
binary(213, 223); // i64x2.mul eq … extmul
unary(224, 225); // f32x4.abs neg
unary(227); // f32x4.sqrt
binary(228, 235); // f32x4.add … pmax
unary(236, 237); // f64x2.abs neg
unary(239); // f64x2.sqrt
binary(240, 247); // f64x2.add … pmax
unary(248, 255); // conversions
