/** The types that a runtime's description names: what `scale-info` calls a portable registry. */
import { metadataItemsMax } from "../proof/limits.ts";
import type { ScaleReader } from "../proof/scale.ts";

export interface Field {
  readonly name: string | undefined;
  readonly type: number;
}

export interface Variant {
  readonly name: string;
  readonly fields: readonly Field[];
}

export type TypeForm =
  | { readonly form: "composite"; readonly fields: readonly Field[] }
  /** By the byte that stands for it. */
  | { readonly form: "variant"; readonly variants: ReadonlyMap<number, Variant> }
  | { readonly form: "sequence"; readonly type: number }
  | { readonly form: "array"; readonly length: number; readonly type: number }
  | { readonly form: "tuple"; readonly types: readonly number[] }
  | { readonly form: "primitive"; readonly primitive: Primitive }
  | { readonly form: "compact"; readonly type: number }
  | { readonly form: "bits"; readonly store: number };

export interface Type {
  /** Without its namespace: "AccountId32". */
  readonly name: string | undefined;
  readonly parameters: ReadonlyMap<string, number | undefined>;
  readonly form: TypeForm;
}

export type Types = readonly Type[];

const primitives = [
  "bool",
  "char",
  "str",
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "u256",
  "i8",
  "i16",
  "i32",
  "i64",
  "i128",
  "i256",
] as const;
export type Primitive = (typeof primitives)[number];

const list = <T>(reader: ScaleReader, item: () => T): T[] => reader.vector(metadataItemsMax, item);

export const readText = (reader: ScaleReader): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(reader.prefixed());
  } catch {
    throw reader.fail("text");
  }
};

export const readTexts = (reader: ScaleReader): string[] => list(reader, () => readText(reader));

export function readOption<T>(reader: ScaleReader, some: () => T): T | undefined {
  const tag = reader.u8();
  if (tag > 1) throw reader.fail("an option");
  return tag === 1 ? some() : undefined;
}

/** Each at the place that is its id. @throws what the reader throws. */
export function readTypes(reader: ScaleReader): Types {
  let next = 0;
  const types = list(reader, () => {
    if (reader.compact() !== next++) throw reader.fail("a type at another place");
    return readType(reader);
  });
  for (const { form } of types) {
    if (referredTo(form).some((id) => id >= types.length)) throw reader.fail("a type that is not there");
  }
  return types;
}

function readType(reader: ScaleReader): Type {
  const name = readTexts(reader).at(-1);
  const parameters = new Map(
    list(reader, () => [readText(reader), readOption(reader, () => reader.compact())] as const),
  );
  const form = readForm(reader);
  readTexts(reader);
  return { name, parameters, form };
}

function readForm(reader: ScaleReader): TypeForm {
  const kind = reader.u8();
  switch (kind) {
    case 0:
      return { form: "composite", fields: readFields(reader) };
    case 1:
      return { form: "variant", variants: readVariants(reader) };
    case 2:
      return { form: "sequence", type: reader.compact() };
    case 3:
      return { form: "array", length: reader.u32(), type: reader.compact() };
    case 4:
      return { form: "tuple", types: list(reader, () => reader.compact()) };
    case 5: {
      const primitive = primitives[reader.u8()];
      if (primitive === undefined) throw reader.fail("a primitive");
      return { form: "primitive", primitive };
    }
    case 6:
      return { form: "compact", type: reader.compact() };
    case 7: {
      const store = reader.compact();
      reader.compact();
      return { form: "bits", store };
    }
    default:
      throw reader.fail(`a type of kind ${kind}`);
  }
}

const readFields = (reader: ScaleReader): Field[] =>
  list(reader, () => {
    const name = readOption(reader, () => readText(reader));
    const type = reader.compact();
    readOption(reader, () => readText(reader));
    readTexts(reader);
    return { name, type };
  });

function readVariants(reader: ScaleReader): ReadonlyMap<number, Variant> {
  const variants = new Map<number, Variant>();
  list(reader, () => {
    const name = readText(reader);
    const fields = readFields(reader);
    const index = reader.u8();
    readTexts(reader);
    if (variants.has(index)) throw reader.fail("two variants of one number");
    variants.set(index, { name, fields });
  });
  return variants;
}

function referredTo(form: TypeForm): readonly number[] {
  switch (form.form) {
    case "composite":
      return form.fields.map(({ type }) => type);
    case "variant":
      return Array.from(form.variants.values()).flatMap(({ fields }) => fields.map(({ type }) => type));
    case "tuple":
      return form.types;
    case "primitive":
      return [];
    case "bits":
      return [form.store];
    default:
      return [form.type];
  }
}
