/** What every platform must do. One suite; each platform's test file calls it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvidence, rootOf } from "#attestation/evidence.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import type { Platform } from "#enclave/platform/platform.ts";

export interface PlatformUnderTest {
  /** The same name gives the same identity, also after a restart. */
  readonly open: (identity: string) => Promise<Platform>;
  /** Unix seconds at which its evidence is in force. */
  readonly now: () => number;
}

const reportData = new Uint8Array(64).map((_, i) => 255 - i);
const primitives = webCryptoPrimitives();
const paths = fc.string({ minLength: 1, maxLength: 40 });

export function platformConformance(name: string, { open, now }: PlatformUnderTest): void {
  const evidenceOf = async (platform: Platform, data = reportData) => decodeEvidence(await platform.quote(data));

  describe(`${name}: keys`, () => {
    test("the same path and identity give the same key, also after a restart", async () => {
      const key = await (await open("a")).deriveKey("seal/v1/aes-256-gcm");
      expect(key).toHaveLength(32);
      expect(await (await open("a")).deriveKey("seal/v1/aes-256-gcm")).toEqual(key);
    });

    test("another path gives another key", async () => {
      const platform = await open("a");
      await fc.assert(
        fc.asyncProperty(paths, paths, async (one, other) => {
          fc.pre(one !== other);
          expect(await platform.deriveKey(one)).not.toEqual(await platform.deriveKey(other));
        }),
        { seed: 20, numRuns: 100 },
      );
    });

    test("another identity gives another key", async () => {
      const [a, b] = await Promise.all([open("a"), open("b")]);
      expect(await a.deriveKey("seal")).not.toEqual(await b.deriveKey("seal"));
    });

    test("a key that was handed out cannot be changed by its holder", async () => {
      const platform = await open("a");
      const key = await platform.deriveKey("seal");
      const before = new Uint8Array(key);
      key.fill(0);
      expect(await platform.deriveKey("seal")).toEqual(before);
    });
  });

  describe(`${name}: evidence`, () => {
    test("it binds the report data and fits a handshake", async () => {
      const platform = await open("a");
      const bytes = await platform.quote(reportData);
      expect(bytes.length).toBeLessThanOrEqual(48 * 1024);
      const evidence = decodeEvidence(bytes);
      const verified = await verify(evidence, { roots: [rootOf(evidence)], now: now(), primitives });
      expect(verified.reportData).toEqual(reportData);
    });

    test("it verifies under its own root and no other", async () => {
      const [a, b] = await Promise.all([open("a"), open("b")]);
      const [ours, theirs] = await Promise.all([evidenceOf(a), evidenceOf(b)]);
      for (const root of [intelRoot, rootOf(theirs)]) {
        const options = { roots: [root], now: now(), primitives };
        await expect(verify(ours, options)).rejects.toMatchObject({ code: "untrusted-root" });
      }
    });

    test("every quote of one identity hangs from one root, also after a restart", async () => {
      const roots = await Promise.all([open("a"), open("a")].map(async (each) => rootOf(await evidenceOf(await each))));
      expect(roots[0]).toEqual(roots[1]);
    });

    test("quotes over different report data differ in it", async () => {
      const platform = await open("a");
      const evidence = await evidenceOf(platform, new Uint8Array(64).fill(7));
      const verified = await verify(evidence, { roots: [rootOf(evidence)], now: now(), primitives });
      expect(verified.reportData).toEqual(new Uint8Array(64).fill(7));
    });

    test.for([0, 63, 65])("report data of %i bytes is refused", async (length) => {
      const platform = await open("a");
      await expect(platform.quote(new Uint8Array(length))).rejects.toMatchObject({
        name: "PlatformError",
        code: "report-data-length",
      });
    });
  });

  test(`${name} says whether hardware protects anything`, async () => {
    const { hardware, label, fingerprint } = await (await open("a")).info();
    if (!hardware) expect(label).toContain("protects nothing");
    expect(fingerprint === undefined).toBe(hardware);
  });
}
