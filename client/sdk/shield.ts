/** What was found out about a worker, kept for the player to inspect, and the decision that follows from it. */
import { appraise, type Appraisal, type Check } from "#attestation/appraise.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import type { Policy } from "#attestation/policy.ts";
import { isByIntel, type Verified } from "#attestation/verified.ts";
import { checkBinding, type RoomClaims, type Welcome } from "#protocol/binding.ts";
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { asClientError, ClientError } from "./errors.ts";
import type { Evaluations } from "./evaluations.ts";
import type { VerifyEvidence } from "./verify-evidence.ts";

export interface Shield {
  /** Whether everything was accepted; only then is there a room. */
  readonly accepted: boolean;
  /** Whether nothing but a development root vouches: it protects nothing from the host. */
  readonly development: boolean;
  /** Each verdict in a sentence, in the order in which a person would ask. Empty if it did not come to that. */
  readonly checks: readonly Check[];
  /** What the evidence says; null if it was not genuine. */
  readonly verified: Verified | null;
  /** The evidence itself, for download. */
  readonly evidence: Uint8Array;
  /** What the worker says about the room, bound by the evidence. */
  readonly claims: RoomClaims;
  /** The worker's public channel key, bound by the evidence. 32 bytes. */
  readonly channelKey: Uint8Array;
  readonly keyEpoch: number;
  /** Where this page came from, which could lie about everything above; null outside of browsers. */
  readonly origin: string | null;
  /** When this was checked, in Unix ms by this device's clock. */
  readonly checkedAt: number;
}

/** What the player came for. All hashes are 32 bytes. */
export interface Expected {
  readonly room: RoomId;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  /** Other rules that are as welcome, if they are in force there. */
  readonly upgrades?: readonly Uint8Array[];
  readonly lineage: Uint8Array;
}

/** What the handshake left to be judged. */
export interface Presented {
  readonly welcome: Welcome;
  readonly channelKey: Uint8Array;
  /** Our own, of this very handshake. */
  readonly ephemeral: Uint8Array;
}

export interface Examination {
  readonly policy: Policy;
  /** Whether the place is on this very machine. */
  readonly loopback: boolean;
  /** What this device remembers of vendors' judgements; a round that is accepted here is kept there. */
  readonly evaluations: Evaluations;
  /** Unix ms. */
  readonly now: number;
  readonly origin: string | null;
  readonly verify: VerifyEvidence;
}

/**
 * Claims, then hardware, then binding, then policy.
 *
 * @throws ClientError with the code of the first thing that is wrong, and the shield as far as it came.
 */
export async function examine(presented: Presented, expected: Expected, how: Examination): Promise<Shield> {
  const { welcome, channelKey, ephemeral } = presented;
  const found: Shield = {
    accepted: false,
    development: false,
    checks: [],
    verified: null,
    evidence: welcome.evidence,
    claims: welcome.claims,
    channelKey,
    keyEpoch: welcome.keyEpoch,
    origin: how.origin,
    checkedAt: how.now,
  };
  const refuse = (code: AttestationErrorCode, shield: Shield = found) => new ClientError(code, { shield });

  const wrong = wrongClaim(welcome.claims, expected);
  if (wrong !== undefined) throw refuse(wrong);

  const verified = await how.verify(welcome.evidence, how.policy, how.now).catch((error: unknown) => {
    throw asClientError(error, { shield: found });
  });
  // Genuine, but about whom? Without this, anybody could present the quote of an honest worker.
  const binding = checkBinding(verified.reportData, channelKey, ephemeral, welcome);
  if (binding !== "bound") throw refuse(binding, { ...found, verified });

  const { loopback, evaluations, policy } = how;
  const root = verified.root.fingerprint;
  const appraisal: Appraisal = appraise(verified, policy, {
    now: how.now / 1000,
    loopback,
    evaluationSeen: evaluations.highest(root, verified.kind),
    claims: { contract: bytesToHex(welcome.claims.contract), lineage: bytesToHex(welcome.claims.lineage) },
  });
  const { accepted, development, checks, refusal } = appraisal;
  const shield: Shield = { ...found, accepted, development, checks, verified };
  if (!accepted) throw refuse(refusal ?? "policy-malformed", shield);
  if (isByIntel(verified)) evaluations.keep(root, verified.kind, verified.tcb.evaluation);
  return shield;
}

function wrongClaim(claims: RoomClaims, expected: Expected): AttestationErrorCode | undefined {
  if (!equalBytes(claims.world, expected.world)) return "wrong-world";
  const known = [expected.contract, ...(expected.upgrades ?? [])];
  if (!known.some((contract) => equalBytes(claims.contract, contract))) return "wrong-contract";
  if (!equalBytes(claims.lineage, expected.lineage)) return "wrong-lineage";
  if (claims.room !== expected.room) return "wrong-room";
  return undefined;
}
