/** What a worker asks a store is, byte for byte, what it was when it was settled. */
import { expect, test } from "vitest";
import { differences } from "./golden.ts";
import golden from "./store-link.json" with { type: "json" };
import { storeLinkCases } from "./store-link-cases.ts";

test("every question, answer and fragment has the bytes of the golden vectors", () => {
  expect(differences(storeLinkCases(), golden)).toEqual([]);
});

test("an append, written down once more by hand", () => {
  const { bytes } = golden.find(({ name }) => name === "append")!;
  const chain = Buffer.from("room-00112233445566778899");
  const run = (first: number, length: number) => Buffer.from(Array.from({ length }, (_, i) => first + i));
  expect(bytes).toBe(
    Buffer.concat([
      Buffer.of(1, 2, 0),
      Buffer.of(chain.length),
      chain,
      run(0, 32),
      run(0x10, 32),
      Buffer.of(5, 0, 0, 0),
      run(0x80, 5),
      Buffer.of(1, 0x61),
      run(0x10, 32),
      run(0x40, 32),
      Buffer.of(0, 0, 0, 0),
    ]).toString("hex"),
  );
});
