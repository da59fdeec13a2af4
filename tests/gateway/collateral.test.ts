/** The vendor's statements on their way through the gateway: unread, bounded, kept for a while. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { collateralAt, CollateralFetcher } from "#gateway/collateral.ts";
import { createPki } from "#enclave/platform/development/pki.ts";
import { collateralPartMax } from "#protocol/limits.ts";
import {
  answersOf,
  collateralOf,
  type CollateralService,
  startCollateralService,
} from "../support/collateral-service.ts";

const answers = answersOf(collateralOf(createPki(new Uint8Array(32).fill(3)), 1_772_366_400));
const wanted = { tee: "tdx", fmspc: "de0c0000dead", ca: "platform" } as const;

let service: CollateralService;

beforeAll(async () => {
  service = await startCollateralService(() => answers);
});
afterAll(() => service.close());
beforeEach(() => {
  service.faults.clear();
  service.asked.length = 0;
});

const fetcher = (now: () => number = () => 0): CollateralFetcher =>
  new CollateralFetcher(collateralAt(service.url), now);

test("four questions are asked, and handed on as they are answered", async () => {
  expect(await fetcher().fetch(wanted)).toEqual(answers);
  expect(service.asked.toSorted()).toEqual([
    "/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
    "/sgx/certification/v4/rootcacrl",
    "/tdx/certification/v4/qe/identity",
    "/tdx/certification/v4/tcb?fmspc=de0c0000dead",
  ]);
});

test("within an hour nothing is asked twice, and afterwards everything", async () => {
  let now = 0;
  const one = fetcher(() => now);
  await Promise.all([one.fetch(wanted), one.fetch(wanted)]);
  expect(service.asked).toHaveLength(4);
  await one.fetch({ ...wanted, ca: "processor" });
  expect(service.asked).toHaveLength(8);
  now = 61 * 60_000;
  await one.fetch(wanted);
  expect(service.asked).toHaveLength(12);
});

test.for([
  ["says that it is out of order", { status: 503 }],
  ["does not know the machine", { status: 404 }],
  ["sends the way elsewhere", { status: 301 }],
  ["says more than it may", { body: new Uint8Array(collateralPartMax + 1) }],
  ["sends a chain that is too long", { chain: "x".repeat(8 * 1024 + 1) }],
] as const)("a service that %s has no statements, and is asked again", async ([, fault]) => {
  const one = fetcher();
  service.faults.set("/tdx/certification/v4/tcb", fault);
  expect(await one.fetch(wanted)).toBeNull();
  service.faults.clear();
  expect(await one.fetch(wanted)).toEqual(answers);
});

test("a service that cannot be reached has no statements", async () => {
  const nowhere = new CollateralFetcher(collateralAt("http://127.0.0.1:1"), () => 0);
  expect(await nowhere.fetch(wanted)).toBeNull();
});

test("Intel's own service has the root's list elsewhere", () => {
  expect(collateralAt().rootCrlUrl).toBe("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der");
  expect(collateralAt("https://pccs.example").rootCrlUrl).toBe("https://pccs.example/sgx/certification/v4/rootcacrl");
});
