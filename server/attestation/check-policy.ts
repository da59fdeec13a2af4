/**
 * Reads a policy, strictly: a member that is not known here, or a rule that would accept anything, is an error and not a
 * default. Each way of being too loose has a code of its own.
 */
import { AttestationError, type AttestationErrorCode, demand } from "./errors.ts";
import {
  type AcceptableStatus,
  type DevelopmentRule,
  type DstackRule,
  hasExpired,
  type Policy,
  type SgxRule,
  type TdxRule,
  type Vendor,
} from "./policy.ts";
import { parseIsoTime } from "./time.ts";
import { isAdvisory, type KeyProvider } from "./verified.ts";

const optionalMembers = ["expires", "freshness", "tdx", "sgx", "contracts", "lineages", "hardware"] as const;

/**
 * Reads a policy.
 *
 * @param now Unix seconds: a policy that has expired is refused then.
 * @throws AttestationError "policy-malformed", "policy-version", "policy-unknown-member" if it cannot be read;
 *   "policy-nobody", "policy-wildcard", "policy-no-measurements", "policy-no-key-provider", "policy-status-too-low",
 *   "policy-advisory-unnamed", "policy-any-round", "policy-upgrades-of-nobody", "policy-development-beside-vendor" if it
 *   is too loose; "policy-expired".
 */
export function checkPolicy(json: unknown, now?: number): Policy {
  demand(isObject(json), "policy-malformed", "not an object");
  demand(json["version"] === 2, "policy-version", `${String(json["version"])} instead of 2`);
  const given = members(json, ["version", "vendors", "development", "tcb"], optionalMembers);
  const vendors = list(given["vendors"], isVendor, "vendors");
  const policy: Policy = {
    version: 2,
    vendors,
    development: readDevelopment(given["development"]),
    tcb: readTcb(given["tcb"]),
    ...optional("expires", given, readTime),
    ...optional("freshness", given, readFreshness),
    ...optional("tdx", given, readTdx),
    ...optional("sgx", given, readSgx),
    ...optional("contracts", given, hashes),
    ...optional("lineages", given, hashes),
    ...optional("hardware", given, (value) => filled(value, hexOf(32), "hardware")),
  };
  checkTogether(policy);
  demand(now === undefined || !hasExpired(policy, now), "policy-expired", policy.expires);
  return policy;
}

/** What no member says alone. */
function checkTogether({ vendors, development, tdx, sgx, tcb }: Policy): void {
  if (vendors.length === 0) {
    demand(development !== "refused", "policy-nobody");
    return;
  }
  demand(development === "refused", "policy-development-beside-vendor");
  demand(tdx !== undefined || sgx !== undefined, "policy-no-measurements", "tdx or sgx");
  demand(tcb.evaluationMin > 0, "policy-any-round");
}

function readDevelopment(value: unknown): DevelopmentRule {
  if (value === "refused" || value === "loopback") return value;
  refuseWildcard(value, "development");
  const { fingerprints } = members(value, ["fingerprints"], []);
  return { fingerprints: filled(fingerprints, hexOf(64), "development.fingerprints") };
}

function readTcb(value: unknown): Policy["tcb"] {
  const { statuses, advisories, evaluationMin } = members(value, ["statuses", "advisories", "evaluationMin"], []);
  for (const status of ["OutOfDate", "OutOfDateConfigurationNeeded", "Revoked"]) {
    demand(!(Array.isArray(statuses) && statuses.includes(status)), "policy-status-too-low", status);
  }
  return {
    statuses: filled(statuses, isAcceptable, "tcb.statuses"),
    advisories: list(advisories, isAdvisory, "tcb.advisories", "policy-advisory-unnamed"),
    evaluationMin: whole(evaluationMin, 0, 0xffff_ffff, "tcb.evaluationMin"),
  };
}

/** After thirty days a statement has ended anyway. */
const collateralHoursMax = 30 * 24;

function readFreshness(value: unknown): NonNullable<Policy["freshness"]> {
  const { collateralHours } = members(value, ["collateralHours"], []);
  return { collateralHours: whole(collateralHours, 1, collateralHoursMax, "freshness.collateralHours") };
}

function readTime(value: unknown): string {
  demand(typeof value === "string" && parseIsoTime(value) !== undefined, "policy-malformed", "expires");
  return value;
}

const registers = ["mrtd", "rtmr0", "rtmr1", "rtmr2"] as const;

function readTdx(value: unknown): TdxRule {
  const given = members(value, [], [...registers, "rtmr3", "dstack"]);
  const values = (name: string): readonly string[] => measurements(given[name], hexOf(96), `tdx.${name}`);
  const [mrtd, rtmr0, rtmr1, rtmr2] = registers.map(values) as [string[], string[], string[], string[]];
  const { rtmr3, dstack } = given;
  demand(rtmr3 !== undefined || dstack !== undefined, "policy-no-measurements", "tdx.rtmr3 or tdx.dstack");
  demand(rtmr3 === undefined || dstack === undefined, "policy-malformed", "tdx.rtmr3 beside tdx.dstack");
  const application = dstack === undefined ? { rtmr3: values("rtmr3") } : { dstack: readDstackRule(dstack) };
  return { mrtd, rtmr0, rtmr1, rtmr2, ...application };
}

