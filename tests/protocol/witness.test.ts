/** The bytes of a witness, as clients read them: the number of records they compare, and nothing that is not a witness. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import { decodeWitness, encodeStatement, witnessLength, type Witness } from "#protocol/witness.ts";
import { bytesOf, hash } from "./support/arbitraries.ts";
import { refusalOf } from "./support/refusal.ts";

const witness: fc.Arbitrary<Witness> = fc.record({
  term: fc.nat({ max: 2 ** 32 - 1 }),
  index: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  head: hash,
});

test("a witness comes out as it went in, whatever its mac", () => {
  fc.assert(
    fc.property(witness, bytesOf(32), (said, mac) => {
      const bytes = concatBytes(encodeStatement(said), mac);
      expect(bytes).toHaveLength(witnessLength);
      expect(decodeWitness(bytes)).toEqual(said);
    }),
  );
});

test("any bytes are a witness or refused", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), bytesOf(witnessLength)), (bytes) => {
      expect([undefined, "malformed"]).toContain(refusalOf(() => void decodeWitness(bytes)));
    }),
  );
});

test.for<[string, Uint8Array]>([
  ["of nothing", encodeStatement({ term: 1, index: 0, head: new Uint8Array(32) })],
  ["of more records than can be counted", encodeStatement({ term: 1, index: 2 ** 60, head: new Uint8Array(32) })],
])("a witness %s is refused", ([, statement]) => {
  expect(refusalOf(() => void decodeWitness(concatBytes(statement, new Uint8Array(32))))).toBe("malformed");
});

test.for([0, 44, witnessLength - 1, witnessLength + 1])("a witness of %d bytes is refused", (length) => {
  expect(refusalOf(() => void decodeWitness(new Uint8Array(length).fill(1)))).toBe("malformed");
});
