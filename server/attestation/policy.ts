/**
 * What a relying party accepts. A policy is data, built into a page or written in a file; it is read strictly: a member
 * that is not known here, or a rule that would accept anything, is an error and not a default.
 */
import { AttestationError, demand } from "./errors.ts";
import { intelRoot, intelRootFingerprint } from "./intel-root.ts";
import { type Evidence, rootOf } from "./evidence.ts";
import { isDevelopmentRoot } from "./development-root.ts";
import { isAdvisory, type MeasurementName, measurementNames, type TcbStatus } from "./verified.ts";

/** Statuses a policy may accept. What is out of date or revoked has known holes; no policy can accept it. */
type AcceptableStatus = Exclude<TcbStatus, "OutOfDate" | "OutOfDateConfigurationNeeded" | "Revoked">;

const acceptableStatuses: ReadonlySet<unknown> = new Set<AcceptableStatus>([
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
]);

/**
 * Development roots are made by anybody, in a second, in software. `loopback` accepts one only from the machine the
 * page runs on; a list accepts the ones whose fingerprint a person compared and typed.
 */
type DevelopmentRule = "refused" | "loopback" | { readonly fingerprints: readonly string[] };

export interface Policy {
  readonly version: 1;
  /** Hardware makers. Their roots are constants of this zone. */
  readonly vendors: readonly "intel"[];
  /** Refused wherever a vendor is accepted: nobody should have to ask which of the two it was. */
  readonly development: DevelopmentRule;
  readonly tcb: {
    readonly statuses: readonly AcceptableStatus[];
    /** Every advisory that applies to a machine must be named here, whatever its status. */
    readonly advisories: readonly string[];
    /** Lowest tcbEvaluationDataNumber. */
    readonly evaluationMin: number;
  };
  /** Accepted values per register, 96 hex digits each. All registers are needed where a vendor is accepted. */
  readonly measurements?: Partial<Readonly<Record<MeasurementName, readonly string[]>>>;
  /** Known machines by PPID, 32 hex digits each. Missing: any machine. */
  readonly hardware?: readonly string[];
}

/** For development: machines of one's own, and nothing else. */
export const developmentPolicy: Policy = {
  version: 1,
  vendors: [],
  development: "loopback",
  tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 1 },
};

/**
 * Reads a policy.
 *
 * @throws AttestationError "policy-malformed" on anything missing, unknown or of the wrong form; "policy-too-loose" if
 *   it accepts what is out of date or, beside a vendor's, development machines, or if it leaves open what software a
 *   vendor's machine runs.
 */
export function checkPolicy(json: unknown): Policy {
  const policy = members(json, ["version", "vendors", "development", "tcb"], ["measurements", "hardware"]);
  demand(policy["version"] === 1, "policy-malformed", "version");
  const vendors = list(policy["vendors"], (value): value is "intel" => value === "intel", "vendors");
  const development = readDevelopment(policy["development"]);
  const measurements = policy["measurements"] === undefined ? undefined : readMeasurements(policy["measurements"]);
  demand(vendors.length > 0 || development !== "refused", "policy-malformed", "accepts nobody");
  const tcb = readTcb(policy["tcb"]);
  if (vendors.length > 0) {
    demand(development === "refused", "policy-too-loose", "development beside a vendor");
    for (const name of measurementNames) demand(measurements?.[name] !== undefined, "policy-too-loose", name);
    demand(tcb.evaluationMin > 0, "policy-too-loose", "evaluationMin");
  }
  return {
    version: 1,
    vendors,
    development,
    tcb,
    ...(measurements === undefined ? {} : { measurements }),
    ...(policy["hardware"] === undefined ? {} : { hardware: filled(policy["hardware"], isPpid, "hardware") }),
  };
}

/**
 * The roots to verify this evidence against under this policy. A development root is offered only where the policy has
 * a rule for them, and never decides by itself: `appraise` applies the rule.
 */
export function rootsFor(policy: Policy, evidence: Evidence): readonly Uint8Array[] {
  const vendors = policy.vendors.map(() => intelRoot);
  if (policy.development === "refused") return vendors;
  const root = rootOf(evidence);
  return isDevelopmentRoot(root) ? [...vendors, root] : vendors;
}

/** The maker whose pinned root has this fingerprint. */
export const vendorOf = (fingerprint: string): "intel" | undefined =>
  fingerprint === intelRootFingerprint ? "intel" : undefined;

function readDevelopment(value: unknown): DevelopmentRule {
  if (value === "refused" || value === "loopback") return value;
  const { fingerprints } = members(value, ["fingerprints"], []);
  return { fingerprints: filled(fingerprints, isFingerprint, "development.fingerprints") };
}

function readTcb(value: unknown): Policy["tcb"] {
  const tcb = members(value, ["statuses", "advisories", "evaluationMin"], []);
  const { evaluationMin } = tcb;
  demand(
    typeof evaluationMin === "number" && Number.isSafeInteger(evaluationMin) && evaluationMin >= 0,
    "policy-malformed",
    "tcb.evaluationMin",
  );
  for (const status of ["OutOfDate", "OutOfDateConfigurationNeeded", "Revoked"]) {
    const named = Array.isArray(tcb["statuses"]) && tcb["statuses"].includes(status);
    demand(!named, "policy-too-loose", `tcb.statuses: ${status}`);
  }
  return {
    statuses: filled(tcb["statuses"], isAcceptable, "tcb.statuses"),
    advisories: list(tcb["advisories"], isAdvisory, "tcb.advisories"),
    evaluationMin,
  };
}

function readMeasurements(value: unknown): NonNullable<Policy["measurements"]> {
  const given = members(value, [], measurementNames);
  const out: Partial<Record<MeasurementName, readonly string[]>> = {};
  for (const name of measurementNames) {
    if (given[name] !== undefined) out[name] = filled(given[name], isMeasurement, name);
  }
  return out;
}

const isAcceptable = (value: unknown): value is AcceptableStatus => acceptableStatuses.has(value);
const hexOf = (digits: number) => {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`);
  return (value: unknown): value is string => typeof value === "string" && pattern.test(value);
};
const isMeasurement = hexOf(96);
const isFingerprint = hexOf(64);
const isPpid = hexOf(32);

function members(
  value: unknown,
  needed: readonly string[],
  optional: readonly string[],
): Readonly<Record<string, unknown>> {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), "policy-malformed", "not an object");
  for (const key of Object.keys(value)) {
    demand(needed.includes(key) || optional.includes(key), "policy-malformed", `unknown member ${key}`);
  }
  for (const key of needed) demand(Object.hasOwn(value, key), "policy-malformed", `${key} is missing`);
  return value as Record<string, unknown>;
}

/** A policy names a handful of everything; a thousand is a list of a fleet's machines. */
const policyListMax = 1024;

function list<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  demand(Array.isArray(value) && value.length <= policyListMax, "policy-malformed", name);
  const items: readonly unknown[] = value;
  if (!items.every(is)) throw new AttestationError("policy-malformed", name);
  return items;
}

/** An empty list would accept nothing; whoever writes one means something else. */
function filled<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  const items = list(value, is, name);
  demand(items.length > 0, "policy-malformed", `${name} is empty`);
  return items;
}
