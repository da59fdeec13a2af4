/** What must be kept while a store comes and goes. */
import { expect, test } from "vitest";
import { StoreError } from "#protocol/store.ts";
import { stored } from "#enclave/stored.ts";

const away = (): never => {
  throw new StoreError("store-failed", "away");
};

test("what a store does not take is tried again, ever less often, until it does", async () => {
  const waits: number[] = [];
  let attempts = 0;
  const work = async (): Promise<string> => ((attempts += 1) < 9 ? away() : "kept");
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  expect(await stored(work, () => true, wait)).toBe("kept");
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test("what nobody wants any more is not tried again", async () => {
  let wanted = true;
  const wait = async (): Promise<void> => void (wanted = false);
  expect(
    await stored(
      async () => away(),
      () => wanted,
      wait,
    ),
  ).toBeUndefined();
});

test("another error is not waited out", async () => {
  const bug = new TypeError("ours");
  await expect(
    stored(
      () => Promise.reject(bug),
      () => true,
      away,
    ),
  ).rejects.toBe(bug);
});
