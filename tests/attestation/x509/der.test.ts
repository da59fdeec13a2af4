/** DER has one spelling for each thing; every other spelling is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DerReader, tags } from "#attestation/x509/der.ts";
import { bits, element, integer, namedBits, octets, sequence, small } from "#enclave/platform/development/der.ts";

const reader = (hex: string) =>
  new DerReader(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")), "certificate-malformed");
const of = (bytes: Uint8Array) => new DerReader(bytes, "certificate-malformed");
const malformed = expect.objectContaining({ name: "AttestationError", code: "certificate-malformed" });

test("what is written is read", () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff_ffff),
      fc.uint8Array({ maxLength: 700 }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 255 }),
      (number, bytes, big, flags) => {
        const read = of(sequence(small(number), octets(bytes), integer(big), bits(bytes), namedBits(flags))).inside(
          tags.sequence,
        );
        expect(read.small()).toBe(number);
        expect(read.contents(tags.octetString)).toEqual(bytes);
        expect(Buffer.from(read.unsigned()).toString("hex")).toBe(
          Buffer.from(big)
            .toString("hex")
            .replace(/^(00)+/, ""),
        );
        expect(read.bits()).toEqual(bytes);
        expect(read.namedBits()).toBe(flags);
        expect(read.done).toBe(true);
      },
    ),
    { seed: 10, numRuns: 300 },
  );
});

test.for([
  ["a length in two bytes that fits one", "04 81 01 00"],
  ["a length in three bytes that fits two", `04 82 00 80 ${"00".repeat(128)}`],
  ["an indefinite length", "30 80 00 00"],
  ["a length of three bytes", `04 83 00 01 00 ${"00".repeat(256)}`],
  ["fewer bytes than the length says", "04 02 00"],
  ["no length", "04"],
  ["nothing", ""],
] as const)("refused: %s", ([, hex]) => {
  expect(() => reader(hex).element(hex.startsWith("30") ? tags.sequence : tags.octetString)).toThrow(malformed);
});

test.for([
  ["a negative integer", "02 01 80"],
  ["an empty integer", "02 00"],
  ["an integer with a needless zero", "02 02 00 7f"],
  ["another tag", "04 01 01"],
] as const)("refused as an integer: %s", ([, hex]) => {
  expect(() => reader(hex).unsigned()).toThrow(malformed);
});

test.for([
  ["false, which is the default", "01 01 00"],
  ["true by another byte", "01 01 01"],
  ["two bytes", "01 02 ff ff"],
] as const)("refused as a boolean: %s", ([, hex]) => {
  expect(() => reader(hex).optionalTrue()).toThrow(malformed);
});

test.for([
  ["unused bits that are set", "03 02 01 01"],
  ["trailing zeros", "03 02 00 80"],
  ["no bits", "03 01 00"],
  ["nine unused bits", "03 02 09 00"],
  ["more bits than have names", "03 04 00 80 80 01"],
] as const)("refused as named bits: %s", ([, hex]) => {
  expect(() => reader(hex).namedBits()).toThrow(malformed);
});

test("a number beyond four bytes is refused where a small one is due", () => {
  expect(reader("02 05 00 ff ff ff ff").small()).toBe(0xffff_ffff);
  expect(() => reader("02 05 01 00 00 00 00").small()).toThrow(malformed);
});

test.for(["03 02 01 80", "03 00"])("a bit string that is not whole bytes is refused: %s", (hex) => {
  expect(() => reader(hex).bits()).toThrow(malformed);
});

test("the ninth named bit has its place", () => {
  expect(reader("03 03 07 00 80").namedBits()).toBe(1 << 8);
});

test("bytes left over are refused", () => {
  const read = of(element(tags.sequence, small(1), small(2))).inside(tags.sequence);
  read.small();
  expect(() => read.end()).toThrow(malformed);
});
