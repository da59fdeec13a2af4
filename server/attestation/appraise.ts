/** Do we accept it? Judges what was verified by a policy, and says each verdict in a sentence a person can read. */
import type { AttestationErrorCode } from "./errors.ts";
import { type Policy, vendorOf } from "./policy.ts";
import { measurementNames, type Verified, type VerifiedSgx } from "./verified.ts";

export interface Situation {
  /** Unix seconds. */
  readonly now: number;
  /** Whether the place is on the very machine that appraises. */
  readonly loopback: boolean;
  /** Highest `tcb.evaluation` this relying party has accepted before; a host must not go back behind it. */
  readonly evaluationSeen?: number;
}

export interface Check {
  /** What was looked at: "Hardware maker". */
  readonly name: string;
  /** What was found, for a person who compares. */
  readonly value: string;
  /** A warning is accepted, and worth knowing. */
  readonly verdict: "pass" | "warn" | "fail";
  readonly sentence: string;
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

type Judged = Check & { readonly code?: AttestationErrorCode };

/** Judges verified evidence. Every rule is evaluated, so that the report is complete even when the first one fails. */
export function appraise(verified: Verified, policy: Policy, situation: Situation): Appraisal {
  const development = vendorOf(verified.root.fingerprint) === undefined;
  const said: Judged[] = [
    judgeEvidence(verified),
    judgeStatus(verified, policy),
    judgeAdvisories(verified, policy),
    judgeEvaluation(verified, policy, situation),
    judgeAge(verified, situation),
    ...judgeMeasurements(verified, policy),
    judgeHardware(verified, policy),
  ];
  const judged = development
    ? [judgeDevelopment(verified, policy, situation), ...said.map(doubt)]
    : [judgeVendor(verified, policy), ...said];
  const failed = judged.find((check) => check.verdict === "fail");
  return {
    accepted: failed === undefined,
    refusal: failed?.code,
    development,
    checks: judged.map(({ name, value, verdict, sentence }) => ({ name, value, verdict, sentence })),
  };
}

function judgeVendor(verified: Verified, policy: Policy): Judged {
  const vendor = vendorOf(verified.root.fingerprint);
  const accepted = vendor !== undefined && policy.vendors.includes(vendor);
  return verdict("Hardware maker", verified.root.name, accepted, "vendor-refused", [
    "The maker of the hardware signed that this enclave runs on it.",
    "This page does not accept that maker.",
  ]);
}

function judgeDevelopment(verified: Verified, policy: Policy, situation: Situation): Judged {
  const base = { name: "Hardware maker", value: `none (development root ${verified.root.fingerprint})` };
  const rule = policy.development;
  if (rule === "loopback" && situation.loopback) {
    return {
      ...base,
      verdict: "warn",
      sentence: "A development machine, your own. It protects nothing from its host.",
    };
  }
  if (typeof rule === "object" && rule.fingerprints.includes(verified.root.fingerprint)) {
    return {
      ...base,
      verdict: "warn",
      sentence: "A development machine whose fingerprint you typed. It protects nothing from its host.",
    };
  }
  const sentence =
    rule === "loopback"
      ? "A development machine that is not your own. Its operator can read everything."
      : "A development machine. Its operator can read everything.";
  return { ...base, verdict: "fail", sentence, code: "development-refused" };
}

/** What a development machine says about itself it could say as well if it were not so. */
const doubt = (check: Judged): Judged =>
  check.verdict === "fail"
    ? check
    : { ...check, verdict: "warn", sentence: "A development machine says this about itself: it proves nothing." };

/** `verify` refuses everything else, so this can only pass. */
const judgeEvidence = (verified: Verified): Judged => ({
  name: "Evidence",
  value: `${verified.kind.toUpperCase()} quote, version ${verified.quoteVersion}`,
  verdict: "pass",
  sentence: "Every signature is genuine, nothing was withdrawn, and debugging is off.",
});

function judgeStatus(verified: Verified, policy: Policy): Judged {
  const { status } = verified.tcb;
  const accepted = policy.tcb.statuses.some((accept) => accept === status);
  if (accepted && status !== "UpToDate") {
    const sentence = "The vendor asks for more than this machine has; this page's policy accepts that.";
    return { name: "Security updates", value: status, verdict: "warn", sentence };
  }
  return verdict("Security updates", status, accepted, "tcb-status-refused", [
    "Firmware and microcode are as new as the vendor asks for.",
    "This machine lacks security updates that this page asks for.",
  ]);
}

function judgeAdvisories(verified: Verified, policy: Policy): Judged {
  const { advisories } = verified.tcb;
  const unknown = advisories.filter((name) => !policy.tcb.advisories.includes(name));
  const value = advisories.join(", ") || "none";
  if (advisories.length > 0 && unknown.length === 0) {
    const sentence = "The vendor knows these weaknesses; this page's policy accepts each by name.";
    return { name: "Known weaknesses", value, verdict: "warn", sentence };
  }
  return verdict("Known weaknesses", value, unknown.length === 0, "advisory-refused", [
    "The vendor knows of no weakness in what this machine runs.",
    `This page does not accept ${unknown.join(", ")}.`,
  ]);
}

function judgeEvaluation(verified: Verified, policy: Policy, situation: Situation): Judged {
  const needed = Math.max(policy.tcb.evaluationMin, situation.evaluationSeen ?? 0);
  const { evaluation } = verified.tcb;
  return verdict("Round of judgement", `${evaluation}`, evaluation >= needed, "evaluation-too-old", [
    "The vendor's judgement of this machine is recent enough.",
    `A newer judgement is known to exist (round ${needed}); the host presents an older one.`,
  ]);
}

function judgeAge(verified: Verified, situation: Situation): Judged {
  const hours = Math.max(0, Math.floor((situation.now - verified.issued) / 3600));
  const fresh = verified.issued <= situation.now && situation.now <= verified.expires;
  return verdict("Age of that judgement", `${hours} h`, fresh, "collateral-expired", [
    "The vendor's statements are valid today.",
    "The vendor's statements are not valid today.",
  ]);
}

function judgeMeasurements(verified: Verified, policy: Policy): Judged[] {
  if (verified.kind === "sgx") return [judgeEnclave(verified, policy)];
  return measurementNames.map((name): Judged => {
    const value = verified.measurements[name];
    const accepted = policy.measurements?.[name];
    if (accepted === undefined) {
      return { name: name.toUpperCase(), value, verdict: "warn", sentence: "Not compared: this page names no value." };
    }
    return verdict(name.toUpperCase(), value, accepted.includes(value), "measurement-refused", [
      "The published software.",
      "Not the published software.",
    ]);
  });
}

/** No policy names enclaves of SGX yet: one is as good as any where nothing is named, and no good where something is. */
function judgeEnclave({ enclave }: VerifiedSgx, policy: Policy): Judged {
  const base = { name: "MRENCLAVE", value: enclave.mrenclave };
  return policy.measurements === undefined
    ? { ...base, verdict: "warn", sentence: "Not compared: this page names no value." }
    : { ...base, verdict: "fail", sentence: "Not the published software.", code: "measurement-refused" };
}

function judgeHardware(verified: Verified, policy: Policy): Judged {
  if (policy.hardware === undefined) {
    const sentence = "Any machine is accepted; this page has no list of machines.";
    return { name: "Machine", value: verified.ppid, verdict: "warn", sentence };
  }
  return verdict("Machine", verified.ppid, policy.hardware.includes(verified.ppid), "hardware-refused", [
    "The machine is on this page's list.",
    "The machine is not on this page's list.",
  ]);
}

function verdict(
  name: string,
  value: string,
  accepted: boolean,
  code: AttestationErrorCode,
  [yes, no]: readonly [string, string],
): Judged {
  return accepted
    ? { name, value, verdict: "pass", sentence: yes }
    : { name, value, verdict: "fail", sentence: no, code };
}
