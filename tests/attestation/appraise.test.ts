/** What was verified is judged by policy: each rule refuses by its own code, and the report is complete either way. */
import { describe, expect, test } from "vitest";
import { appraise, type Situation } from "#attestation/appraise.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { intelRootFingerprint } from "#attestation/intel-root.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import type { DstackClaims, VerifiedSgx, VerifiedTdx } from "#attestation/verified.ts";
import { day, now, verifyForged } from "./forge.ts";
import { dstackRule, registerPolicy, tdxRule, vendorPolicy } from "./policies.ts";

const register = "ab".repeat(48);
const zeros = "00".repeat(48);
const machine = "cd".repeat(16);
/** When the policy ends. */
const ended = Date.UTC(2027, 0, 1) / 1000;

const dstack: DstackClaims = {
  composeHash: dstackRule.composeHashes[0]!,
  appId: dstackRule.appIds[0]!,
  instanceId: "17".repeat(20),
  keyProvider: dstackRule.keyProviders[0]!,
  osImageHash: dstackRule.osImages[0]!,
};
const vouched = {
  reportData: new Uint8Array(64),
  root: { fingerprint: intelRootFingerprint, name: "Intel SGX Root CA, Intel Corporation" },
  tcb: { status: "UpToDate", advisories: [], evaluation: 17 },
  fmspc: "b0c06f000000",
  ppid: machine,
  issued: now - day,
  expires: now + 29 * day,
} as const;
const verified: VerifiedTdx = {
  kind: "tdx",
  quoteVersion: 4,
  measurements: { mrtd: register, rtmr0: register, rtmr1: register, rtmr2: register, rtmr3: register },
  configuration: { id: zeros, owner: zeros, ownerConfiguration: zeros },
  dstack,
  ...vouched,
};
const enclave: VerifiedSgx = {
  kind: "sgx",
  quoteVersion: 3,
  enclave: {
    mrenclave: vendorPolicy.sgx.mrenclave[0]!,
    mrsigner: "51".repeat(32),
    isvProdId: 1,
    isvSvn: 1,
    attributes: "00".repeat(16),
    miscSelect: "00000000",
    configId: "00".repeat(64),
    configSvn: 0,
  },
  ...vouched,
};
const policy = checkPolicy(vendorPolicy);
const claims = { contract: vendorPolicy.contracts[0]!, lineage: vendorPolicy.lineages[0]! };
const here: Situation = { now, loopback: false, claims };

test("evidence that meets every rule passes every check, in the order in which a person would ask", () => {
  const appraisal = appraise(verified, policy, here);
  expect(appraisal).toMatchObject({ accepted: true, refusal: undefined, development: false });
  expect(appraisal.checks.map(({ name, verdict }) => [name, verdict])).toEqual(
    [
      "This page's rules",
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
      "Application (compose hash)",
      "Application id",
      "Instance",
      "Keys come from",
      "Operating system image",
      "Who can replace the worker",
      "Machine",
      "Published rules",
      "Published lineage",
    ].map((name) => [name, "pass"]),
  );
});

test("every check says what was found and what that means", () => {
  for (const { value, sentence } of appraise(verified, policy, here).checks) {
    expect(value).not.toBe("");
    expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
  }
});

test("what a policy puts up with is accepted with a warning", () => {
  const lax = checkPolicy({
    ...vendorPolicy,
    tcb: { statuses: ["SWHardeningNeeded"], advisories: ["INTEL-SA-00615"], evaluationMin: 17 },
  });
  const tired = { ...verified, ...tcb({ status: "SWHardeningNeeded", advisories: ["INTEL-SA-00615"] }) };
  const appraisal = appraise(tired, lax, here);
  expect(appraisal.accepted).toBe(true);
  expect(appraisal.checks.filter((check) => check.verdict !== "pass")).toMatchObject([
    { name: "Security updates", value: "SWHardeningNeeded", verdict: "warn" },
    { name: "Known weaknesses", value: "INTEL-SA-00615", verdict: "warn" },
  ]);
});

