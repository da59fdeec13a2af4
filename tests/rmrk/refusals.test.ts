/** Every code has a sentence that a player understands, and a test that meets it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refusalCodes } from "#rmrk/errors.ts";

const tests = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".test.ts") && name !== "refusals.test.ts")
  .map((name) => readFileSync(new URL(name, import.meta.url), "utf8"))
  .join("\n");

test.for(Object.entries(refusalCodes))("%s", ([code, sentence]) => {
  expect(tests).toContain(`"${code}"`);
  expect(sentence).toMatch(/^[A-Z].*\.$/);
});
