/** Any value of a runtime, read by its type. */
import { bytesToHex } from "#protocol/bytes.ts";
import { itemsMax, valueDepthMax } from "../proof/limits.ts";
import type { ScaleReader } from "../proof/scale.ts";
import type { Metadata } from "./metadata.ts";
import { readText, type Field, type Primitive } from "./types.ts";

/**
 * - bytes and hashes: Uint8Array; numbers of up to 32 bits: number; larger and compact ones: bigint
 * - composites with names: objects; without: lists, or the value itself if there is only one
 * - accounts: 64 hexadecimal digits; addresses: the same, or undefined if they are no accounts
 */
export type Value =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | VariantValue
  | { readonly [name: string]: Value };

export class VariantValue {
  readonly name: string;
  readonly value: Value;

  constructor(name: string, value: Value) {
    this.name = name;
    this.value = value;
  }
}

/** @throws what the reader throws. */
export function readValue({ types }: Metadata, type: number, reader: ScaleReader, depth = 0): Value {
  if (depth > valueDepthMax) throw reader.fail("values too deep");
  const metadata = { types } as Metadata;
  const read = (inner: number): Value => readValue(metadata, inner, reader, depth + 1);
  const { name, form } = types[type]!;
  switch (form.form) {
    case "composite": {
      if (name === "AccountId32") return bytesToHex(reader.take(32));
      const fields = readFields(form.fields, read);
      // The length of a call stands before it where runtimes do not look into it at once.
      return name === "WrapperKeepOpaque" && Array.isArray(fields) ? (fields[1] as Value) : fields;
    }
    case "variant": {
      const index = reader.u8();
      const variant = form.variants.get(index);
      if (variant === undefined) throw reader.fail(`variant ${index} of ${name ?? "a type without a name"}`);
      const value = readFields(variant.fields, read);
      if (name === "MultiAddress") return variant.name === "Id" ? value : undefined;
      return new VariantValue(variant.name, value);
    }
    case "sequence":
      return isByte(types, form.type) ? reader.prefixed() : reader.vector(itemsMax, () => read(form.type));
    case "array":
      if (isByte(types, form.type)) return reader.take(form.length);
      if (form.length > reader.left) throw reader.fail("an array that is too long");
      return Array.from({ length: form.length }, () => read(form.type));
    case "tuple":
      return form.types.length === 1 ? read(form.types[0]!) : form.types.map(read);
    case "primitive":
      return readPrimitive(form.primitive, reader);
    case "compact":
      // Of nothing it is nothing; of what holds a number, the number.
      return isEmpty(types, form.type) ? undefined : reader.compactInteger();
    case "bits":
      return readBits(types, form.store, reader);
  }
}

function readFields(fields: readonly Field[], read: (type: number) => Value): Value {
  if (fields.every(({ name }) => name === undefined)) {
    const values = fields.map(({ type }) => read(type));
    return values.length === 1 ? values[0] : values;
  }
  // Without a prototype: a name is no more than a name.
  const value = Object.create(null) as Record<string, Value>;
  for (const { name, type } of fields) value[camelCase(name ?? "")] = read(type);
  return value;
}

const lengths: { readonly [P in Primitive]?: number } = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  u256: 32,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  i128: 16,
  i256: 32,
};

function readPrimitive(primitive: Primitive, reader: ScaleReader): Value {
  if (primitive === "str") return readText(reader);
  if (primitive === "char") return reader.u32();
  if (primitive === "bool") {
    const value = reader.u8();
    if (value > 1) throw reader.fail("neither true nor false");
    return value === 1;
  }
  const length = lengths[primitive]!;
  const value = reader.integer(length);
  const signed = primitive.startsWith("i") ? BigInt.asIntN(8 * length, value) : value;
  return length <= 4 ? Number(signed) : signed;
}

/** How many, then whole words of them. */
function readBits(types: Metadata["types"], store: number, reader: ScaleReader): Value {
  const form = types[store]!.form;
  const word = form.form === "primitive" ? lengths[form.primitive] : undefined;
  if (word === undefined) throw reader.fail("bits in no words");
  return reader.take(Math.ceil(reader.compact() / (8 * word)) * word);
}

function isByte(types: Metadata["types"], type: number): boolean {
  const form = types[type]!.form;
  return form.form === "primitive" && form.primitive === "u8";
}

const isEmpty = (types: Metadata["types"], type: number): boolean => {
  const form = types[type]!.form;
  return form.form === "tuple" && form.types.length === 0;
};

/** "batch_all" and "as_multi_threshold_1" become "batchAll" and "asMultiThreshold1". */
export const camelCase = (name: string): string =>
  name.replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
