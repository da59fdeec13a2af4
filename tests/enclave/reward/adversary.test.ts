/** Whatever is tried to gain an item that was not earned, fails; each attempt for its own reason. */
import { beforeAll, describe, expect, test } from "vitest";
import { attempts } from "./adversary/attempts.ts";
import { campaign, type Campaign, type Met } from "./adversary/campaign.ts";

/** A seed in which every attempt has its turn. */
const seed = 1;

describe("nothing is gained when", () => {
  const met: Met = new Map();
  let done: Campaign;
  beforeAll(async () => {
    done = await campaign(seed, met, { count: 300, patient: true });
  }, 60_000);

  test("all of it is tried at once", () => {
    expect(done.made).toBeGreaterThanOrEqual(300);
    expect(done.items).toBeGreaterThan(3);
  });

  test.for(attempts)("$name", ({ name, codes }) => {
    const found = codes.filter((code) => met.has(`${name}: ${code}`));
    expect(found).not.toEqual([]);
  });
});

test("the attempts have names of their own", () => {
  expect(new Set(attempts.map(({ name }) => name)).size).toBe(attempts.length);
});
