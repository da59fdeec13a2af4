/** The issuer's port: what puts the vouchers of one lineage on a chain, each once. There is one issuer for each ledger. */
import type { PreSigned } from "#protocol/award.ts";
import type { State } from "#rmrk/state/state.ts";
import type { Word } from "../ledger/follow/block.ts";
import type { NftsItemId } from "../ledger/nfts/used.ts";
import type { BlockRef } from "../ledger/proof/finality.ts";
import type { WaitingReason } from "./errors.ts";
import type { RewardJournal } from "./journal.ts";
import type { Voucher, VoucherId } from "./voucher.ts";

/** What every issuer has to know of the newest final block. */
export interface LedgerView {
  readonly block: BlockRef;
  /** Of the issuer's account, in that block's state. */
  readonly nonce: number;
  /** Whether that account can pay for anything; it can, unless this says otherwise. */
  readonly funded?: boolean;
  /** What it has, in the chain's smallest unit; nothing is said of it where there is none. */
  readonly funds?: bigint;
  /** Whether a transaction costs more than may be paid for one; it does not, unless this says otherwise. */
  readonly dear?: boolean;
}

/** Why nothing may be signed that has to be paid for. It is looked at again with each new block. */
export const reasonNotToPay = ({ funded, dear }: LedgerView): WaitingReason | undefined =>
  dear === true ? "fee-too-high" : funded === false ? "issuer-unfunded" : undefined;

/**
 * - `earned`: it is written down. `waiting`: nothing can be done for it now.
 * - `redeemable`: its player can mint it, with this.
 * - `submitted`: a signed transaction with it is on its way. `in-block`: somebody says that a block has it.
 * - `final`: its item is on the chain for good.
 */
export type Stage =
  | { readonly stage: "earned" | "submitted" | "in-block" | "final" }
  | { readonly stage: "redeemable"; readonly mint: PreSigned }
  | { readonly stage: "waiting"; readonly reason: WaitingReason };

/** `Issuer` is the one of RMRK's remarks, `NftsIssuer` that of pallet-nfts. */
export interface VoucherIssuer<View extends LedgerView> {
  /** Another worker has taken over. This one never signs anything again. */
  readonly stopped: boolean;
  /** Vouchers that are not final yet. */
  readonly open: number;
  /** Undefined: never heard of it. */
  stageOf(id: VoucherId): Stage | undefined;
  /**
   * Takes a voucher, from a room whose log has it. The same one again changes nothing.
   *
   * @throws RewardError "voucher-malformed"; "voucher-contradicted" for another award under the same id.
   */
  award(voucher: Voucher): Promise<void>;
  /** Another worker with this key has taken it: it is in the journal. What this one has under its id stands. */
  heard(voucher: Voucher): void;
  /** Sends what is on its way once more, and hears how far it is. */
  look(): Promise<void>;
  /**
   * Once for each step of the chain, in order, with all words of its blocks. Turns wait for each other.
   *
   * @throws whatever the journal, or asking the chain, throws; nothing was sent then.
   */
  turn(view: View, words: readonly Word[]): Promise<void>;
}

export interface IssuerBeginning {
  /** What the journal held when this worker started; perhaps not all that it ever held. */
  readonly entries: readonly Uint8Array[];
  readonly journal: RewardJournal;
  /** What has to be said of RMRK's items before anything else, as remarks. */
  readonly say: (items: State) => readonly Uint8Array[];
  /** The same of items of pallet-nfts. @param isSaid whether the issuer has said already that an item is used up. */
  readonly sayOfPlaces: (isSaid: (item: NftsItemId) => boolean) => readonly Uint8Array[];
}

/** @throws RewardError "journal-malformed". */
export type OpenIssuer<View extends LedgerView> = (beginning: IssuerBeginning) => VoucherIssuer<View>;
