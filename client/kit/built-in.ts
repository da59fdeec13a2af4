/** What was built into this page: whom it believes, and which rules it plays. Nothing of it is ever read from a gateway. */
import { checkPolicy } from "#attestation/check-policy.ts";
import type { Policy } from "#attestation/policy.ts";
import { hexToBytes } from "#protocol/bytes.ts";

export interface BuiltIn {
  /** World id, 32 bytes. */
  readonly world: Uint8Array;
  /** Contract hashes by name, 32 bytes each. */
  readonly contracts: { readonly [name: string]: Uint8Array };
  readonly policy: Policy;
}

/**
 * Reads what the build left.
 *
 * @throws Error naming the member that is wrong; AttestationError as `checkPolicy`.
 */
export function readBuiltIn(json: unknown): BuiltIn {
  const { world, contracts, policy } = members(json, "built-in");
  const hashes = Object.entries(members(contracts, "contracts"));
  return {
    world: hash(world, "world"),
    contracts: Object.fromEntries(hashes.map(([name, value]) => [name, hash(value, `contracts.${name}`)])),
    policy: checkPolicy(policy),
  };
}

/** Whether machines that protect nothing from their host are accepted at all. */
export const isDevelopment = (policy: Policy): boolean => policy.development !== "refused";

function members(value: unknown, name: string): { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) throw new Error(`${name} must be an object`);
  return value as { readonly [key: string]: unknown };
}

function hash(value: unknown, name: string): Uint8Array {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw new Error(`${name} must be 64 hex digits`);
  return hexToBytes(value);
}
