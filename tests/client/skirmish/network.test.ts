/** A network is made worse where a developer asks for it, and nowhere else. */
import { expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { networkOf } from "../../../client/skirmish/network.ts";

const page = "https://play.example/skirmish/";

test("the address says how it is", () => {
  expect(networkOf(`${page}?delay=75&jitter=10&loss=0.01&stall=200`, developmentPolicy)).toEqual({
    delayMs: 75,
    jitterMs: 10,
    loss: 0.01,
    stallMs: 200,
  });
});

test.for(["", "?figures", "?delay=", "?delay=soon", "?delay=-1", "?delay=60000", "?loss=NaN"])(
  "%s asks for nothing, or for nothing that there is",
  (asked) => {
    const found = networkOf(`${page}${asked}`, developmentPolicy);
    expect(found === undefined || Object.values(found).every((value) => value === 0)).toBe(true);
  },
);

test("no link slows down somebody in a world that is no development world", () => {
  expect(networkOf(`${page}?delay=5000`, { ...developmentPolicy, development: "refused" })).toBeUndefined();
});
