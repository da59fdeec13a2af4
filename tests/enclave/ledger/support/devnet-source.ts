/** The development chain as a worker follows it: where it begins, and what an honest node says. */
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import { developmentAuthorities } from "#chain/devnet/finality/authorities.ts";
import { keyOf } from "#chain/devnet/hex.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { authorityOf, type Checkpoint } from "#enclave/ledger/proof/checkpoint.ts";
import type { Finalized } from "#enclave/ledger/proof/finality.ts";
import { blake2b256, type BlockHash } from "#enclave/ledger/proof/header.ts";
import type { PinnedRuntime } from "#enclave/ledger/runtime/runtimes.ts";
import { bytesToHex } from "#protocol/bytes.ts";

/** At genesis. */
export const devnetFinalized = ({ genesisHash }: DevelopmentChain): Finalized => ({
  block: { hash: genesisHash.slice(2) as BlockHash, number: 0 },
  handover: {
    set: { id: 0n, authorities: developmentAuthorities(0).map(({ key }) => authorityOf(key)) },
    coming: undefined,
  },
});

export const devnetCheckpoint = (chain: DevelopmentChain): Checkpoint => ({
  genesis: chain.genesisHash.slice(2) as BlockHash,
  strength: "development-chain",
  finalized: devnetFinalized(chain),
  parachain: undefined,
});

/** What its runtime is, as a world would write it down. */
export function devnetRuntime(chain: DevelopmentChain): PinnedRuntime {
  const { version } = chain.runtime(chain.best);
  return {
    specName: version.specName,
    specVersion: version.specVersion,
    transactionVersion: version.transactionVersion,
    metadataHash: bytesToHex(blake2b256(metadataOf(chain))),
  };
}

export const metadataOf = (chain: DevelopmentChain): Uint8Array => chain.runtime(chain.best).metadata(chain.best.state);

/**
 * Steps of at most so many blocks, which end where a set of authorities does.
 *
 * @param shownTo the newest final block that is shown.
 */
export const devnetSource = (
  chain: DevelopmentChain,
  blocksMax = 64,
  shownTo: () => number = () => chain.finalized.number,
): ChainSource => ({
  next: ({ block }) => {
    const { number } = block;
    if (shownTo() <= number) return Promise.resolve(undefined);
    let to = Math.min(shownTo(), number + blocksMax);
    for (let at = number + 1; at < to; at++) if (chain.isLastOfSet(at)) to = at;
    const headers = Array.from({ length: to - number }, (_, i) => chain.find(chain.hashAt(number + 1 + i)!)!.header);
    return Promise.resolve({ headers, justification: chain.justification({ hash: chain.hashAt(to)!, number: to }) });
  },
  body: (hash) => Promise.resolve(chain.body(`0x${hash}`)),
  storage: (hash, keys) => Promise.resolve(readProof(chain.block(`0x${hash}`).state, keys.map(keyOf))),
  metadata: () => Promise.resolve(metadataOf(chain)),
  submit: (transaction) => {
    try {
      chain.submit(transaction);
      return Promise.resolve("waiting");
    } catch (error) {
      return Promise.reject(error as Error);
    }
  },
});
