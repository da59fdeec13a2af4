/** Judges what a machine runs, who hands out its keys, and who could put something else in its place. */
import { type Check, verdict, warning } from "./judged.ts";
import { judgeNitro } from "./judge-nitro.ts";
import { judgeGuest } from "./judge-sev-snp.ts";
import { type DstackRule, namesSoftware, type Policy } from "./policy.ts";
import {
  type DstackClaims,
  type MeasurementName,
  measurementNames,
  type Verified,
  type VerifiedSgx,
  type VerifiedTdx,
} from "./verified.ts";

const software = ["The published software.", "Not the published software."] as const;
const notCompared = "Not compared: this page names no value.";

export function judgeSoftware(verified: Verified, policy: Policy): Check[] {
  switch (verified.kind) {
    case "tdx":
      return judgeTd(verified, policy);
    case "sgx":
      return [judgeEnclave(verified, policy)];
    case "sev-snp":
      return judgeGuest(verified, policy);
    case "nitro":
      return judgeNitro(verified, policy);
  }
}

function judgeEnclave({ enclave }: VerifiedSgx, policy: Policy): Check {
  const { mrenclave } = enclave;
  if (!namesSoftware(policy)) return warning("MRENCLAVE", mrenclave, notCompared);
  const accepted = policy.sgx?.mrenclave.includes(mrenclave) === true;
  return verdict("MRENCLAVE", mrenclave, accepted, "measurement-refused", software);
}

function judgeTd(verified: VerifiedTdx, policy: Policy): Check[] {
  const rule = policy.tdx?.dstack;
  const registers = measurementNames.map((name) => judgeRegister(name, verified, policy));
  const { dstack } = verified;
  if (dstack === undefined && rule === undefined) {
    return namesSoftware(policy) ? [...registers, judgeUpgrades(dstack, rule)] : registers;
  }
  return [...registers, ...judgeDstack(dstack, rule), judgeUpgrades(dstack, rule)];
}

function judgeRegister(name: MeasurementName, { measurements }: VerifiedTdx, policy: Policy): Check {
  const [title, value] = [name.toUpperCase(), measurements[name]];
  if (!namesSoftware(policy)) return warning(title, value, notCompared);
  if (name === "rtmr3" && policy.tdx?.dstack !== undefined) {
    // The log was led to this value: what it says about the application is judged instead, line by line.
    return { name: title, value, verdict: "pass", sentence: "What the log below says adds up to this value." };
  }
  const accepted = policy.tdx?.[name]?.includes(value) === true;
  return verdict(title, value, accepted, "measurement-refused", software);
}

function judgeDstack(claims: DstackClaims | undefined, rule: DstackRule | undefined): Check[] {
  if (claims === undefined) {
    return [
      verdict("Application", "unknown", false, "event-log-missing", [
        "",
        "The machine does not say which application it runs, and this page accepts only one that it knows.",
      ]),
    ];
  }
  const { composeHash, appId, instanceId, keyProvider, osImageHash } = claims;
  const provider = keyProvider.id === "" ? keyProvider.name : `${keyProvider.name} ${keyProvider.id}`;
  const checks = [
    compare("Application (compose hash)", composeHash, rule?.composeHashes, "application-refused", [
      "The published images, started as published.",
      "Not the published application.",
    ]),
    compare("Application id", appId, rule?.appIds, "app-id-refused", [
      "The registered application that this page knows.",
      "Registered as another application than this page knows.",
    ]),
    { name: "Instance", value: instanceId || "none", verdict: "pass", sentence: "This one installation." } as const,
    rule === undefined
      ? warning("Keys come from", provider, notCompared)
      : verdict("Keys come from", provider, acceptsProvider(rule, keyProvider), "key-provider-refused", [
          "A key authority that this page knows.",
          "A key authority that this page does not know: it could read what the machine seals.",
        ]),
  ];
  const os = osImageHash ?? "not measured";
  if (osImageHash === undefined && rule?.osImages === undefined) return checks;
  return [
    ...checks,
    compare("Operating system image", os, rule?.osImages, "os-image-refused", [
      "The published operating system.",
      "Not the published operating system.",
    ]),
  ];
}

const acceptsProvider = (rule: DstackRule, { name, id }: DstackClaims["keyProvider"]): boolean =>
  rule.keyProviders.some((known) => known.name === name && known.id === id);

function compare(
  name: string,
  value: string,
  accepted: readonly string[] | undefined,
  code: Parameters<typeof verdict>[3],
  sentences: readonly [string, string],
): Check {
  if (accepted === undefined) return warning(name, value, notCompared);
  return verdict(name, value, accepted.includes(value), code, sentences);
}

/** Providers whose keys are lost, and not handed on, when the software changes. */
const boundToSoftware: ReadonlySet<string> = new Set(["none", "local-sgx"]);

function judgeUpgrades(claims: DstackClaims | undefined, rule: DstackRule | undefined): Check {
  const name = "Who can replace the worker";
  if (claims !== undefined && boundToSoftware.has(claims.keyProvider.name)) {
    const sentence = "The machine's keys are bound to what it runs: another worker would not get them.";
    return { name, value: "nobody", verdict: "pass", sentence };
  }
  if (rule?.upgrades === "disabled") {
    const sentence = "This page's author has checked that the key authority admits no other worker.";
    return { name, value: "nobody", verdict: "pass", sentence };
  }
  if (rule?.upgrades !== undefined) {
    const { owner } = rule.upgrades;
    return warning(name, owner, `${owner} can admit another worker, which then reads saved rooms.`);
  }
  return warning(name, "the operator", "The operator can replace the worker and then read saved rooms.");
}
