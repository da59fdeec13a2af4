/** Which chain a page follows, from where, and by which runtimes: built in, and never read from a gateway. */
import { isAccountId, type AccountId } from "#rmrk/account.ts";
import { decodeCheckpoint, type Checkpoint } from "#enclave/ledger/proof/checkpoint.ts";
import type { DeadlineBlocks } from "#enclave/ledger/nfts/reading.ts";
import type { PinnedRuntime } from "#enclave/ledger/runtime/runtimes.ts";

export interface ChainTerms {
  /** Where following begins: before the first item of the world. */
  readonly checkpoint: Checkpoint;
  readonly runtimes: readonly PinnedRuntime[];
  /** Of the network's addresses (SS58). */
  readonly prefix: number;
  /** Of the chain's currency, as people write it. */
  readonly symbol: string;
  readonly decimals: number;
  /** Where a block can be looked at, with `{hash}` and `{number}` in it; undefined: nowhere. */
  readonly explorer: string | undefined;
  /** Whether collections of RMRK 1.0 and their old spelling count. */
  readonly compat: boolean;
  /** Where items are those of pallet-nfts; undefined: they are RMRK's. */
  readonly nfts: NftsTerms | undefined;
}

export interface NftsTerms {
  /** Who owns the world's collections. */
  readonly owner: AccountId;
  readonly deadlines: DeadlineBlocks;
}

/**
 * The member `chain` of what the build left; undefined if this world follows none.
 *
 * @throws Error naming the member that is wrong; ProofError "checkpoint-malformed".
 */
export function readChainTerms(builtIn: unknown): ChainTerms | undefined {
  const chain = isObject(builtIn) ? builtIn["chain"] : undefined;
  if (chain === undefined || chain === null) return undefined;
  if (!isObject(chain)) throw new Error("chain must be an object");
  const { checkpoint, runtimes, prefix, symbol, decimals, explorer, owner, nfts, compat } = chain;
  if (!Array.isArray(runtimes) || runtimes.length === 0) throw new Error("chain.runtimes must be a list");
  if (!isCount(prefix) || prefix > 16_383) throw new Error("chain.prefix must be an SS58 prefix");
  if (typeof symbol !== "string" || !/^[A-Za-z0-9]{1,12}$/.test(symbol)) throw new Error("chain.symbol must be a word");
  if (!isCount(decimals) || decimals > 30) throw new Error("chain.decimals must be a small number");
  if (explorer !== undefined && (typeof explorer !== "string" || !/^https?:\/\//.test(explorer))) {
    throw new Error("chain.explorer must be an address");
  }
  return {
    checkpoint: decodeCheckpoint(JSON.stringify(checkpoint)),
    runtimes: runtimes.map(readRuntime),
    prefix,
    symbol,
    decimals,
    explorer,
    compat: compat === true,
    nfts: nfts === undefined ? undefined : readNftsTerms(owner, nfts),
  };
}

function readNftsTerms(owner: unknown, nfts: unknown): NftsTerms {
  const deadlines = isObject(nfts) ? nfts["deadlines"] : undefined;
  if (typeof owner !== "string" || !isAccountId(owner)) throw new Error("chain.owner must be an account");
  if (deadlines !== "own" && deadlines !== "relay") throw new Error("chain.nfts.deadlines must be own or relay");
  return { owner, deadlines };
}

function readRuntime(runtime: unknown): PinnedRuntime {
  const { specName, specVersion, transactionVersion, metadataHash } = isObject(runtime) ? runtime : {};
  const sound =
    typeof specName === "string" &&
    isCount(specVersion) &&
    isCount(transactionVersion) &&
    typeof metadataHash === "string" &&
    /^[0-9a-f]{64}$/.test(metadataHash);
  if (!sound) throw new Error("chain.runtimes must hold names, versions and hashes");
  return { specName, specVersion, transactionVersion, metadataHash };
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32;

/** An amount of the smallest unit, as people write it. */
export function amountText(amount: bigint, { symbol, decimals }: Pick<ChainTerms, "symbol" | "decimals">): string {
  const digits = String(amount).padStart(decimals + 1, "0");
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  return `${whole}${fraction === "" ? "" : `.${fraction}`} ${symbol}`;
}

/** What somebody typed as an amount, in the smallest unit; undefined if it is none. */
export function readAmount(text: string, { decimals }: Pick<ChainTerms, "decimals">): bigint | undefined {
  const [, whole, fraction = ""] = /^\s*(\d{1,18})(?:[.,](\d{1,30}))?\s*$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}
