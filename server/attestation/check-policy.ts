/**
 * Reads a policy, strictly: a member that is not known here, or a rule that would accept anything, is an error and not a
 * default. Each way of being too loose has a code of its own.
 */
import { readNitroRule, readSevSnpRule } from "./check-rules.ts";
import { demand } from "./errors.ts";
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
import {
  filled,
  hashes,
  hexOf,
  isEmpty,
  isObject,
  list,
  measurements,
  members,
  optional,
  refuseWildcard,
  whole,
} from "./policy-members.ts";
import { parseIsoTime } from "./time.ts";
import { isAdvisory, type KeyProvider } from "./verified.ts";

const optionalMembers = [
  "expires",
  "freshness",
  "tdx",
  "sgx",
  "sevSnp",
  "nitro",
  "contracts",
  "lineages",
  "hardware",
] as const;

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
    ...optional("sevSnp", given, readSevSnpRule),
    ...optional("nitro", given, readNitroRule),
    ...optional("contracts", given, hashes),
    ...optional("lineages", given, hashes),
    ...optional("hardware", given, (value) => filled(value, hexOf(32, 128), "hardware")),
  };
  checkTogether(policy);
  demand(now === undefined || !hasExpired(policy, now), "policy-expired", policy.expires);
  return policy;
}

/** What no member says alone. */
function checkTogether({ vendors, development, tdx, sgx, sevSnp, nitro, tcb }: Policy): void {
  if (vendors.length === 0) {
    demand(development !== "refused", "policy-nobody");
    return;
  }
  demand(development === "refused", "policy-development-beside-vendor");
  if (vendors.includes("intel")) {
    demand(tdx !== undefined || sgx !== undefined, "policy-no-measurements", "tdx or sgx");
    demand(tcb.evaluationMin > 0, "policy-any-round");
  }
  if (vendors.includes("amd")) demand(sevSnp !== undefined, "policy-no-measurements", "sevSnp");
  if (vendors.includes("aws")) demand(nitro !== undefined, "policy-no-measurements", "nitro");
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

const isVendor = (value: unknown): value is Vendor => value === "intel" || value === "amd" || value === "aws";

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
