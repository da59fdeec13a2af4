/** The vector instructions of WebAssembly 2.0, section 5.4.8, but `v128.const` and `i8x16.shuffle`. */
import type { Instruction, ValueType } from "./instructions.ts";

/** Lines of: first opcode, shape, names of consecutive opcodes; `-` is an opcode that does not exist. */
function rows(text: string, params: string, result: ValueType | "", more: Partial<Instruction> = {}): Instruction[] {
  return text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [first, shape, ...names] = line.trim().split(" ");
      return names.flatMap((name, i): Instruction[] =>
        name === "-"
          ? []
          : [
              {
                name: `${shape}.${name}`,
                opcode: [0xfd, Number(first) + i],
                params: params.split(" ") as ValueType[],
                results: result === "" ? [] : [result],
                ...more,
              },
            ],
      );
    });
}

export const vector: readonly Instruction[] = [
  ...rows(
    `77 v128 not
     94 f32x4 demote_f64x2_zero
     95 f64x2 promote_low_f32x4
     96 i8x16 abs neg popcnt
     103 f32x4 ceil floor trunc nearest
     116 f64x2 ceil floor
     122 f64x2 trunc
     124 i16x8 extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u
     126 i32x4 extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u
     128 i16x8 abs neg
     135 i16x8 extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u
     148 f64x2 nearest
     160 i32x4 abs neg
     167 i32x4 extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u
     192 i64x2 abs neg
     199 i64x2 extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u
     224 f32x4 abs neg - sqrt
     236 f64x2 abs neg - sqrt
     248 i32x4 trunc_sat_f32x4_s trunc_sat_f32x4_u
     250 f32x4 convert_i32x4_s convert_i32x4_u
     252 i32x4 trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero
     254 f64x2 convert_low_i32x4_s convert_low_i32x4_u`,
    "v128",
    "v128",
  ),
  ...rows(
    `14 i8x16 swizzle
     35 i8x16 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
     45 i16x8 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
     55 i32x4 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
     65 f32x4 eq ne lt gt le ge
     71 f64x2 eq ne lt gt le ge
     78 v128 and andnot or xor
     101 i8x16 narrow_i16x8_s narrow_i16x8_u
     110 i8x16 add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
     118 i8x16 min_s min_u max_s max_u
     123 i8x16 avgr_u
     130 i16x8 q15mulr_sat_s
     133 i16x8 narrow_i32x4_s narrow_i32x4_u
     142 i16x8 add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
     149 i16x8 mul min_s min_u max_s max_u - avgr_u
     156 i16x8 extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u
     174 i32x4 add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s
     188 i32x4 extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u
     206 i64x2 add - - sub - - - mul eq ne lt_s gt_s le_s ge_s
     220 i64x2 extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u
     228 f32x4 add sub mul div min max pmin pmax
     240 f64x2 add sub mul div min max pmin pmax`,
    "v128 v128",
    "v128",
  ),
  ...rows("82 v128 bitselect", "v128 v128 v128", "v128"),
  ...rows(
    `107 i8x16 shl shr_s shr_u
     139 i16x8 shl shr_s shr_u
     171 i32x4 shl shr_s shr_u
     203 i64x2 shl shr_s shr_u`,
    "v128 i32",
    "v128",
  ),
  ...rows(
    `83 v128 any_true
     99 i8x16 all_true bitmask
     131 i16x8 all_true bitmask
     163 i32x4 all_true bitmask
     195 i64x2 all_true bitmask`,
    "v128",
    "i32",
  ),
  ...rows("15 i8x16 splat\n16 i16x8 splat\n17 i32x4 splat", "i32", "v128"),
  ...rows("18 i64x2 splat", "i64", "v128"),
  ...rows("19 f32x4 splat", "f32", "v128"),
  ...rows("20 f64x2 splat", "f64", "v128"),
  ...rows("21 i8x16 extract_lane_s extract_lane_u", "v128", "i32", { lanes: 16 }),
  ...rows("23 i8x16 replace_lane", "v128 i32", "v128", { lanes: 16 }),
  ...rows("24 i16x8 extract_lane_s extract_lane_u", "v128", "i32", { lanes: 8 }),
  ...rows("26 i16x8 replace_lane", "v128 i32", "v128", { lanes: 8 }),
  ...rows("27 i32x4 extract_lane", "v128", "i32", { lanes: 4 }),
  ...rows("28 i32x4 replace_lane", "v128 i32", "v128", { lanes: 4 }),
  ...rows("29 i64x2 extract_lane", "v128", "i64", { lanes: 2 }),
  ...rows("30 i64x2 replace_lane", "v128 i64", "v128", { lanes: 2 }),
  ...rows("31 f32x4 extract_lane", "v128", "f32", { lanes: 4 }),
  ...rows("32 f32x4 replace_lane", "v128 f32", "v128", { lanes: 4 }),
  ...rows("33 f64x2 extract_lane", "v128", "f64", { lanes: 2 }),
  ...rows("34 f64x2 replace_lane", "v128 f64", "v128", { lanes: 2 }),
];

const access = (text: string, memory: number, lanes?: number): Instruction[] => {
  const more = lanes === undefined ? { memory } : { memory, lanes };
  const stores = text.includes("store");
  return rows(text, stores || lanes !== undefined ? "i32 v128" : "i32", stores ? "" : "v128", more);
};

export const vectorMemory: readonly Instruction[] = [
  ...access("0 v128 load", 16),
  ...access("1 v128 load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u", 8),
  ...access("7 v128 load8_splat", 1),
  ...access("8 v128 load16_splat", 2),
  ...access("9 v128 load32_splat", 4),
  ...access("10 v128 load64_splat", 8),
  ...access("11 v128 store", 16),
  ...access("84 v128 load8_lane", 1, 16),
  ...access("85 v128 load16_lane", 2, 8),
  ...access("86 v128 load32_lane", 4, 4),
  ...access("87 v128 load64_lane", 8, 2),
  ...access("88 v128 store8_lane", 1, 16),
  ...access("89 v128 store16_lane", 2, 8),
  ...access("90 v128 store32_lane", 4, 4),
  ...access("91 v128 store64_lane", 8, 2),
  ...access("92 v128 load32_zero", 4),
  ...access("93 v128 load64_zero", 8),
];
