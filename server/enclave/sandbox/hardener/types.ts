/** Types as the binary format writes them (specification 5.3). */
import { demand } from "./errors.ts";
import { malformed, type Reader } from "./reader.ts";
import { parametersMax, resultsMax } from "./limits.ts";

/** 5.3.1 to 5.3.4. */
export const types = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
} as const;
export type ValueType = (typeof types)[keyof typeof types];

/** 5.3.6, in front of parameters and results. */
export const functionTypeForm = 0x60;

/** 5.4.1: a block without parameters and results. */
export const emptyBlock = 0x40;

const valueTypes: ReadonlySet<number> = new Set(Object.values(types));

/** Forms of the garbage collection and typed references proposals: 3.0, sections 5.3.3 to 5.3.10; below 0x40, an index. */
const isGarbageCollected = (form: number): boolean =>
  form < emptyBlock || (form >= 0x4e && form <= 0x74 && form !== functionTypeForm && !valueTypes.has(form));

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export const isValueType = (byte: number): byte is ValueType => valueTypes.has(byte);

/** @throws HardenError "garbage-collection-refused" or "type-refused". */
export function readValueType(reader: Reader): ValueType {
  const byte = reader.byte();
  if (isValueType(byte)) return byte;
  demand(!isGarbageCollected(byte), "garbage-collection-refused", `type 0x${byte.toString(16)}`);
  demand(false, "type-refused", `type 0x${byte.toString(16)}`);
}

export const isReference = (type: ValueType): boolean => type === types.funcref || type === types.externref;

export function readReferenceType(reader: Reader): ValueType {
  const type = readValueType(reader);
  demand(isReference(type), "type-refused", `type 0x${type.toString(16)} where a reference is wanted`);
  return type;
}

/** 5.3.6. */
export function readFunctionType(reader: Reader): FunctionType {
  const form = reader.byte();
  demand(!isGarbageCollected(form), "garbage-collection-refused", `a type of form 0x${form.toString(16)}`);
  demand(form === functionTypeForm, "type-refused", `a type of form 0x${form.toString(16)}`);
  return {
    parameters: readResultType(reader, parametersMax, "parameters"),
    results: readResultType(reader, resultsMax, "results"),
  };
}

function readResultType(reader: Reader, max: number, what: string): ValueType[] {
  const count = reader.count();
  demand(count <= max, "too-many", `${count} ${what}, at most ${max}`);
  return Array.from({ length: count }, () => readValueType(reader));
}

export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

/** 5.3.7. The other flags are those of shared, 64-bit and custom-page memories. */
export function readLimits(reader: Reader): Limits {
  const flags = reader.byte();
  demand((flags & 0b0010) === 0, "threads-refused", "a shared memory");
  demand((flags & 0b0100) === 0, "memory64-refused", "64-bit addresses");
  if (flags > 1) throw malformed(`limits with flags 0x${flags.toString(16)}`);
  const min = reader.u32();
  return { min, max: flags === 1 ? reader.u32() : undefined };
}

/** How many units of 8 bytes values of these types take on a stack. */
export function unitsOf(values: readonly ValueType[]): number {
  let units = 0;
  for (const type of values) units += type === types.v128 ? 2 : 1;
  return units;
}
