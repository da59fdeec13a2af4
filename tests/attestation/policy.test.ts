/** Policies are read strictly, and none that would accept anything is read at all. */
import { expect, test } from "vitest";
import { checkPolicy, developmentPolicy, rootsFor } from "#attestation/policy.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { forge, pki, reissue } from "./forge.ts";

const hash = "ab".repeat(48);
const vendor = {
  version: 1,
  vendors: ["intel"],
  development: "refused",
  tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 17 },
  measurements: { mrtd: [hash], rtmr0: [hash], rtmr1: [hash], rtmr2: [hash], rtmr3: [hash] },
  hardware: ["cd".repeat(16)],
};

test("a policy of each sort is read as it was written", () => {
  expect(checkPolicy(JSON.parse(JSON.stringify(vendor)))).toEqual(vendor);
  expect(checkPolicy(JSON.parse(JSON.stringify(developmentPolicy)))).toEqual(developmentPolicy);
  const typed = { ...developmentPolicy, development: { fingerprints: ["ef".repeat(32)] } };
  expect(checkPolicy(typed)).toEqual(typed);
});

const { version: _, ...noVersion } = vendor;
const { rtmr3: __, ...fourRegisters } = vendor.measurements;
const { measurements: ___, ...noMeasurements } = vendor;

test.for([
  ["policy-malformed", "nothing", undefined],
  ["policy-malformed", "a list", []],
  ["policy-malformed", "no version", noVersion],
  ["policy-malformed", "a later version", { ...vendor, version: 2 }],
  ["policy-malformed", "an unknown member", { ...vendor, allowDebug: false }],
  [
    "policy-malformed",
    "a member that names the prototype",
    JSON.parse(`{"__proto__":1,${JSON.stringify(vendor).slice(1)}`),
  ],
  ["policy-malformed", "an unknown vendor", { ...vendor, vendors: ["anybody"] }],
  ["policy-malformed", "nobody at all", { ...vendor, vendors: [] }],
  ["policy-malformed", "an unknown rule for development", { ...developmentPolicy, development: "anywhere" }],
  ["policy-malformed", "no fingerprints", { ...developmentPolicy, development: { fingerprints: [] } }],
  ["policy-malformed", "a short fingerprint", { ...developmentPolicy, development: { fingerprints: ["ef"] } }],
  ["policy-malformed", "no status", { ...vendor, tcb: { ...vendor.tcb, statuses: [] } }],
  ["policy-malformed", "an unknown status", { ...vendor, tcb: { ...vendor.tcb, statuses: ["Fine"] } }],
  ["policy-malformed", "an advisory pattern", { ...vendor, tcb: { ...vendor.tcb, advisories: ["INTEL-SA-*"] } }],
  ["policy-malformed", "half a round of judgement", { ...vendor, tcb: { ...vendor.tcb, evaluationMin: 1.5 } }],
  [
    "policy-malformed",
    "a register that is not there",
    { ...vendor, measurements: { ...vendor.measurements, rtmr4: [hash] } },
  ],
  [
    "policy-malformed",
    "a measurement in capitals",
    { ...vendor, measurements: { ...vendor.measurements, mrtd: [hash.toUpperCase()] } },
  ],
  ["policy-malformed", "no value for a register", { ...vendor, measurements: { ...vendor.measurements, mrtd: [] } }],
  ["policy-malformed", "machines that are no list", { ...vendor, hardware: "cd".repeat(16) }],
  [
    "policy-malformed",
    "more machines than fit",
    { ...vendor, hardware: Array.from({ length: 1025 }, () => "cd".repeat(16)) },
  ],
  ["policy-malformed", "no machine", { ...vendor, hardware: [] }],
  [
    "policy-too-loose",
    "hardware that is out of date",
    { ...vendor, tcb: { ...vendor.tcb, statuses: ["UpToDate", "OutOfDate"] } },
  ],
  ["policy-too-loose", "hardware that was withdrawn", { ...vendor, tcb: { ...vendor.tcb, statuses: ["Revoked"] } }],
  ["policy-too-loose", "any software", noMeasurements],
  ["policy-too-loose", "any application", { ...vendor, measurements: fourRegisters }],
  ["policy-too-loose", "any round of judgement", { ...vendor, tcb: { ...vendor.tcb, evaluationMin: 0 } }],
  ["policy-too-loose", "development beside a vendor", { ...vendor, development: "loopback" }],
] as const)("%s: %s", ([code, , json]) => {
  expect(() => checkPolicy(json)).toThrow(expect.objectContaining({ name: "AttestationError", code }));
});

test("a vendor policy offers no development root", () => {
  expect(rootsFor(checkPolicy(vendor), forge())).toEqual([intelRoot]);
});

test("a development policy offers only roots that call themselves that", () => {
  expect(rootsFor(developmentPolicy, forge())).toEqual([pki.root.certificate]);
  const evidence = forge();
  const posing = { ...evidence.collateral, tcbInfoChain: [pki.tcbSigner.certificate, intelRoot] };
  expect(rootsFor(developmentPolicy, { ...evidence, collateral: posing })).toEqual([]);
  const garbage = { ...evidence.collateral, tcbInfoChain: [Uint8Array.of(1)] };
  expect(rootsFor(developmentPolicy, { ...evidence, collateral: garbage })).toEqual([]);
  expect(rootsFor(developmentPolicy, forge({ pki: reissue("root", { subject: "Intel SGX Root CA" }) }))).toHaveLength(
    1,
  );
});
