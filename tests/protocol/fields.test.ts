/** Fields come out as they went in, in their order, and nothing is read that is not there. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { FieldReader, FieldWriter } from "#protocol/fields.ts";
import { refusalOf } from "./support/refusal.ts";

type Kind = "u8" | "u16" | "u32" | "count" | "blob" | "word";

const field: fc.Arbitrary<readonly [Kind, number | string | Uint8Array]> = fc.oneof(
  fc.tuple(fc.constant("u8" as const), fc.nat(255)),
  fc.tuple(fc.constant("u16" as const), fc.nat(65_535)),
  fc.tuple(fc.constant("u32" as const), fc.nat(0xffff_ffff)),
  fc.tuple(fc.constant("count" as const), fc.maxSafeInteger().map(Math.abs)),
  fc.tuple(fc.constant("blob" as const), fc.uint8Array({ maxLength: 700 })),
  fc.tuple(fc.constant("word" as const), fc.string({ unit: "grapheme-ascii", maxLength: 255 })),
);

const read = (from: FieldReader, kind: Kind): unknown => (kind === "blob" ? from.blob(700) : from[kind]());

test("any fields", () => {
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const to = new FieldWriter();
      for (const [kind, value] of fields) (to[kind] as (value: unknown) => void).call(to, value);
      const bytes = to.take();
      const from = new FieldReader(bytes);
      for (const [kind, value] of fields) expect(read(from, kind)).toEqual(value);
      from.end();
      expect(refusalOf(() => from.u8())).toBe("malformed");
      const cut = new FieldReader(bytes.subarray(0, -1));
      if (bytes.length > 0) expect(refusalOf(() => fields.map(([kind]) => read(cut, kind)))).toBe("malformed");
    }),
  );
});

test("a number beyond 2⁵³, a field over its limit and what is left over are refused", () => {
  const from = (...bytes: number[]) => new FieldReader(Uint8Array.from(bytes));
  expect(from(255, 255, 255, 255, 255, 255, 31, 0).count()).toBe(Number.MAX_SAFE_INTEGER);
  expect(refusalOf(() => from(0, 0, 0, 0, 0, 0, 32, 0).count())).toBe("malformed");
  expect(refusalOf(() => from(3, 0, 0, 0, 1, 2, 3).blob(2))).toBe("malformed");
  expect(refusalOf(() => from(1).end())).toBe("malformed");
});
