/** What an issuer of pallet-nfts is given: whose it is, where it keeps and reads things, and what signs and sends for it. */
import type { AccountId } from "#rmrk/account.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import type { PreSignedMint, SignedMint } from "../ledger/nfts/pre-signed-mint.ts";
import type { NftsAnswer, NftsQuestion } from "../ledger/nfts/reading.ts";
import type { Era } from "../ledger/runtime/era.ts";
import type { RewardJournal } from "./journal.ts";
import type { Gift } from "./nfts-turn.ts";
import type { IssuerBeginning, LedgerView } from "./voucher-issuer.ts";

export interface NftsIssuerOptions<View extends LedgerView> {
  readonly account: AccountId;
  /** Who owns the collections, and says which they are. It is not here. */
  readonly owner: AccountId;
  /** Blocks that what is signed lives, also pre-signed mints. All workers with this key have the same. */
  readonly period: number;
  /** Who has less than this is given the item, at the issuer's cost; in the chain's smallest unit. */
  readonly givenBelow: bigint;
  /** Items that there may ever be of each collection in which it issues. */
  readonly collections: ReadonlyMap<CollectionId, number>;
  readonly journal: RewardJournal;
  /** What the journal held when this worker started. */
  readonly entries: readonly Uint8Array[];
  /** Whether it sends transactions; default true. Mints for players to redeem it signs either way. */
  readonly signs?: boolean;
  /** What the state after the view's block says, proven. May reject. */
  readonly read: (question: NftsQuestion, view: View) => Promise<NftsAnswer>;
  readonly preSign: (mint: PreSignedMint) => SignedMint;
  /** What has to be said of items before anything else, as remarks; said again until it is there. */
  readonly say?: IssuerBeginning["sayOfPlaces"];
  /** One transaction that makes all of them, or none. */
  readonly sign: (what: Doing, nonce: number, era: Era, view: View) => Uint8Array;
  readonly submit: (transaction: Uint8Array) => Promise<unknown>;
}

/** What one transaction does: it gives items, or says something of them. */
export interface Doing {
  readonly gifts: readonly Gift[];
  readonly remarks: readonly Uint8Array[];
}
