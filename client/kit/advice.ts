/** What can be done about a connection that failed or ended: which buttons stand under the sentence. */
import type { ClientError, ClientErrorCode } from "#client/errors.ts";
import { attestationCodes } from "#attestation/errors.ts";
import type { Want } from "#protocol/message.ts";
import type { Policy } from "#attestation/policy.ts";

/** `again`: the same visit once more. `type`: the fingerprint of a development root. */
export type Remedy = "again" | "watch" | "reload" | "type" | "lobby";

const reloads: ReadonlySet<ClientErrorCode> = new Set(["protocol-mismatch", "malformed", "evidence-unsupported"]);
const watchable: ReadonlySet<ClientErrorCode> = new Set(["room-full"]);
/** Not for ever, but nothing changes by itself either. */
const returnable: ReadonlySet<ClientErrorCode> = new Set([
  "taken-over",
  "closed",
  "stale-evidence",
  "keys-unavailable",
  "rolled-back",
  "store-damaged",
]);

/** Whether the failure is about proof: then play is blocked, and the shield says more. */
export const isAboutProof = (code: ClientErrorCode): boolean => Object.hasOwn(attestationCodes, code);

/** In the order in which they are offered; the way back to the lobby is always last. */
export function remediesFor(error: Pick<ClientError, "code" | "retry">, want: Want, policy: Policy): Remedy[] {
  const { code } = error;
  const remedies: Remedy[] = [];
  if (code === "development-refused" && policy.development === "loopback") remedies.push("type");
  if (reloads.has(code)) remedies.push("reload");
  if (watchable.has(code) && want === "play") remedies.push("watch");
  if (error.retry || returnable.has(code)) remedies.push("again");
  return [...remedies, "lobby"];
}

/** A policy that also accepts the development root whose fingerprint a person has compared and typed. */
export function withTypedRoot(policy: Policy, fingerprint: string | null): Policy {
  return policy.development === "loopback" && fingerprint !== null
    ? { ...policy, development: { fingerprints: [fingerprint] } }
    : policy;
}

/** Reads what a person typed: 64 hex digits, with any spaces, colons or dashes between. Undefined if it is not that. */
export function readFingerprint(typed: string): string | undefined {
  const digits = typed.replace(/[\s:.-]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}
