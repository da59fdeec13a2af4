/** What was verified is judged by policy: each rule refuses by its own code, and the report is complete either way. */
import { describe, expect, test } from "vitest";
import { appraise, type Situation } from "#attestation/appraise.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { intelRootFingerprint } from "#attestation/intel-root.ts";
import { checkPolicy, developmentPolicy, type Policy } from "#attestation/policy.ts";
import type { Verified } from "#attestation/verified.ts";
import { day, now, verifyForged } from "./forge.ts";

const hash = (digit: string) => digit.repeat(96);
const machine = "cd".repeat(16);

const verified: Verified = {
  kind: "tdx",
  quoteVersion: 4,
  reportData: new Uint8Array(64),
  measurements: { mrtd: hash("a"), rtmr0: hash("b"), rtmr1: hash("c"), rtmr2: hash("d"), rtmr3: hash("e") },
  root: { fingerprint: intelRootFingerprint, name: "Intel SGX Root CA, Intel Corporation" },
  tcb: { status: "SWHardeningNeeded", advisories: ["INTEL-SA-00615"], evaluation: 17 },
  fmspc: "b0c06f000000",
  ppid: machine,
  issued: now - day,
  expires: now + day,
};
const policy: Policy = checkPolicy({
  version: 1,
  vendors: ["intel"],
  development: "refused",
  tcb: { statuses: ["UpToDate", "SWHardeningNeeded"], advisories: ["INTEL-SA-00615"], evaluationMin: 17 },
  measurements: {
    mrtd: [hash("a")],
    rtmr0: [hash("0"), hash("b")],
    rtmr1: [hash("c")],
    rtmr2: [hash("d")],
    rtmr3: [hash("e")],
  },
  hardware: [machine],
});
const here: Situation = { now, loopback: false };

test("evidence that meets every rule is accepted, with a warning for what the policy puts up with", () => {
  const appraisal = appraise(verified, policy, here);
  expect(appraisal).toMatchObject({ accepted: true, refusal: undefined, development: false });
  const warnings = appraisal.checks.filter((check) => check.verdict !== "pass");
  expect(warnings).toMatchObject([
    { name: "Security updates", value: "SWHardeningNeeded", verdict: "warn" },
    { name: "Known weaknesses", value: "INTEL-SA-00615", verdict: "warn" },
  ]);
  expect(appraisal.checks.map((check) => check.name)).toEqual([
    "Hardware maker",
    "Evidence",
    "Security updates",
    "Known weaknesses",
    "Round of judgement",
    "Age of that judgement",
    "MRTD",
    "RTMR0",
    "RTMR1",
    "RTMR2",
    "RTMR3",
    "Machine",
  ]);
});

test("a machine without a flaw passes every check", () => {
  const { checks } = appraise({ ...verified, ...tcb({ status: "UpToDate", advisories: [] }) }, policy, here);
  expect(checks.map((check) => check.verdict)).toEqual(checks.map(() => "pass"));
});

const tcb = (change: Partial<Verified["tcb"]>): Partial<Verified> => ({ tcb: { ...verified.tcb, ...change } });
const register = (change: Partial<Verified["measurements"]>): Partial<Verified> => ({
  measurements: { ...verified.measurements, ...change },
});

test.for<readonly [AttestationErrorCode, string, Partial<Verified>, Partial<Situation>]>([
  ["tcb-status-refused", "a status that is not named", tcb({ status: "ConfigurationNeeded" }), {}],
  ["tcb-status-refused", "out of date", tcb({ status: "OutOfDate" }), {}],
  ["advisory-refused", "one advisory more", tcb({ advisories: ["INTEL-SA-00615", "INTEL-SA-01036"] }), {}],
  [
    "advisory-refused",
    "an advisory although up to date",
    tcb({ status: "UpToDate", advisories: ["INTEL-SA-01036"] }),
    {},
  ],
  ["evaluation-too-old", "an old round of judgement", tcb({ evaluation: 16 }), {}],
  ["evaluation-too-old", "an older round than was seen before", {}, { evaluationSeen: 18 }],
  ["collateral-expired", "collateral that ended since", {}, { now: now + day + 1 }],
  ["collateral-expired", "a clock that was set back", {}, { now: now - day - 1 }],
  ["measurement-refused", "another firmware", register({ mrtd: hash("b") }), {}],
  ["measurement-refused", "another application", register({ rtmr3: hash("0") }), {}],
  ["hardware-refused", "a machine that is not listed", { ppid: "00".repeat(16) }, {}],
  ["development-refused", "another root", { root: { fingerprint: "00".repeat(32), name: "Intel SGX Root CA" } }, {}],
])("%s: %s", ([code, , change, situation]) => {
  const appraisal = appraise({ ...verified, ...change }, policy, { ...here, ...situation });
  expect(appraisal).toMatchObject({ accepted: false, refusal: code });
  expect(appraisal.checks).toHaveLength(12);
  expect(appraisal.checks.filter((check) => check.verdict === "fail")).toHaveLength(1);
});

test("a vendor that a policy does not name is refused", () => {
  expect(appraise(verified, developmentPolicy, { ...here, loopback: true })).toMatchObject({
    refusal: "vendor-refused",
  });
});

describe("development machines", () => {
  test("are accepted on loopback by a policy that says so, and by no vendor policy anywhere", async () => {
    const development = await verifyForged();
    const local = { now, loopback: true };
    expect(appraise(development, developmentPolicy, local)).toMatchObject({ accepted: true, development: true });
    expect(appraise(development, developmentPolicy, here)).toMatchObject({ refusal: "development-refused" });
    expect(appraise(development, policy, local)).toMatchObject({ refusal: "development-refused", development: true });
  });

  test("are accepted from elsewhere by the fingerprint that was typed, and by no other", async () => {
    const development = await verifyForged();
    const typed = (fingerprint: string) =>
      checkPolicy({ ...developmentPolicy, development: { fingerprints: [fingerprint] } });
    expect(appraise(development, typed(development.root.fingerprint), here)).toMatchObject({ accepted: true });
    expect(appraise(development, typed("00".repeat(32)), here)).toMatchObject({ refusal: "development-refused" });
    expect(appraise(development, typed("00".repeat(32)), { ...here, loopback: true }).accepted).toBe(false);
  });

  test("pass no check: whatever they say, they say about themselves", async () => {
    const { checks } = appraise(await verifyForged(), developmentPolicy, { now, loopback: true });
    expect(checks.map((check) => check.verdict)).toEqual(checks.map(() => "warn"));
  });
});
