/** What looks for growth finds it: a room that keeps what it has sent does not pass. */
import { expect, test } from "vitest";
import { soak } from "./soak.ts";

test("a room that keeps its frames is found to grow", async () => {
  await expect(soak({ seed: 1, count: 200 }, true)).rejects.toThrow(/memory grew by/);
});
