/** The development chain as a worker follows it: where it begins, and what a node says. */
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import { developmentAuthorities } from "#chain/devnet/finality/authorities.ts";
import { authorityOf } from "#enclave/ledger/proof/checkpoint.ts";
import type { Finalized } from "#enclave/ledger/proof/finality.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";

/** At genesis. */
export const devnetFinalized = ({ genesisHash }: DevelopmentChain): Finalized => ({
  block: { hash: genesisHash.slice(2) as BlockHash, number: 0 },
  handover: {
    set: { id: 0n, authorities: developmentAuthorities(0).map(({ key }) => authorityOf(key)) },
    coming: undefined,
  },
});
