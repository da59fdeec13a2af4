/** A node that lies about a chain is found out, whatever it lies about. */
import { expect, test } from "vitest";
import { lies, world } from "./lies.ts";

test.for(lies)("$name: $code", ({ code, tell }) => {
  expect(() => tell(world())).toThrow(expect.objectContaining({ name: "ProofError", code }));
});

test("no two of these lies have one name, and there are many", () => {
  expect(new Set(lies.map(({ name }) => name)).size).toBe(lies.length);
  expect(lies.length).toBeGreaterThanOrEqual(40);
});
