/** Which issuer puts a lineage's vouchers on chain: that of the ledger which the world's chain terms choose. */
import type { CollectionTerms } from "#protocol/award.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import type { View } from "../ledger/follow/follower.ts";
import type { ChainSource } from "../ledger/follow/source.ts";
import { giveCall } from "../ledger/nfts/calls.ts";
import { preSign } from "../ledger/nfts/pre-signed-mint.ts";
import { readNfts } from "../ledger/nfts/reading.ts";
import { batchCall, remarkCall } from "../ledger/runtime/calls.ts";
import type { ChainTerms } from "./chain-terms.ts";
import { Dressing } from "./dressing.ts";
import { Issuer, type IssuingView } from "./issuer.ts";
import type { IssuerKey } from "./issuer-key.ts";
import { NftsIssuer } from "./nfts-issuer.ts";
import { signCall, signTransaction } from "./transaction.ts";
import type { OpenIssuer } from "./voucher-issuer.ts";

export interface FullView extends IssuingView {
  readonly whole: View;
}

export interface IssuerSetup {
  readonly key: IssuerKey;
  /** That a contract declares, by symbol. */
  readonly collections: { readonly [symbol: string]: CollectionTerms };
  /** Undefined: there is none, and nothing is issued. */
  readonly chain: Omit<ChainTerms, "checkpoint"> | undefined;
  readonly source: Pick<ChainSource, "storage" | "submit">;
  /** Whether it sends anything. */
  readonly issues: boolean;
  readonly random: (length: number) => Uint8Array;
}

export const issuerFor = (setup: IssuerSetup): OpenIssuer<FullView> =>
  setup.chain?.nfts === undefined ? remarks(setup) : items(setup, setup.chain);

/** Blocks that transactions live where no chain says so: none is sent there. */
const periodUsual = 64;

function remarks({ key, collections, chain, source, issues, random }: IssuerSetup): OpenIssuer<FullView> {
  const { account } = key;
  const dressing = new Dressing({ issuer: account, collections, owner: chain?.owner });
  return (beginning) =>
    new Issuer({
      ...beginning,
      account,
      boot: random(32),
      period: chain?.period ?? periodUsual,
      collections: Object.entries(collections).map(([symbol, { max, metadata }]) => {
        return { op: "CREATE", id: collectionIdOf(account, symbol), issuer: account, symbol, max, metadata };
      }),
      dress: (state) => dressing.next(state),
      signs: issues,
      sign: (said, nonce, era, { whole: { runtime, genesis } }) =>
        signTransaction(said, { runtime, genesis, era, nonce }, key),
      submit: (transaction) => source.submit(transaction),
    });
}

function items(
  { key, collections, source, issues }: IssuerSetup,
  { nfts, owner, period }: Omit<ChainTerms, "checkpoint">,
): OpenIssuer<FullView> {
  const { account } = key;
  const { givenBelow, deadlines } = nfts!;
  return ({ entries, journal, sayOfPlaces }) =>
    new NftsIssuer({
      entries,
      journal,
      account,
      owner: owner!,
      period,
      givenBelow,
      collections: new Map(
        Object.entries(collections).map(([symbol, { max }]) => [collectionIdOf(account, symbol), max]),
      ),
      signs: issues,
      read: (question, { whole }) => readNfts(source, whole, account, question, deadlines),
      say: sayOfPlaces,
      preSign: (mint) => preSign(mint, key),
      sign: ({ gifts, remarks }, nonce, era, { whole: { runtime, genesis } }) => {
        const { metadata } = runtime;
        const calls = [
          ...remarks.map((remark) => remarkCall(metadata, remark)),
          ...gifts.flatMap(({ mint, to }) => giveCall(metadata, preSign(mint, key), to)),
        ];
        return signCall(batchCall(metadata, calls), { runtime, genesis, era, nonce }, key);
      },
      submit: (transaction) => source.submit(transaction),
    });
}
