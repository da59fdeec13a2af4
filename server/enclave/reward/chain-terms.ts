/** Which chain a world's items are on. It comes with the worker's configuration, which is measured, and from nobody else. */
import { isRecord } from "#protocol/value.ts";
import { isAccountId, type AccountId } from "#rmrk/account.ts";
import { decodeCheckpoint, type Checkpoint } from "../ledger/proof/checkpoint.ts";
import type { DeadlineBlocks } from "../ledger/nfts/reading.ts";
import type { PinnedRuntime } from "../ledger/runtime/runtimes.ts";

export interface ChainTerms {
  /** Where following it begins. */
  readonly checkpoint: Checkpoint;
  /** Which of its runtimes are known. */
  readonly runtimes: readonly PinnedRuntime[];
  /** Of its addresses (SS58). */
  readonly prefix: number;
  /** Blocks that a transaction may wait: many more than finality is behind. */
  readonly period: number;
  /**
   * Nothing is signed while the chain asks for more than so many times what its runtime's work usually costs. Undefined: ten
   * times.
   */
  readonly feeMultiplierMax?: number | undefined;
  /** Beyond this age of its newest final block nobody is believed to own anything, in ms. */
  readonly ageMaxMs: number;
  /**
   * The world's owner: whose bases the contracts' items are worn on; on pallet-nfts, who owns their collections. Undefined:
   * nobody.
   */
  readonly owner?: AccountId | undefined;
  /** Whether collections of RMRK 1.0 and their old spelling count. Undefined: they do not. */
  readonly compat?: boolean | undefined;
  /** Items are those of pallet-nfts. Undefined: they are RMRK's, in remarks. */
  readonly nfts?: NftsTerms | undefined;
}

export interface NftsTerms {
  /** Who has less than this is given items at the issuer's cost, in the chain's smallest unit; who has more redeems them. */
  readonly givenBelow: bigint;
  readonly deadlines: DeadlineBlocks;
}

/** @throws Error with a sentence about what it must be; ProofError "checkpoint-malformed". */
export function parseChainTerms(value: unknown): ChainTerms {
  if (!isRecord(value)) throw wrong('"chain" must be an object, as `phatroom chain --terms` writes it');
  const { checkpoint, runtimes, prefix, period, ageMaxMs, owner, nfts, compat, feeMultiplierMax } = value;
  if (owner !== undefined && !(typeof owner === "string" && isAccountId(owner))) {
    throw wrong('"chain.owner" must be an account, 64 hex digits');
  }
  if (compat !== undefined && typeof compat !== "boolean") throw wrong('"chain.compat" must be true or false');
  if (nfts !== undefined && owner === undefined)
    throw wrong('"chain.nfts" needs "chain.owner": who owns the collections');
  if (!Array.isArray(runtimes) || runtimes.length === 0) throw wrong('"chain.runtimes" must be a list');
  return {
    checkpoint: decodeCheckpoint(JSON.stringify(checkpoint)),
    runtimes: runtimes.map(readRuntime),
    prefix: whole(prefix, "prefix", 0, 16_383),
    period: powerOfTwo(period),
    feeMultiplierMax: feeMultiplierMax === undefined ? undefined : multiplier(feeMultiplierMax),
    ageMaxMs: whole(ageMaxMs, "ageMaxMs", 1, 7 * 24 * 3_600_000),
    owner,
    compat: compat === true,
    nfts: nfts === undefined ? undefined : readNftsTerms(nfts),
  };
}

function readNftsTerms(value: unknown): NftsTerms {
  const { givenBelow, deadlines } = isRecord(value) ? value : {};
  if (typeof givenBelow !== "string" || !/^[0-9]{1,30}$/.test(givenBelow)) {
    throw wrong('"chain.nfts.givenBelow" must be digits in a string, in the chain\'s smallest unit');
  }
  if (deadlines !== "own" && deadlines !== "relay") throw wrong('"chain.nfts.deadlines" must be "own" or "relay"');
  return { givenBelow: BigInt(givenBelow), deadlines };
}

function readRuntime(value: unknown): PinnedRuntime {
  const { specName, specVersion, transactionVersion, metadataHash } = isRecord(value) ? value : {};
  if (typeof specName !== "string" || typeof metadataHash !== "string" || !/^[0-9a-f]{64}$/.test(metadataHash)) {
    throw wrong('"chain.runtimes" are { specName, specVersion, transactionVersion, metadataHash: 64 hex digits }');
  }
  return {
    specName,
    specVersion: whole(specVersion, "runtimes.specVersion", 0, 0xffff_ffff),
    transactionVersion: whole(transactionVersion, "runtimes.transactionVersion", 0, 0xffff_ffff),
    metadataHash,
  };
}

function multiplier(value: unknown): number {
  if (typeof value === "number" && value > 0 && value <= 1_000_000) return value;
  throw wrong('"chain.feeMultiplierMax" must be a number above 0, up to 1000000');
}

function powerOfTwo(value: unknown): number {
  const period = whole(value, "period", 4, 4096);
  if (!Number.isInteger(Math.log2(period))) throw wrong('"chain.period" must be a power of two');
  return period;
}

function whole(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(`"chain.${name}" must be a whole number from ${min} to ${max}`);
}

const wrong = (sentence: string): Error => new Error(sentence);
