/** What a page has built in about a development chain: where following begins, and which runtime. */
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import { developmentAuthorities } from "#chain/devnet/finality/authorities.ts";
import { authorityOf, encodeCheckpoint } from "#enclave/ledger/proof/checkpoint.ts";
import { blake2b256, type BlockHash } from "#enclave/ledger/proof/header.ts";
import type { PinnedRuntime } from "#enclave/ledger/runtime/runtimes.ts";
import { bytesToHex } from "#protocol/bytes.ts";

/** The member `chain` of what is built in; see `client/inventory/chain/terms.ts`. */
export interface BuiltInChain {
  readonly checkpoint: unknown;
  readonly runtimes: readonly PinnedRuntime[];
  readonly prefix: number;
  readonly symbol: string;
  readonly decimals: number;
  readonly explorer?: string;
  /** Whose collections they are, where items are those of pallet-nfts. */
  readonly owner?: string;
  readonly nfts?: { readonly deadlines: "own" | "relay" };
}

/** From its first block on. @param explorer where a block can be looked at, with `{hash}` or `{number}` in it. */
export function developmentChainTerms(chain: DevelopmentChain, explorer?: string): BuiltInChain {
  const { best, genesisHash } = chain;
  const { version } = chain.runtime(best);
  const hash = genesisHash.slice(2) as BlockHash;
  const authorities = developmentAuthorities(0).map(({ key }) => authorityOf(key));
  const checkpoint = encodeCheckpoint({
    genesis: hash,
    strength: "development-chain",
    finalized: { block: { hash, number: 0 }, handover: { set: { id: 0n, authorities }, coming: undefined } },
    parachain: undefined,
  });
  const { ss58Format, tokenSymbol, tokenDecimals } = chain.spec.properties;
  return {
    checkpoint: JSON.parse(checkpoint) as unknown,
    runtimes: [
      {
        specName: version.specName,
        specVersion: version.specVersion,
        transactionVersion: version.transactionVersion,
        metadataHash: bytesToHex(blake2b256(chain.runtime(best).metadata(best.state))),
      },
    ],
    prefix: typeof ss58Format === "number" ? ss58Format : developmentPrefix,
    symbol: typeof tokenSymbol === "string" ? tokenSymbol : "UNIT",
    decimals: typeof tokenDecimals === "number" ? tokenDecimals : decimalsUsual,
    ...(explorer === undefined ? {} : { explorer }),
  };
}

/** Of Substrate's own addresses. */
const developmentPrefix = 42;
const decimalsUsual = 12;