test("an enclave of SGX is accepted by its name", () => {
  expect(appraise(enclave, policy, here)).toMatchObject({ accepted: true });
});

const tcb = (change: Partial<VerifiedTdx["tcb"]>): Partial<VerifiedTdx> => ({ tcb: { ...verified.tcb, ...change } });
const measured = (change: Partial<VerifiedTdx["measurements"]>): Partial<VerifiedTdx> => ({
  measurements: { ...verified.measurements, ...change },
});
const said = (change: Partial<DstackClaims>): Partial<VerifiedTdx> => ({ dstack: { ...dstack, ...change } });
const { osImageHash: _, ...noOsImage } = dstack;
const { dstack: __, ...noLog } = verified;

test.for<readonly [AttestationErrorCode, string, Partial<VerifiedTdx>, Partial<Situation>]>([
  ["policy-expired", "a policy that has ended", { issued: ended - day, expires: ended + day }, { now: ended }],
  ["tcb-status-refused", "a status that is not named", tcb({ status: "ConfigurationNeeded" }), {}],
  ["tcb-status-refused", "out of date", tcb({ status: "OutOfDate" }), {}],
  ["advisory-refused", "an advisory that is not named", tcb({ advisories: ["INTEL-SA-01036"] }), {}],
  ["evaluation-too-old", "an old round of judgement", tcb({ evaluation: 16 }), {}],
  ["evaluation-too-old", "an older round than was seen before", {}, { evaluationSeen: 18 }],
  ["collateral-expired", "collateral that ended since", { expires: now - 1 }, {}],
  ["collateral-expired", "a clock that was set back", {}, { now: now - day - 1 }],
  ["collateral-too-old", "statements of eleven days ago", { issued: now - 11 * day }, {}],
  ["measurement-refused", "another firmware", measured({ mrtd: zeros }), {}],
  ["measurement-refused", "another machine", measured({ rtmr0: zeros }), {}],
  ["measurement-refused", "another kernel", measured({ rtmr1: zeros }), {}],
  ["measurement-refused", "another file system", measured({ rtmr2: zeros }), {}],
  ["application-refused", "another application", said({ composeHash: "00".repeat(32) }), {}],
  ["app-id-refused", "another registration", said({ appId: "00".repeat(20) }), {}],
  ["key-provider-refused", "another key authority", said({ keyProvider: { name: "kms", id: "31".repeat(32) } }), {}],
  [
    "key-provider-refused",
    "another sort of key provider",
    said({ keyProvider: { name: "local-sgx", id: "30".repeat(32) } }),
    {},
  ],
  ["key-provider-refused", "no key provider", said({ keyProvider: { name: "none", id: "" } }), {}],
  ["os-image-refused", "another operating system", said({ osImageHash: "06".repeat(32) }), {}],
  ["os-image-refused", "an operating system that does not say", { dstack: noOsImage }, {}],
  ["hardware-refused", "a machine that is not listed", { ppid: "00".repeat(16) }, {}],
  ["contract-refused", "rules that are not listed", {}, { claims: { ...claims, contract: "00".repeat(32) } }],
  ["lineage-refused", "a lineage that is not listed", {}, { claims: { ...claims, lineage: "00".repeat(32) } }],
])("%s: %s", ([code, , change, situation]) => {
  const good = appraise(verified, policy, here);
  const appraisal = appraise({ ...verified, ...change }, policy, { ...here, ...situation });
  expect(appraisal).toMatchObject({ accepted: false, refusal: code });
  expect(appraisal.checks.map(({ name }) => name)).toEqual(good.checks.map(({ name }) => name));
  const failed = appraisal.checks.filter((check) => check.verdict === "fail");
  expect(failed).toMatchObject([{ code }]);
  expect(failed[0]!.sentence).toMatch(/^[A-Z].{10,}\.$/);
});

