/** What was built into this page: whom it believes, and which rules it plays. Nothing of it is ever read from a gateway. */
import { checkPolicy } from "#attestation/check-policy.ts";
import type { Policy } from "#attestation/policy.ts";
import { hexToBytes } from "#protocol/bytes.ts";

export interface BuiltIn {
  /** World id, 32 bytes. */
  readonly world: Uint8Array;
  /** Contract hashes by name, 32 bytes each. */
  readonly contracts: { readonly [name: string]: Uint8Array };
  /** Modules for `loadPredictor`, of contracts that have one. */
  readonly predictors: { readonly [name: string]: Uint8Array };
  /** Of rooms whose rules may be upgraded, by the contract's name. */
  readonly lineages: { readonly [name: string]: BuiltInLineage };
  readonly policy: Policy;
}

export interface BuiltInLineage {
  /** Lineage id, 32 bytes. */
  readonly lineage: Uint8Array;
  /** Contract hashes of other rules by which this page can play such a room on, 32 bytes each. */
  readonly upgrades: readonly Uint8Array[];
}

/**
 * Reads what the build left.
 *
 * @throws Error naming the member that is wrong; AttestationError as `checkPolicy`.
 */
export function readBuiltIn(json: unknown): BuiltIn {
  const { world, contracts, predictors = {}, lineages = {}, policy } = members(json, "built-in");
  const hashes = Object.entries(members(contracts, "contracts"));
  const modules = Object.entries(members(predictors, "predictors"));
  const upgradable = Object.entries(members(lineages, "lineages"));
  return {
    world: hash(world, "world"),
    contracts: Object.fromEntries(hashes.map(([name, value]) => [name, hash(value, `contracts.${name}`)])),
    predictors: Object.fromEntries(modules.map(([name, value]) => [name, hexToBytes(String(value))])),
    lineages: Object.fromEntries(upgradable.map(([name, value]) => [name, lineageOf(value, `lineages.${name}`)])),
    policy: checkPolicy(policy),
  };
}

/** Whether machines that protect nothing from their host are accepted at all. */
export const isDevelopment = (policy: Policy): boolean => policy.development !== "refused";

function lineageOf(value: unknown, name: string): BuiltInLineage {
  const { lineage, upgrades } = members(value, name);
  if (!Array.isArray(upgrades)) throw new Error(`${name}.upgrades must be a list`);
  return {
    lineage: hash(lineage, `${name}.lineage`),
    upgrades: upgrades.map((each) => hash(each, `${name}.upgrades`)),
  };
}

function members(value: unknown, name: string): { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) throw new Error(`${name} must be an object`);
  return value as { readonly [key: string]: unknown };
}

function hash(value: unknown, name: string): Uint8Array {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw new Error(`${name} must be 64 hex digits`);
  return hexToBytes(value);
}
