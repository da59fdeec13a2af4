import { expect, test } from "vitest";
import vector from "../../vectors/sandbox-image.json" with { type: "json" };
import { sandboxImage } from "../../vectors/sandbox-image.ts";

// If this fails, saved rooms cannot go on. Either something is not deterministic, or what contracts can observe of the
// engine has changed: then count `interfaceVersion` or the hardener's version up, and write the vector anew with
// `node tests/vectors/make-sandbox-image.ts`.
test("an engine of this name makes the same image of a bundle on every machine", async () => {
  expect(await sandboxImage()).toEqual(vector);
});
