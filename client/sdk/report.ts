/** What was found out about a worker, line by line, for a person: the shield panel and `phatroom verify` show the same. */
import type { Check } from "#attestation/appraise.ts";
import { nameOf, type Verified } from "#attestation/verified.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { type ClientErrorCode, sentenceOf } from "./errors.ts";
import type { Shield } from "./shield.ts";

export interface ReportLine {
  readonly name: string;
  readonly value: string;
  /** `not-reached`: an earlier check failed, so this one was not made. */
  readonly verdict: Check["verdict"] | "not-reached";
  readonly sentence: string;
}

/** The checks that precede the policy's, in the order in which they are made. Each fails by codes of its own. */
const claims = [
  {
    name: "World",
    fails: ["wrong-world"],
    value: (shield: Shield) => bytesToHex(shield.claims.world),
    sentence: "The world that this page was built for.",
  },
  {
    name: "Rules (contract hash)",
    fails: ["wrong-contract", "wrong-lineage"],
    value: (shield: Shield) => bytesToHex(shield.claims.contract),
    sentence: "The very rules that this page was built for; nobody can change them in this room.",
  },
  {
    name: "Room",
    fails: ["wrong-room"],
    value: (shield: Shield) => `${shield.claims.room}, opening ${shield.claims.term}`,
    sentence: "The room that you asked for.",
  },
] as const;

/** Named by the worker, bound by the proof: nobody else can issue what this room awards. */
const issuer = {
  name: "Items",
  value: (shield: Shield) => {
    const { issuer: account } = shield.claims;
    return account.every((byte) => byte === 0) ? "issued by nobody" : `issued by account 0x${bytesToHex(account)}`;
  },
  sentence:
    "Items that this room awards are issued on chain by this account. Only these rules, in an enclave, have its key.",
} as const;

const binding = {
  name: "Bound to this connection",
  fails: ["key-not-bound", "stale-evidence"],
  value: (shield: Shield) => `key ${bytesToHex(shield.channelKey)}, epoch ${shield.keyEpoch}`,
  sentence: "The proof was made for this visit and names the key that your messages are encrypted to.",
} as const;

const makers = { tdx: "Intel", sgx: "Intel", "sev-snp": "AMD", nitro: "AWS" } as const;

const makerOf = ({ kind }: Verified): string => makers[kind];

/** Every check as a line; once one has failed, those after it were not reached. */
export function reportOf(shield: Shield, failure: ClientErrorCode | null): ReportLine[] {
  const lines: ReportLine[] = [];
  let reached = true;
  const add = (name: string, value: string, failed: boolean, sentence: string): void => {
    if (!reached) {
      lines.push({ name, value: "", verdict: "not-reached", sentence: "Not looked at: an earlier check failed." });
    } else if (failed && failure !== null) {
      lines.push({ name, value, verdict: "fail", sentence: sentenceOf(failure) });
      reached = false;
    } else {
      lines.push({ name, value, verdict: "pass", sentence });
    }
  };
  const failsBy = (codes: readonly string[]): boolean => failure !== null && codes.includes(failure);
  for (const claim of claims) add(claim.name, claim.value(shield), failsBy(claim.fails), claim.sentence);
  add(
    "Proof",
    shield.verified === null ? "not genuine" : `${makerOf(shield.verified)} ${nameOf(shield.verified)}`,
    reached && shield.verified === null,
    shield.development
      ? "Every signature in the proof is right, up to a development root."
      : "Every signature in the proof is right, up to the hardware maker's root.",
  );
  add(binding.name, binding.value(shield), failsBy(binding.fails), binding.sentence);
  add(issuer.name, issuer.value(shield), false, issuer.sentence);
  return [...lines, ...shield.checks.map(({ name, value, verdict, sentence }) => ({ name, value, verdict, sentence }))];
}
