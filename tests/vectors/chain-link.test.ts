/** What a worker asks a chain is, byte for byte, what it was when it was settled. */
import { expect, test } from "vitest";
import { chainLinkCases } from "./chain-link-cases.ts";
import golden from "./chain-link.json" with { type: "json" };
import { differences } from "./golden.ts";

test("every question and answer has the bytes of the golden vectors", () => {
  expect(differences(chainLinkCases(), golden)).toEqual([]);
});

test("a question for a proof, written down once more by hand", () => {
  const { bytes } = golden.find(({ name }) => name === "4 storage")!;
  const run = (first: number, length: number) => Buffer.from(Array.from({ length }, (_, i) => first + i));
  expect(bytes).toBe(
    Buffer.concat([
      Buffer.of(3),
      run(0x10, 32),
      Buffer.of(2, 0, 0, 0),
      Buffer.of(16, 0, 0, 0),
      run(1, 16),
      Buffer.of(48, 0, 0, 0),
      run(2, 48),
    ]).toString("hex"),
  );
});
