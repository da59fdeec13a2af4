/** Fills an account of the development chain, from Alice's, whose key everybody knows. */
import type { DevelopmentChain } from "#chain/devnet/chain.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { transferCall } from "#enclave/ledger/runtime/calls.ts";
import { decodeMetadata } from "#enclave/ledger/runtime/metadata.ts";
import { issuerKeyOf } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";

/** The seed of `//Alice`, derived from the development phrase of Substrate. */
const aliceSeed = hexToBytes("e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a");

/** Of the chain's unit. */
const amount = 1000n;
const decimalsUsual = 12;

/** In one of the next blocks. @throws PoolError if the chain does not take it. */
export function fundAccount(chain: DevelopmentChain, account: AccountId): void {
  const { best, finalized, genesisHash, spec } = chain;
  const { version } = chain.runtime(best);
  const alice = issuerKeyOf(aliceSeed);
  const metadata = decodeMetadata(chain.runtime(best).metadata(best.state));
  const decimals = spec.properties["tokenDecimals"];
  const planck = amount * 10n ** BigInt(typeof decimals === "number" ? decimals : decimalsUsual);
  const terms = {
    runtime: { ...version, metadata, metadataHash: "" },
    genesis: genesisHash.slice(2) as BlockHash,
    nonce: chain.nextNonce(accountBytes(alice.account)),
    era: { birth: { number: finalized.number, hash: finalized.hash.slice(2) as BlockHash }, period: 64 },
  };
  chain.submit(signCall(transferCall(metadata, account, planck), terms, alice));
}