test.for<readonly [AttestationErrorCode, string, VerifiedTdx | VerifiedSgx]>([
  ["event-log-missing", "a machine that does not say what it runs", noLog],
  [
    "measurement-refused",
    "another enclave",
    { ...enclave, enclave: { ...enclave.enclave, mrenclave: "00".repeat(32) } },
  ],
  [
    "development-refused",
    "another root",
    { ...verified, root: { fingerprint: "00".repeat(32), name: "Intel SGX Root CA" } },
  ],
])("%s: %s", ([code, , found]) => {
  expect(appraise(found, policy, here)).toMatchObject({ accepted: false, refusal: code });
});

test("rules that nobody claims are not on any list", () => {
  expect(appraise(verified, policy, { now, loopback: false })).toMatchObject({ refusal: "contract-refused" });
});

test("where only one kind of machine is named, the other kind is refused", () => {
  const { sgx: _sgx, ...domains } = vendorPolicy;
  const { tdx: _tdx, ...enclaves } = vendorPolicy;
  expect(appraise(enclave, checkPolicy(domains), here)).toMatchObject({ refusal: "measurement-refused" });
  expect(appraise(verified, checkPolicy(enclaves), here)).toMatchObject({ refusal: "measurement-refused" });
});

test("an application as one register is compared like the others", () => {
  const whole = checkPolicy(registerPolicy);
  expect(appraise(noLog, whole, here).accepted).toBe(true);
  expect(appraise({ ...noLog, ...measured({ rtmr3: zeros }) }, whole, here)).toMatchObject({
    refusal: "measurement-refused",
  });
});

test("a vendor that a policy does not name is refused", () => {
  expect(appraise(verified, developmentPolicy, { ...here, loopback: true })).toMatchObject({
    refusal: "vendor-refused",
  });
});

describe("who can replace the worker", () => {
  const warning = "The operator can replace the worker and then read saved rooms.";
  const { upgrades: _upgrades, ...unsaid } = dstackRule;
  const rule = (upgrades: object) => ({ ...unsaid, ...upgrades });
  const judged = (application: object, found: Partial<DstackClaims> = {}) => {
    const { verdict, value, sentence } = appraise(
      { ...verified, dstack: { ...dstack, ...found } },
      checkPolicy({ ...vendorPolicy, tdx: { ...tdxRule, ...application } }),
      here,
    ).checks.find(({ name }) => name === "Who can replace the worker")!;
    return { verdict, value, sentence };
  };

  test("nobody, where upgrades are disabled", () => {
    expect(judged({ dstack: dstackRule })).toMatchObject({ verdict: "pass", value: "nobody" });
  });

  test("the owner, by name", () => {
    const { verdict, value, sentence } = judged({ dstack: rule({ upgrades: { owner: "Example Games" } }) });
    expect({ verdict, value }).toEqual({ verdict: "warn", value: "Example Games" });
    expect(sentence).toContain("Example Games can admit another worker");
  });

  test("the operator, where nothing is said about it", () => {
    expect(judged({ dstack: rule({}) })).toMatchObject({ verdict: "warn", sentence: warning });
    expect(judged({ rtmr3: [register] })).toMatchObject({ verdict: "warn", sentence: warning });
  });

  test.for(["none", "local-sgx"])("nobody, where keys are %s and so do not outlive the software", (name) => {
    const keyProvider = { name, id: name === "none" ? "" : "1b" };
    const application = { dstack: rule({ keyProviders: [keyProvider] }) };
    expect(judged(application, { keyProvider })).toMatchObject({ verdict: "pass", value: "nobody" });
  });
});

describe("development machines", () => {
  test("are accepted on loopback by a policy that says so, and by no vendor policy anywhere", async () => {
    const development = await verifyForged();
    const local = { now, loopback: true, claims };
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
    const development = { ...(await verifyForged()), dstack };
    const { checks } = appraise(development, developmentPolicy, { now, loopback: true });
    expect(checks.map((check) => check.verdict)).toEqual(checks.map(() => "warn"));
  });
});
