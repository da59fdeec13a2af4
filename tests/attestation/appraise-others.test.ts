/** Machines of AMD and AWS are judged by what a policy names about them. */
import { describe, expect, test } from "vitest";
import { amdRootFingerprints } from "#attestation/amd-roots.ts";
import { appraise, type Situation } from "#attestation/appraise.ts";
import { awsRootFingerprint } from "#attestation/aws-root.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { developmentPolicy, rootsFor } from "#attestation/policy.ts";
import type { SnpTcb, SnpTcbs } from "#attestation/sev-snp/tcb.ts";
import type { VerifiedNitro, VerifiedSevSnp } from "#attestation/verified.ts";
import { day, now } from "./forge.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { forgeNitro, verifyForgedNitro } from "./nitro/forge.ts";
import { nitroRule, otherPolicy, sevSnpRule, vendorPolicy } from "./policies.ts";
import { forgeSnp, verifyForgedSnp } from "./sev-snp/forge.ts";
import { amdService } from "./sev-snp/service.ts";

const policy = checkPolicy(otherPolicy);
const claims = { contract: vendorPolicy.contracts[0]!, lineage: vendorPolicy.lineages[0]! };
const here: Situation = { now, loopback: false, claims };

/** As if the makers themselves had vouched. */
const guest: VerifiedSevSnp = {
  ...(await verifyForgedSnp()),
  root: { fingerprint: amdRootFingerprints.Genoa, name: "ARK-Genoa, Advanced Micro Devices" },
};
const enclave: VerifiedNitro = await (async () => {
  const verified = await verifyForgedNitro();
  return {
    ...verified,
    root: { fingerprint: awsRootFingerprint, name: "aws.nitro-enclaves, Amazon" },
    pcrs: { ...verified.pcrs, 8: nitroRule.pcr8[0]! },
  };
})();

const tcb = (name: keyof SnpTcbs, change: Partial<SnpTcb>): Partial<VerifiedSevSnp> => ({
  tcb: { ...guest.tcb, [name]: { ...guest.tcb[name], ...change } },
});

test("a guest that meets every rule passes every check, in the order in which a person would ask", () => {
  const { accepted, development, checks } = appraise(guest, policy, here);
  expect({ accepted, development }).toEqual({ accepted: true, development: false });
  expect(checks.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "This page's rules: pass",
    "Hardware maker: pass",
    "Evidence: pass",
    "Security updates: pass",
    "Age of that judgement: pass",
    "MEASUREMENT: pass",
    "HOST_DATA: pass",
    "Privilege level: pass",
    "Security version of the guest: pass",
    "Protections of the platform: pass",
    "Who can replace the worker: warn",
    "Machine: pass",
    "Published rules: pass",
    "Published lineage: pass",
  ]);
});

test("so does an enclave, but for the machine that AWS does not name", () => {
  const { accepted, checks } = appraise(enclave, policy, here);
  expect(accepted).toBe(true);
  expect(checks.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "This page's rules: pass",
    "Hardware maker: pass",
    "Evidence: pass",
    "Age of that judgement: pass",
    "PCR0: pass",
    "PCR1: pass",
    "PCR2: pass",
    "PCR8: pass",
    "Who can replace the worker: warn",
    "Machine: warn",
    "Published rules: pass",
    "Published lineage: pass",
  ]);
});

test.for<readonly [AttestationErrorCode, string, Partial<VerifiedSevSnp>]>([
  ["measurement-refused", "another image", { measurement: "00".repeat(48) }],
  ["application-refused", "other host data", { hostData: "00".repeat(32) }],
  ["measurement-refused", "a less privileged part of the software", { vmpl: 1 }],
  ["measurement-refused", "an older guest", { guestSvn: 6 }],
  [
    "platform-refused",
    "memory that was not checked for aliases",
    { platform: { ...guest.platform, aliasCheck: false } },
  ],
  ["platform-refused", "memory without error correction", { platform: { ...guest.platform, ecc: false } }],
  ["tcb-status-refused", "older firmware than asked for", tcb("current", { snp: 22 })],
  ["tcb-status-refused", "older firmware that is reported", tcb("reported", { microcode: 83 })],
  ["tcb-status-refused", "firmware that could be taken back", tcb("committed", { bootLoader: 9 })],
  ["tcb-status-refused", "older firmware at the start", tcb("launch", { tee: 0 })],
  ["hardware-refused", "another chip", { chipId: "c1".repeat(64) }],
  ["collateral-expired", "a list that ended since", { expires: now - 1 }],
  ["collateral-too-old", "a list of eleven days ago", { issued: now - 11 * day }],
  ["development-refused", "another root", { root: { fingerprint: "00".repeat(32), name: "ARK-Genoa" } }],
])("%s: %s", ([code, , change]) => {
  const appraisal = appraise({ ...guest, ...change }, policy, here);
  expect(appraisal).toMatchObject({ accepted: false, refusal: code });
  const failed = appraisal.checks.filter((check) => check.verdict === "fail");
  expect(failed).toMatchObject([{ code }]);
  expect(failed[0]!.sentence).toMatch(/^[A-Z].{10,}\.$/);
});

