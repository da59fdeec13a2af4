/** Do we accept it? Judges what was verified by a policy, and says each verdict in a sentence a person can read. */
import type { AttestationErrorCode } from "./errors.ts";
import { type Check, verdict, warning } from "./judged.ts";
import { judgeFirmware } from "./judge-sev-snp.ts";
import { judgeSoftware } from "./judge-software.ts";
import { hasExpired, type Policy, vendorOf } from "./policy.ts";
import { nameOf, type Verified, type VerifiedByIntel } from "./verified.ts";

export type { Check } from "./judged.ts";

export interface Situation {
  /** Unix seconds. */
  readonly now: number;
  /** Whether the place is on the very machine that appraises. */
  readonly loopback: boolean;
  /** Highest `tcb.evaluation` this relying party has accepted before; a host must not go back behind it. */
  readonly evaluationSeen?: number;
  /** What the worker says about the room, once the evidence was found to bind it. 64 hex digits each. */
  readonly claims?: { readonly contract: string; readonly lineage: string };
}

export interface Appraisal {
  readonly accepted: boolean;
  /** Code of the first check that failed; undefined if accepted. */
  readonly refusal: AttestationErrorCode | undefined;
  /** Whether nothing but a development root vouches: it protects nothing from the host. */
  readonly development: boolean;
  /** In the order in which a person would ask. */
  readonly checks: readonly Check[];
}

/** Judges verified evidence. Every rule is evaluated, so that the report is complete even when the first one fails. */
export function appraise(verified: Verified, policy: Policy, situation: Situation): Appraisal {
  const development = vendorOf(verified.root.fingerprint) === undefined;
  const said: readonly Check[] = [
    judgeEvidence(verified),
    ...judgeUpdates(verified, policy, situation),
    judgeAge(verified, policy, situation),
    ...judgeSoftware(verified, policy),
    ...judgeHardware(verified, policy),
    ...judgeClaims(policy, situation),
  ];
  const judged = development
    ? [judgeDevelopment(verified, policy, situation), ...said.map(doubt)]
    : [judgeVendor(verified, policy), ...said];
  const checks = [...judgePolicy(policy, situation), ...judged];
  const failed = checks.find((check) => check.verdict === "fail");
  return { accepted: failed === undefined, refusal: failed?.code, development, checks };
}

function judgePolicy(policy: Policy, { now }: Situation): Check[] {
  if (policy.expires === undefined) return [];
  return [
    verdict("This page's rules", `until ${policy.expires}`, !hasExpired(policy, now), "policy-expired", [
      "The rules by which this page judges are in force.",
      "The rules by which this page judges have ended.",
    ]),
  ];
}

function judgeVendor(verified: Verified, policy: Policy): Check {
  const vendor = vendorOf(verified.root.fingerprint);
  const accepted = vendor !== undefined && policy.vendors.includes(vendor);
  return verdict("Hardware maker", verified.root.name, accepted, "vendor-refused", [
    "The maker of the hardware signed that this enclave runs on it.",
    "This page does not accept that maker.",
  ]);
}

function judgeDevelopment(verified: Verified, policy: Policy, situation: Situation): Check {
  const [name, value] = ["Hardware maker", `none (development root ${verified.root.fingerprint})`];
  const rule = policy.development;
  if (rule === "loopback" && situation.loopback) {
    return warning(name, value, "A development machine, your own. It protects nothing from its host.");
  }
  if (typeof rule === "object" && rule.fingerprints.includes(verified.root.fingerprint)) {
    const sentence = "A development machine whose fingerprint you typed. It protects nothing from its host.";
    return warning(name, value, sentence);
  }
  const sentence =
    rule === "loopback"
      ? "A development machine that is not your own. Its operator can read everything."
      : "A development machine. Its operator can read everything.";
  return { name, value, verdict: "fail", sentence, code: "development-refused" };
}

/** What a development machine says about itself it could say as well if it were not so. */
const doubt = (check: Check): Check =>
  check.verdict === "fail"
    ? check
    : { ...check, verdict: "warn", sentence: "A development machine says this about itself: it proves nothing." };

/** `verify` refuses everything else, so this can only pass. */
const judgeEvidence = (verified: Verified): Check => ({
  name: "Evidence",
  value: nameOf(verified),
  verdict: "pass",
  sentence: "Every signature is genuine, nothing was withdrawn, and debugging is off.",
});

