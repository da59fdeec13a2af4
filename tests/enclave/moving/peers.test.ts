/** A worker lets go of a room only for one that proves, to it and now, that it runs the same. */
import { expect, test } from "vitest";
import { decodeEvidence, encodeEvidence } from "#attestation/evidence.ts";
import { introductionData, type Introduction } from "#protocol/moving.ts";
import { Peers } from "#enclave/moving/peers.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { unavailablePlatform } from "#enclave/platform/unavailable.ts";
import { fill } from "../vault/vault-cases.ts";
import { platform, today } from "./workers.ts";

const peersOf = (instance: number, of: Platform = platform, now = today): Peers =>
  new Peers({ platform: of, instance: fill(instance), wallTime: () => now });

const here = peersOf(1);
const there = peersOf(2);

test.for(["tdx", "sgx"] as const)("two workers on one %s platform trust each other", async (tee) => {
  const same = platformFromSeed(fill(4), () => today, tee);
  const [one, other] = [peersOf(1, same), peersOf(2, same)];
  await one.check(await other.introduce(one.instance));
  await other.check(await one.introduce(other.instance));
});

const changed = async (change: (evidence: Uint8Array) => Uint8Array): Promise<Introduction> => {
  const { instance, evidence } = await there.introduce(here.instance);
  return { instance, evidence: change(evidence) };
};

test.for<[string, () => Promise<Introduction>]>([
  ["itself", () => here.introduce(here.instance)],
  ["a word for somebody else", () => there.introduce(fill(3))],
  ["another's word", async () => ({ ...(await there.introduce(here.instance)), instance: fill(3) })],
  [
    "a worker on another root",
    () =>
      peersOf(
        2,
        platformFromSeed(fill(5), () => today),
      ).introduce(here.instance),
  ],
  [
    "another kind of enclave",
    () =>
      peersOf(
        2,
        platformFromSeed(fill(4), () => today, "sgx"),
      ).introduce(here.instance),
  ],
  [
    "evidence that has ended",
    () =>
      peersOf(
        2,
        platformFromSeed(fill(4), () => today - 40 * 86_400),
      ).introduce(here.instance),
  ],
  ["no evidence", () => changed(() => new Uint8Array(10))],
  [
    "a quote that was changed",
    () =>
      changed((bytes) => {
        const evidence = decodeEvidence(bytes);
        if (evidence.kind !== "tdx") throw new Error("a development quote");
        const quote = evidence.quote.slice();
        // MRTD, behind 48 bytes of header and 136 of the body.
        quote[48 + 136]! ^= 1;
        return encodeEvidence({ ...evidence, quote });
      }),
  ],
])("%s is refused", async ([, introduction]) => {
  await expect(here.check(await introduction())).rejects.toMatchObject({ code: "worker-refused" });
});

test("a machine that proves nothing introduces nobody", async () => {
  await expect(peersOf(1, unavailablePlatform()).introduce(fill(2))).rejects.toMatchObject({
    code: "platform-unavailable",
  });
});

test("what is quoted names both, in this order", () => {
  expect(introductionData(fill(1), fill(2))).not.toEqual(introductionData(fill(2), fill(1)));
  expect(introductionData(fill(1), fill(2))).toHaveLength(64);
});
