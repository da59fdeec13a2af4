/** Policies that cannot be read, or would accept anything somewhere. Each is refused at load, by a code of its own. */
import { checkPolicy } from "#attestation/check-policy.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import {
  dstackRule,
  nitroRule,
  otherPolicy as other,
  registerPolicy,
  sevSnpRule,
  tdxRule,
  vendorPolicy as vendor,
} from "../policies.ts";
import type { Attack } from "./attack.ts";

const typed = { ...developmentPolicy, development: { fingerprints: ["ef".repeat(32)] } };
const tcb = (change: object) => ({ ...vendor, tcb: { ...vendor.tcb, ...change } });
const tdx = (change: object) => ({ ...vendor, tdx: { ...vendor.tdx, ...change } });
const dstack = (change: object) => tdx({ dstack: { ...dstackRule, ...change } });
const without = (object: object, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const snp = (change: object) => ({ ...other, sevSnp: { ...sevSnpRule, ...change } });
const genoa = (change: object) => snp({ minimum: { Genoa: { ...sevSnpRule.minimum.Genoa, ...change } } });
const nitro = (change: object) => ({ ...other, nitro: { ...nitroRule, ...change } });
const withoutSoftware = without(without(vendor, "tdx"), "sgx");

const refused: readonly (readonly [AttestationErrorCode, string, unknown])[] = [
  ["policy-malformed", "nothing", undefined],
  ["policy-malformed", "a list", []],
  ["policy-version", "no version", without(vendor, "version")],
  ["policy-version", "an earlier version", { ...vendor, version: 1 }],
  ["policy-version", "a later version", { ...vendor, version: 3 }],
  ["policy-version", "a version in words", { ...vendor, version: "2" }],
  ["policy-malformed", "no vendors", without(vendor, "vendors")],
  ["policy-malformed", "no rule for development", without(vendor, "development")],
  ["policy-malformed", "nothing about security updates", without(vendor, "tcb")],
  ["policy-unknown-member", "an unknown member", { ...vendor, allowDebug: false }],
  [
    "policy-unknown-member",
    "a member that names the prototype",
    JSON.parse(`{"__proto__":1,${JSON.stringify(vendor).slice(1)}`),
  ],
  ["policy-unknown-member", "an unknown member about updates", tcb({ advisoriesMax: 3 })],
  ["policy-unknown-member", "a register that is not there", tdx({ rtmr4: ["ab".repeat(48)] })],
  ["policy-unknown-member", "an unknown member about the application", dstack({ images: [] })],
  ["policy-unknown-member", "an unknown member about enclaves", { ...vendor, sgx: { ...vendor.sgx, mrsigner: [] } }],
  ["policy-unknown-member", "an unknown member about freshness", { ...vendor, freshness: { quoteSeconds: 1 } }],
  [
    "policy-unknown-member",
    "an unknown member of a key provider",
    dstack({ keyProviders: [{ name: "kms", id: "00", url: "" }] }),
  ],
  ["policy-malformed", "an unknown vendor", { ...vendor, vendors: ["anybody"] }],
  ["policy-nobody", "no root at all", { ...vendor, vendors: [] }],
  ["policy-wildcard", "any vendor", { ...vendor, vendors: ["*"] }],
  ["policy-wildcard", "vendors that are not listed", { ...vendor, vendors: "any" }],
  ["policy-wildcard", "any development machine", { ...developmentPolicy, development: "any" }],
  ["policy-malformed", "an unknown rule for development", { ...developmentPolicy, development: "anywhere" }],
  ["policy-malformed", "no fingerprints", { ...developmentPolicy, development: { fingerprints: [] } }],
  ["policy-malformed", "a short fingerprint", { ...developmentPolicy, development: { fingerprints: ["ef"] } }],
  ["policy-wildcard", "any fingerprint", { ...developmentPolicy, development: { fingerprints: ["*"] } }],
  ["policy-development-beside-vendor", "development beside a vendor", { ...vendor, development: "loopback" }],
  ["policy-development-beside-vendor", "typed machines beside a vendor", { ...vendor, development: typed.development }],
  ["policy-malformed", "no status", tcb({ statuses: [] })],
  ["policy-malformed", "an unknown status", tcb({ statuses: ["Fine"] })],
  ["policy-wildcard", "any status", tcb({ statuses: ["*"] })],
  ["policy-status-too-low", "hardware that is out of date", tcb({ statuses: ["UpToDate", "OutOfDate"] })],
  [
    "policy-status-too-low",
    "hardware out of date and misconfigured",
    tcb({ statuses: ["OutOfDateConfigurationNeeded"] }),
  ],
  ["policy-status-too-low", "hardware that was withdrawn", tcb({ statuses: ["Revoked"] })],
  ["policy-wildcard", "an advisory pattern", tcb({ advisories: ["INTEL-SA-*"] })],
  ["policy-wildcard", "any advisory", tcb({ advisories: ["any"] })],
  ["policy-advisory-unnamed", "an advisory by half a name", tcb({ advisories: ["INTEL-SA"] })],
  ["policy-advisory-unnamed", "an advisory by its number", tcb({ advisories: [615] })],
  ["policy-any-round", "any round of judgement", tcb({ evaluationMin: 0 })],
  ["policy-malformed", "half a round of judgement", tcb({ evaluationMin: 1.5 })],
  ["policy-malformed", "a round of judgement in words", tcb({ evaluationMin: "17" })],
  ["policy-malformed", "a round of judgement below zero", tcb({ evaluationMin: -1 })],
  ["policy-no-measurements", "any software", withoutSoftware],
  ["policy-no-measurements", "any software in trust domains", { ...withoutSoftware, tdx: {} }],
  ["policy-no-measurements", "any software in enclaves", { ...withoutSoftware, sgx: {} }],
  ["policy-no-measurements", "no enclave", { ...vendor, sgx: { mrenclave: [] } }],
  ...(["mrtd", "rtmr0", "rtmr1", "rtmr2"] as const).flatMap(
    (name) =>
      [
        ["policy-no-measurements", `any ${name}`, { ...vendor, tdx: without(vendor.tdx, name) }],
        ["policy-no-measurements", `no ${name}`, tdx({ [name]: [] })],
        ["policy-wildcard", `every ${name}`, tdx({ [name]: ["*"] })],
      ] as const,
  ),
  ["policy-no-measurements", "any application", { ...vendor, tdx: tdxRule }],
  ["policy-no-measurements", "no application", dstack({ composeHashes: [] })],
  [
    "policy-no-measurements",
    "an application without its compose hash",
    tdx({ dstack: without(dstackRule, "composeHashes") }),
  ],
  ["policy-no-measurements", "an empty fourth register", { ...registerPolicy, tdx: { ...tdxRule, rtmr3: [] } }],
  ["policy-wildcard", "every application", dstack({ composeHashes: [""] })],
  ["policy-malformed", "an application in two ways", tdx({ rtmr3: ["ab".repeat(48)] })],
  ["policy-malformed", "a measurement in capitals", tdx({ mrtd: ["AB".repeat(48)] })],
  ["policy-malformed", "a measurement of another length", tdx({ mrtd: ["ab".repeat(32)] })],
  ["policy-malformed", "a measurement that is no list", tdx({ mrtd: "ab".repeat(48) })],
  ["policy-no-key-provider", "any key provider", tdx({ dstack: without(dstackRule, "keyProviders") })],
  ["policy-no-key-provider", "no key provider", dstack({ keyProviders: [] })],
  ["policy-wildcard", "a key provider of any name", dstack({ keyProviders: [{ name: "*", id: "00" }] })],
  ["policy-wildcard", "a key authority of any identity", dstack({ keyProviders: [{ name: "kms", id: "*" }] })],
  ["policy-wildcard", "a key authority without an identity", dstack({ keyProviders: [{ name: "kms", id: "" }] })],
  ["policy-malformed", "a key provider that is a name alone", dstack({ keyProviders: ["kms"] })],
  ["policy-malformed", "a key provider's identity as a number", dstack({ keyProviders: [{ name: "kms", id: 7 }] })],
  ["policy-wildcard", "any application id", dstack({ appIds: ["*"] })],
  ["policy-malformed", "no application id", dstack({ appIds: [] })],
  ["policy-malformed", "a short application id", dstack({ appIds: ["a1"] })],
  ["policy-malformed", "no operating system", dstack({ osImages: [] })],
  [
    "policy-upgrades-of-nobody",
    "disabled upgrades of nobody",
    { ...vendor, tdx: { ...tdxRule, dstack: without(dstackRule, "appIds") } },
  ],
  ["policy-malformed", "upgrades that are allowed", dstack({ upgrades: "allowed" })],
  ["policy-wildcard", "upgrades by any owner", dstack({ upgrades: { owner: "*" } })],
  ["policy-wildcard", "upgrades by an owner without a name", dstack({ upgrades: { owner: "" } })],
  ["policy-malformed", "upgrades by a number", dstack({ upgrades: { owner: 7 } })],
  ["policy-malformed", "machines that are no list", { ...vendor, hardware: "cd".repeat(16) }],
  [
    "policy-malformed",
    "more machines than fit",
    { ...vendor, hardware: Array.from({ length: 1025 }, () => "cd".repeat(16)) },
  ],
  ["policy-malformed", "no machine", { ...vendor, hardware: [] }],
  ["policy-wildcard", "any machine", { ...vendor, hardware: ["*"] }],
  ["policy-wildcard", "any contract", { ...vendor, contracts: ["*"] }],
  ["policy-malformed", "no contract", { ...vendor, contracts: [] }],
  ["policy-malformed", "no lineage", { ...vendor, lineages: [] }],
  ["policy-malformed", "statements of any age", { ...vendor, freshness: { collateralHours: 1e6 } }],
  ["policy-malformed", "statements of no age", { ...vendor, freshness: { collateralHours: 0 } }],
  ["policy-malformed", "freshness that says nothing", { ...vendor, freshness: {} }],
  ["policy-malformed", "an end that is no moment", { ...vendor, expires: "2027" }],
  ["policy-malformed", "an end that does not exist", { ...vendor, expires: "2027-02-30T00:00:00Z" }],
  ["policy-no-measurements", "AMD, whatever its guests run", without(other, "sevSnp")],
  ["policy-no-measurements", "AWS, whatever its enclaves run", without(other, "nitro")],
  [
    "policy-no-measurements",
    "Intel, because AMD's guests are named",
    { ...withoutSoftware, vendors: ["intel"], sevSnp: sevSnpRule },
  ],
  ["policy-no-measurements", "no guest", snp({ measurements: [] })],
  ["policy-wildcard", "every guest", snp({ measurements: ["*"] })],
  ["policy-malformed", "a guest by SHA-256", snp({ measurements: ["3e".repeat(32)] })],
  ["policy-any-round", "firmware of any age", { ...other, sevSnp: without(sevSnpRule, "minimum") }],
  ["policy-any-round", "firmware of no generation", snp({ minimum: {} })],
  ["policy-any-round", "firmware without a version", genoa({ snp: 0 })],
  ["policy-any-round", "microcode without a version", genoa({ microcode: 0 })],
  ["policy-unknown-member", "Milan", snp({ minimum: { ...sevSnpRule.minimum, Milan: sevSnpRule.minimum.Genoa } })],
  ["policy-unknown-member", "an FMC of Genoa", genoa({ fmc: 1 })],
  ["policy-malformed", "Turin without its FMC", snp({ minimum: { Turin: without(sevSnpRule.minimum.Turin, "fmc") } })],
  ["policy-malformed", "a version beyond a byte", genoa({ snp: 256 })],
  ["policy-malformed", "a version of firmware in words", genoa({ tee: "1" })],
  ["policy-malformed", "no privilege level", snp({ vmpl: [] })],
  ["policy-malformed", "a privilege level that there is not", snp({ vmpl: [4] })],
  ["policy-malformed", "any security version of a guest", snp({ guestSvnMin: 0 })],
  ["policy-malformed", "a protection that is none", snp({ platform: ["smt"] })],
  ["policy-malformed", "a protection that there is not", snp({ platform: ["everything"] })],
  ["policy-wildcard", "any protection", snp({ platform: ["*"] })],
  ["policy-malformed", "no host data", snp({ hostData: [] })],
  ["policy-unknown-member", "debugging of guests", snp({ debug: true })],
  ...(["pcr0", "pcr1", "pcr2"] as const).flatMap(
    (name) =>
      [
        ["policy-no-measurements", `any ${name}`, { ...other, nitro: without(nitroRule, name) }],
        ["policy-no-measurements", `no ${name}`, nitro({ [name]: [] })],
        ["policy-malformed", `${name} of an enclave for debugging`, nitro({ [name]: ["00".repeat(48)] })],
      ] as const,
  ),
  ["policy-wildcard", "every pcr0", nitro({ pcr0: ["*"] })],
  ["policy-no-measurements", "no signer of an enclave", nitro({ pcr8: [] })],
  ["policy-unknown-member", "a register of enclaves that nobody judges", nitro({ pcr4: ["a4".repeat(48)] })],
  ["policy-malformed", "a chip by half its name", { ...other, hardware: ["c2".repeat(32)] }],
];

/** When the policy of a vendor above ends. */
const end = Date.UTC(2027, 0, 1) / 1000;

export const policies: readonly Attack[] = [
  ...refused.map(([code, name, json]): Attack => ({
    name: `policy: ${name}`,
    code,
    run: async () => checkPolicy(json),
  })),
  { name: "policy: one that has ended", code: "policy-expired", run: async () => checkPolicy(vendor, end) },
];