/** Intel judges its machines itself; about AMD's, a policy says which versions are good enough; AWS says nothing. */
function judgeUpdates(verified: Verified, policy: Policy, situation: Situation): Check[] {
  if (verified.kind === "sev-snp") return [judgeFirmware(verified, policy)];
  // What AWS runs below its enclaves, it neither says nor lets anybody else say.
  if (verified.kind === "nitro") return [];
  return [
    judgeStatus(verified, policy),
    judgeAdvisories(verified, policy),
    judgeEvaluation(verified, policy, situation),
  ];
}

function judgeStatus(verified: VerifiedByIntel, policy: Policy): Check {
  const { status } = verified.tcb;
  const accepted = policy.tcb.statuses.some((accept) => accept === status);
  if (accepted && status !== "UpToDate") {
    const sentence = "The vendor asks for more than this machine has; this page's policy accepts that.";
    return warning("Security updates", status, sentence);
  }
  return verdict("Security updates", status, accepted, "tcb-status-refused", [
    "Firmware and microcode are as new as the vendor asks for.",
    "This machine lacks security updates that this page asks for.",
  ]);
}

function judgeAdvisories(verified: VerifiedByIntel, policy: Policy): Check {
  const { advisories } = verified.tcb;
  const unknown = advisories.filter((name) => !policy.tcb.advisories.includes(name));
  const value = advisories.join(", ") || "none";
  if (advisories.length > 0 && unknown.length === 0) {
    const sentence = "The vendor knows these weaknesses; this page's policy accepts each by name.";
    return warning("Known weaknesses", value, sentence);
  }
  return verdict("Known weaknesses", value, unknown.length === 0, "advisory-refused", [
    "The vendor knows of no weakness in what this machine runs.",
    `This page does not accept ${unknown.join(", ")}.`,
  ]);
}

function judgeEvaluation(verified: VerifiedByIntel, policy: Policy, situation: Situation): Check {
  const needed = Math.max(policy.tcb.evaluationMin, situation.evaluationSeen ?? 0);
  const { evaluation } = verified.tcb;
  return verdict("Round of judgement", `${evaluation}`, evaluation >= needed, "evaluation-too-old", [
    "The vendor's judgement of this machine is recent enough.",
    `A newer judgement is known to exist (round ${needed}); the host presents an older one.`,
  ]);
}

function judgeAge(verified: Verified, policy: Policy, { now }: Situation): Check {
  const name = "Age of that judgement";
  const hours = Math.max(0, Math.floor((now - verified.issued) / 3600));
  const inForce = verified.issued <= now && now <= verified.expires;
  const most = policy.freshness?.collateralHours;
  if (inForce && most !== undefined && now - verified.issued > most * 3600) {
    const sentence = `Older than the ${most} hours that this page allows.`;
    return verdict(name, `${hours} h`, false, "collateral-too-old", ["", sentence]);
  }
  return verdict(name, `${hours} h`, inForce, "collateral-expired", [
    "The vendor's statements are valid today.",
    "The vendor's statements are not valid today.",
  ]);
}

function judgeHardware(verified: Verified, { hardware }: Policy): Check[] {
  if (verified.kind === "nitro") {
    const sentence =
      "A machine of AWS, which does not say which; whoever is let into its data centres is for AWS to say.";
    return [warning("Machine", verified.moduleId, sentence)];
  }
  const machine = verified.kind === "sev-snp" ? verified.chipId : verified.ppid;
  if (hardware === undefined) {
    return [warning("Machine", machine, "Any machine is accepted; this page has no list of machines.")];
  }
  return [
    verdict("Machine", machine, hardware.includes(machine), "hardware-refused", [
      "The machine is on this page's list.",
      "The machine is not on this page's list.",
    ]),
  ];
}

/** That the worker runs what was asked for was compared before; whether that is on the policy's list is asked here. */
function judgeClaims({ contracts, lineages }: Policy, { claims }: Situation): Check[] {
  const checks: Check[] = [];
  const judge = (
    name: string,
    value: string | undefined,
    known: readonly string[] | undefined,
    code: AttestationErrorCode,
  ): void => {
    if (known === undefined) return;
    const listed = value !== undefined && known.includes(value);
    checks.push(verdict(name, value ?? "unknown", listed, code, ["On this page's list.", "Not on this page's list."]));
  };
  judge("Published rules", claims?.contract, contracts, "contract-refused");
  judge("Published lineage", claims?.lineage, lineages, "lineage-refused");
  return checks;
}
