/** A slice of every deep check, always the same one. */
import { expect, test } from "vitest";
import { checks } from "./checks.ts";

const seed = 20_261_125;

/** The others have their slices in another stage. */
const sliced = checks.filter(({ slice }) => slice > 0);

test.for(sliced)("$name holds for $slice $unit", async (check) => {
  const { count } = await check.run({ seed, count: check.slice });
  expect(count).toBeGreaterThanOrEqual(check.slice);
});