test.for<readonly [AttestationErrorCode, string, Partial<VerifiedNitro>]>([
  ["measurement-refused", "another image", { pcrs: { ...enclave.pcrs, 0: "01".repeat(48) } }],
  ["measurement-refused", "another kernel", { pcrs: { ...enclave.pcrs, 1: "01".repeat(48) } }],
  ["measurement-refused", "another application", { pcrs: { ...enclave.pcrs, 2: "01".repeat(48) } }],
  ["measurement-refused", "an image of another signer", { pcrs: { ...enclave.pcrs, 8: "01".repeat(48) } }],
  ["collateral-expired", "certificates that ended since", { expires: now - 1 }],
  ["development-refused", "another root", { root: { fingerprint: "00".repeat(32), name: "aws.nitro-enclaves" } }],
])("%s: %s of an enclave", ([code, , change]) => {
  expect(appraise({ ...enclave, ...change }, policy, here)).toMatchObject({ accepted: false, refusal: code });
});

describe("what a policy leaves out", () => {
  const lax = (rules: object) => checkPolicy({ ...otherPolicy, ...rules });
  const { hostData: _hostData, vmpl: _vmpl, guestSvnMin: _svn, platform: _platform, ...bare } = sevSnpRule;
  const { pcr8: _pcr8, ...unsigned } = nitroRule;

  test("is not compared, and said so; the privilege level is the highest all the same", () => {
    const appraisal = appraise(guest, lax({ sevSnp: bare }), here);
    expect(appraisal.checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name)).toEqual([
      "HOST_DATA",
      "Who can replace the worker",
    ]);
    expect(appraise({ ...guest, vmpl: 1 }, lax({ sevSnp: bare }), here).refusal).toBe("measurement-refused");
    expect(appraise(enclave, lax({ nitro: unsigned }), here).accepted).toBe(true);
  });

  test("a generation without a minimum is refused", () => {
    const onlyTurin = lax({ sevSnp: { ...sevSnpRule, minimum: { Turin: sevSnpRule.minimum.Turin } } });
    expect(appraise(guest, onlyTurin, here)).toMatchObject({ refusal: "tcb-status-refused" });
  });

  test("a maker that is not named is refused", () => {
    const onlyAws = lax({ vendors: ["aws"] });
    expect(appraise(guest, onlyAws, here)).toMatchObject({ refusal: "vendor-refused" });
    const intel = checkPolicy(vendorPolicy);
    expect(appraise(guest, intel, here)).toMatchObject({ refusal: "vendor-refused" });
    expect(appraise(enclave, intel, here)).toMatchObject({ refusal: "vendor-refused" });
  });
});

describe("roots", () => {
  test("of a maker are offered by their fingerprints, and only where the policy names the maker", async () => {
    const evidence = await forgeSnp();
    const genuine = { ...evidence, collateral: { ...evidence.collateral, ark: amdService.Genoa.ark } };
    expect(rootsFor(policy, genuine)).toEqual([amdService.Genoa.ark]);
    expect(rootsFor(checkPolicy({ ...otherPolicy, vendors: ["aws"] }), genuine)).toEqual([]);
    expect(rootsFor(checkPolicy(vendorPolicy), genuine)).toEqual([intelRoot]);
    expect(rootsFor(policy, evidence)).toEqual([]);
    expect(rootsFor(policy, await forgeNitro())).toEqual([]);
  });

  test("of development are offered where they call themselves that, of whatever shape they are", async () => {
    for (const evidence of [await forgeSnp(), await forgeNitro()]) {
      expect(rootsFor(developmentPolicy, evidence)).toHaveLength(1);
    }
    const evidence = await forgeSnp();
    const posing = { ...evidence, collateral: { ...evidence.collateral, ark: amdService.Genoa.ark } };
    expect(rootsFor(developmentPolicy, posing)).toEqual([]);
  });
});

test("machines of development pass no check, of whatever kind they are", async () => {
  for (const verified of [await verifyForgedSnp(), await verifyForgedNitro()]) {
    const { accepted, checks } = appraise(verified, developmentPolicy, { now, loopback: true });
    expect(accepted).toBe(true);
    expect(checks.map((check) => check.verdict)).toEqual(checks.map(() => "warn"));
  }
});
