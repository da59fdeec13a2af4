/** One changed byte anywhere in evidence, and it is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AttestationError } from "#attestation/errors.ts";
import { decodeEvidence, encodeEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { flip, forge, now, pki, primitives } from "./forge.ts";
import { genuine, genuineNow } from "./genuine.ts";

/** How many single-byte changes are tried; each costs some verifications of a signature. */
const changes = 250;

async function everyChangeIsRefused(good: Uint8Array, root: Uint8Array, at: number, seed: number): Promise<void> {
  await verify(decodeEvidence(good), { roots: [root], now: at, primitives });
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
      await expect(
        (async () => verify(decodeEvidence(flip(good, place, mask)), { roots: [root], now: at, primitives }))(),
      ).rejects.toBeInstanceOf(AttestationError);
    }),
    { seed, numRuns: changes },
  );
}

test("development evidence with one byte changed is refused", async () => {
  await everyChangeIsRefused(encodeEvidence(forge()), pki.root.certificate, now, 3);
});

test.skipIf(genuine.missing !== undefined)(
  `genuine evidence with one byte changed is refused${genuine.note}`,
  async () => {
    await everyChangeIsRefused(encodeEvidence(genuine.tdx()), intelRoot, genuineNow, 4);
  },
);
