/** Whatever is tried to gain an item that was not earned, fails; each attempt for its own reason. On both ledgers. */
import { beforeAll, describe, expect, test } from "vitest";
import { spec } from "../ledger/nfts/hub.ts";
import { attempts } from "./adversary/attempts.ts";
import { campaign, type Campaign, type Met } from "./adversary/campaign.ts";
import { hasHub, nftsAttempts, nftsCampaign } from "./adversary/nfts/attempts.ts";

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

describe.skipIf(!hasHub)(`nothing is gained of items of pallet-nfts, on ${spec}, when`, () => {
  const met: Met = new Map();
  let done: Campaign;
  beforeAll(async () => {
    done = await nftsCampaign(seed, met, { count: 160, patient: true });
  }, 60_000);

  test("all of it is tried at once", () => {
    expect(done.made).toBeGreaterThanOrEqual(nftsAttempts.length);
    expect(done.items).toBeGreaterThan(3);
  });

  test.for(nftsAttempts)("$name", ({ name, codes }) => {
    const found = codes.filter((code) => met.has(`${name}: ${code}`));
    expect(found).not.toEqual([]);
  });
});

test("the attempts have names of their own", () => {
  const names = [...attempts, ...nftsAttempts].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