function readDstackRule(value: unknown): DstackRule {
  const given = members(value, [], ["composeHashes", "keyProviders", "appIds", "osImages", "upgrades"]);
  const composeHashes = measurements(given["composeHashes"], hexOf(64), "tdx.dstack.composeHashes");
  const { keyProviders, appIds, upgrades } = given;
  demand(keyProviders !== undefined && !isEmpty(keyProviders), "policy-no-key-provider");
  // Under which application upgrades are disabled must be said as well: everybody can register another.
  demand(upgrades === undefined || appIds !== undefined, "policy-upgrades-of-nobody");
  return {
    composeHashes,
    keyProviders: filled(keyProviders, isKeyProvider, "tdx.dstack.keyProviders"),
    ...optional("appIds", given, (ids) => filled(ids, hexOf(40), "tdx.dstack.appIds")),
    ...optional("osImages", given, hashes),
    ...optional("upgrades", given, readUpgrades),
  };
}

function readUpgrades(value: unknown): NonNullable<DstackRule["upgrades"]> {
  if (value === "disabled") return value;
  const { owner } = members(value, ["owner"], []);
  refuseWildcard(owner, "tdx.dstack.upgrades.owner");
  demand(typeof owner === "string" && owner.length <= 100, "policy-malformed", "tdx.dstack.upgrades.owner");
  return { owner };
}

function readSgx(value: unknown): SgxRule {
  const { mrenclave } = members(value, [], ["mrenclave"]);
  return { mrenclave: measurements(mrenclave, hexOf(64), "sgx.mrenclave") };
}

const hashes = (value: unknown, name: string): readonly string[] => filled(value, hexOf(64), name);

const isVendor = (value: unknown): value is Vendor => value === "intel";

const acceptable: ReadonlySet<unknown> = new Set<AcceptableStatus>([
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
]);

const isAcceptable = (value: unknown): value is AcceptableStatus => acceptable.has(value);

function isKeyProvider(value: unknown): value is KeyProvider {
  const { name, id } = members(value, ["name", "id"], []);
  refuseWildcard(name, "tdx.dstack.keyProviders");
  // Only `none`, which keeps no key, has no identity either.
  if (name !== "none") refuseWildcard(id, "tdx.dstack.keyProviders");
  return typeof name === "string" && typeof id === "string" && id.length <= 1024 && /^[a-z0-9-]{1,32}$/.test(name);
}

const hexOf = (digits: number) => {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`);
  return (value: unknown): value is string => typeof value === "string" && pattern.test(value);
};

function optional<N extends string, T>(
  name: N,
  given: Readonly<Record<string, unknown>>,
  read: (value: unknown, name: string) => T,
): { readonly [name in N]?: T } {
  return given[name] === undefined ? {} : ({ [name]: read(given[name], name) } as { readonly [name in N]?: T });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function members(
  value: unknown,
  needed: readonly string[],
  allowed: readonly string[],
): Readonly<Record<string, unknown>> {
  demand(isObject(value), "policy-malformed", "not an object");
  for (const key of Object.keys(value)) {
    demand(needed.includes(key) || allowed.includes(key), "policy-unknown-member", key);
  }
  for (const key of needed) demand(Object.hasOwn(value, key), "policy-malformed", `${key} is missing`);
  return value;
}

function whole(value: unknown, min: number, max: number, name: string): number {
  demand(
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
    "policy-malformed",
    name,
  );
  return value;
}

/** A policy names a handful of everything; a thousand is a list of a fleet's machines. */
const listMax = 1024;

function list<T>(
  value: unknown,
  is: (item: unknown) => item is T,
  name: string,
  otherwise: AttestationErrorCode = "policy-malformed",
): readonly T[] {
  refuseWildcard(value, name);
  demand(Array.isArray(value) && value.length <= listMax, "policy-malformed", name);
  const items: readonly unknown[] = value;
  for (const item of items) refuseWildcard(item, name);
  if (!items.every(is)) throw new AttestationError(otherwise, name);
  return items;
}

/** An empty list would accept nothing; whoever writes one means something else. */
function filled<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  const items = list(value, is, name);
  demand(items.length > 0, "policy-malformed", `${name} is empty`);
  return items;
}

/** What software may run is never left open. */
function measurements<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  demand(value !== undefined && !isEmpty(value), "policy-no-measurements", name);
  return filled(value, is, name);
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Texts that mean "whatever" somewhere else: here everything is named. */
function refuseWildcard(value: unknown, name: string): void {
  const wild = typeof value === "string" && (value === "" || /[*?]/.test(value) || /^(any|all)$/i.test(value));
  demand(!wild, "policy-wildcard", name);
}
