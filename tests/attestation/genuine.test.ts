/** Genuine Intel evidence of 2025, verified at a fixed time because collateral ends. */
import { describe, expect, test } from "vitest";
import { appraise } from "#attestation/appraise.ts";
import { readQeCertification } from "#attestation/dcap/auth-data.ts";
import { openPck, openTcbSigner } from "#attestation/dcap/chains.ts";
import { readHeader } from "#attestation/dcap/header.ts";
import { judgeQe, readQeIdentity } from "#attestation/dcap/qe-identity.ts";
import { openStatement } from "#attestation/dcap/statement.ts";
import { readTcbInfo } from "#attestation/dcap/tcb-info.ts";
import { combineStatuses, matchLevel } from "#attestation/dcap/tcb.ts";
import { intelRoot, intelRootFingerprint } from "#attestation/intel-root.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import { Reader } from "#attestation/reader.ts";
import { readSgxReport } from "#attestation/sgx/report.ts";
import { verify } from "#attestation/verify.ts";
import { openRoot } from "#attestation/x509/chain.ts";
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

  test("the parts that an SGX quote shares judge a genuine one as its vendor does", async () => {
    const setting = { now: genuineNow, primitives };
    const collateral = genuine.sgxCollateral();
    const reader = new Reader(genuine.sgxQuote());
    expect(readHeader(reader)).toEqual({ version: 3, teeType: 0 });
    readSgxReport(reader);
    const authData = new Reader(reader.take(reader.u32()));
    authData.take(128);
    const certification = readQeCertification(authData);
    authData.end();

    const root = await openRoot(intelRoot, collateral.rootCrl, setting);
    const signer = await openTcbSigner(collateral.tcbInfoChain, root, setting);
    const pck = await openPck(certification.pckChain, collateral.pckCrl, root, setting);
    const { tcbInfo, tcbInfoSignature, qeIdentity, qeIdentitySignature } = collateral;
    const info = readTcbInfo(
      await openStatement(tcbInfo, tcbInfoSignature, signer, "tcb-info-signature", setting),
      "SGX",
    );
    const identity = readQeIdentity(
      await openStatement(qeIdentity, qeIdentitySignature, signer, "qe-identity-signature", setting),
      "QE",
    );
    const judgements = [judgeQe(certification.report, identity), matchLevel(info.levels, pck.extension)];
    expect(combineStatuses(judgements.map(({ status }) => status))).toBe("ConfigurationAndSWHardeningNeeded");
    expect(judgements.flatMap(({ advisories }) => advisories)).toEqual(["INTEL-SA-00289", "INTEL-SA-00615"]);
  });
});
