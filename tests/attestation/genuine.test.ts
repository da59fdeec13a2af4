/** Genuine Intel evidence of 2025, verified at a fixed time because collateral ends. */
import { describe, expect, test } from "vitest";
import { appraise } from "#attestation/appraise.ts";
import { intelRoot, intelRootFingerprint } from "#attestation/intel-root.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import { verify } from "#attestation/verify.ts";
import { pki, primitives } from "./forge.ts";
import { genuine, genuineNow } from "./genuine.ts";

const hour = 3600;
const verifyAt = (now: number, roots = [intelRoot]) => verify(genuine.tdx(), { roots, now, primitives });

describe.skipIf(genuine.missing !== undefined)(`genuine evidence${genuine.note}`, () => {
  test("a TDX quote is UpToDate at its time", async () => {
    await expect(verifyAt(genuineNow)).resolves.toMatchObject({
      quoteVersion: 4,
      tcb: { status: "UpToDate", advisories: [], evaluation: 17 },
      root: { fingerprint: intelRootFingerprint, name: "Intel SGX Root CA, Intel Corporation" },
      fmspc: "b0c06f000000",
      ppid: "811dca2a26b952e85bb6448b097ba4fd",
      issued: Date.UTC(2025, 5, 19, 10, 16, 3) / 1000,
      expires: Date.UTC(2025, 6, 19, 10, 0, 35) / 1000,
    });
  });

  test.for([
    ["an hour and a bit later", genuineNow + 2 * hour, "collateral-expired"],
    ["a year later", genuineNow + 8766 * hour, "crl-expired"],
    ["a month before", genuineNow - 31 * 24 * hour, "collateral-expired"],
    ["a year before", genuineNow - 8766 * hour, "crl-expired"],
  ] as const)("the same quote is refused %s", async ([, now, code]) => {
    await expect(verifyAt(now)).rejects.toMatchObject({ code });
  });

  test("the same quote is refused under a development root", async () => {
    await expect(verifyAt(genuineNow, [pki.root.certificate])).rejects.toMatchObject({ code: "untrusted-root" });
  });

  test("a vendor policy that names its measurements accepts it, and one that names others does not", async () => {
    const verified = await verifyAt(genuineNow);
    const named = Object.fromEntries(Object.entries(verified.measurements).map(([name, value]) => [name, [value]]));
    const policy = (measurements: object) =>
      checkPolicy({
        version: 2,
        vendors: ["intel"],
        development: "refused",
        tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 17 },
        tdx: measurements,
        hardware: [verified.ppid],
      });
    const situation = { now: genuineNow, loopback: false };
    expect(appraise(verified, policy(named), situation)).toMatchObject({ accepted: true, development: false });
    const other = { ...named, rtmr2: ["00".repeat(48)] };
    expect(appraise(verified, policy(other), situation)).toMatchObject({ refusal: "measurement-refused" });
  });

  const sgxAt = (now: number, roots = [intelRoot]) => verify(genuine.sgx(), { roots, now, primitives });

  test("an SGX quote needs configuration and hardened software at its time", async () => {
    await expect(sgxAt(genuineNow)).resolves.toMatchObject({
      kind: "sgx",
      quoteVersion: 3,
      tcb: {
        status: "ConfigurationAndSWHardeningNeeded",
        advisories: ["INTEL-SA-00289", "INTEL-SA-00615"],
        evaluation: 17,
      },
      root: { fingerprint: intelRootFingerprint },
      fmspc: "00a067110000",
      enclave: { attributes: "0500000000000000e700000000000000", miscSelect: "00000000", configId: "00".repeat(64) },
    });
  });

  test.for([
    ["a second after its end", Date.UTC(2025, 6, 19, 10, 1, 18) / 1000 + 1, "collateral-expired"],
    ["a year later", genuineNow + 8766 * hour, "crl-expired"],
    ["a month before", genuineNow - 31 * 24 * hour, "collateral-expired"],
    ["a year before", genuineNow - 8766 * hour, "crl-expired"],
  ] as const)("the SGX quote is refused %s", async ([, now, code]) => {
    await expect(sgxAt(now)).rejects.toMatchObject({ code });
  });

  test("one kind of genuine evidence does not pass for the other", async () => {
    const options = { roots: [intelRoot], now: genuineNow, primitives };
    const [tdx, sgx] = [genuine.tdx(), genuine.sgx()];
    await expect(verify({ ...tdx, kind: "sgx" }, options)).rejects.toMatchObject({ code: "evidence-unsupported" });
    await expect(verify({ ...sgx, kind: "tdx" }, options)).rejects.toMatchObject({ code: "evidence-unsupported" });
    const mixed = verify({ ...tdx, collateral: sgx.collateral }, options);
    await expect(mixed).rejects.toMatchObject({ code: "crl-signature" });
  });
});
