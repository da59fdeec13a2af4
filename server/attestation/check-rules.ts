/** Reads what a policy says about machines that are not Intel's. */
import { demand } from "./errors.ts";
import type { NitroRule, SevSnpRule } from "./policy.ts";
import { filled, hashes, hexOf, measurements, members, optional, whole } from "./policy-members.ts";
import type { PlatformFeatures } from "./sev-snp/guest.ts";
import type { SnpTcb } from "./sev-snp/tcb.ts";

export function readSevSnpRule(value: unknown): SevSnpRule {
  const given = members(value, [], ["measurements", "minimum", "hostData", "vmpl", "guestSvnMin", "platform"]);
  return {
    measurements: measurements(given["measurements"], hexOf(96), "sevSnp.measurements"),
    minimum: readMinimum(given["minimum"]),
    ...optional("hostData", given, hashes),
    ...optional("vmpl", given, (levels) => filled(levels, isLevel, "sevSnp.vmpl")),
    ...optional("guestSvnMin", given, (svn) => whole(svn, 1, 0xffff_ffff, "sevSnp.guestSvnMin")),
    ...optional("platform", given, (features) => filled(features, isFeature, "sevSnp.platform")),
  };
}

export function readNitroRule(value: unknown): NitroRule {
  const given = members(value, [], ["pcr0", "pcr1", "pcr2", "pcr8"]);
  const values = (name: string): readonly string[] => measurements(given[name], isRegister, `nitro.${name}`);
  return {
    pcr0: values("pcr0"),
    pcr1: values("pcr1"),
    pcr2: values("pcr2"),
    ...optional("pcr8", given, () => values("pcr8")),
  };
}

const isHexRegister = hexOf(96);

/** Zeros are what an enclave measures that is started for debugging. */
const isRegister = (value: unknown): value is string => isHexRegister(value) && !/^0+$/.test(value);

/** Nobody judges AMD's versions for us, so that a policy has to: without it, firmware of any age would do. */
function readMinimum(value: unknown): SevSnpRule["minimum"] {
  demand(value !== undefined, "policy-any-round", "sevSnp.minimum");
  const given = members(value, [], ["Genoa", "Turin"]);
  demand(Object.keys(given).length > 0, "policy-any-round", "sevSnp.minimum");
  return { ...optional("Genoa", given, readTcb), ...optional("Turin", given, readTcb) };
}

function readTcb(value: unknown, generation: string): SnpTcb {
  const names = generation === "Turin" ? ["fmc", ...components] : components;
  const given = members(value, names, []);
  const version = (name: string): number => whole(given[name], 0, 0xff, `sevSnp.minimum.${generation}.${name}`);
  const tcb = Object.fromEntries(names.map((name) => [name, version(name)])) as unknown as SnpTcb;
  demand(tcb.snp > 0 && tcb.microcode > 0, "policy-any-round", `sevSnp.minimum.${generation}`);
  return tcb;
}

const components = ["bootLoader", "tee", "snp", "microcode"];

const isLevel = (value: unknown): value is number => value === 0 || value === 1 || value === 2 || value === 3;

const features: ReadonlySet<unknown> = new Set<keyof PlatformFeatures>([
  "tsme",
  "ecc",
  "raplDisabled",
  "ciphertextHiding",
  "aliasCheck",
  "iommuWriteSafe",
]);

/** What protects; threads that share cores and trusted devices do not. */
const isFeature = (value: unknown): value is keyof PlatformFeatures => features.has(value);
