/** A slice of every deep check, always the same one. */
import { expect, test } from "vitest";
import { checks } from "./checks.ts";

const seed = 20_261_125;

test.for(checks)("$name holds for $slice $unit", async (check) => {
  const { count } = await check.run({ seed, count: check.slice });
  expect(count).toBeGreaterThanOrEqual(check.slice);
});
