/**
 * Puts vouchers on chain as items of pallet-nfts, each once: signs a mint that its player redeems, or, for players who
 * cannot pay, mints it and hands it over. Whether an item was minted is read from proven state alone.
 *
 * There is no fence here. What is signed for a voucher is for one place, whoever signs it, and the runtime mints a place
 * once at a time; so a journal may come back older than it was, and several workers may sign. Only a second place, where
 * another voucher's item has the first one, waits until all that anybody can have signed for the first has died.
 */
import type { PreSigned } from "#protocol/award.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import type { Word } from "../ledger/follow/block.ts";
import type { CollectionState } from "../ledger/nfts/collection.ts";
import { slotsMax } from "../ledger/nfts/limits.ts";
import { NamedCollections } from "../ledger/nfts/naming.ts";
import type { PreSignedMint, SignedMint } from "../ledger/nfts/pre-signed-mint.ts";
import type { NftsAnswer, NftsQuestion } from "../ledger/nfts/reading.ts";
import { isRedeemable, nextMint, type NextMint } from "../ledger/nfts/redeeming.ts";
import { slotOf, type Slot } from "../ledger/nfts/slot.ts";
import { lastBlock, type Era } from "../ledger/runtime/era.ts";
import { RewardError, type WaitingReason } from "./errors.ts";
import { decodeEntry, encodeEntry, type Intent, type RewardJournal } from "./journal.ts";
import { checkVoucher, type Voucher, type VoucherId } from "./voucher.ts";
import type { LedgerView, Stage, VoucherIssuer } from "./voucher-issuer.ts";

/** An item that the issuer mints for itself and hands over, in one. */
export interface Gift {
  readonly mint: PreSignedMint;
  readonly to: AccountId;
}

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
  /** One transaction that makes all of them, or none. */
  readonly sign: (gifts: readonly Gift[], nonce: number, era: Era, view: View) => Uint8Array;
  readonly submit: (transaction: Uint8Array) => Promise<unknown>;
}

/** Vouchers that are looked at in one turn; more are looked at in later ones. */
const lookedAtMax = 64;
/** Of one transaction. */
const giftsMax = 32;

/** What is known of a voucher's places. */
interface Known {
  readonly voucher: Voucher;
  /** Where others' items were found so far, and until when something may live that was signed before that was known. */
  others: number;
  quietUntil: { readonly deadlines: number; readonly blocks: number };
  signed: PreSigned | undefined;
  reason: WaitingReason | undefined;
}

interface Turn {
  readonly answer: NftsAnswer;
  readonly collections: ReadonlyMap<CollectionId, CollectionState | undefined>;
  readonly funds: ReadonlyMap<AccountId, bigint>;
  /** Items that each collection has or may get by what is on its way. */
  readonly counts: Map<CollectionId, number>;
  readonly gifts: Map<VoucherId, Gift>;
}

export class NftsIssuer<View extends LedgerView> implements VoucherIssuer<View> {
  /** The chain itself keeps workers from issuing twice. */
  readonly stopped = false;
  readonly #options: NftsIssuerOptions<View>;
  readonly #named: NamedCollections;
  readonly #open = new Map<VoucherId, Known>();
  /** Of those, not looked at yet. */
  readonly #fresh = new Set<VoucherId>();
  readonly #redeemed = new Set<VoucherId>();
  #rest: Iterator<VoucherId> | undefined;
  /** Signed, and neither final nor dead. */
  #intent: Intent | undefined;
  #inBlock = false;
  /** The newest final block, as the runtime counts for deadlines. */
  #block = 0;
  #turning: Promise<void> = Promise.resolve();

  /** @throws RewardError "journal-malformed". */
  constructor(options: NftsIssuerOptions<View>) {
    this.#options = options;
    this.#named = new NamedCollections(options.owner);
    for (const bytes of options.entries) {
      const entry = decodeEntry(bytes);
      if (entry.kind === "voucher") this.heard(entry.voucher);
      else if (entry.kind === "intent") this.#intent = entry.intent;
    }
  }

  get open(): number {
    return this.#open.size;
  }

  stageOf(id: VoucherId): Stage | undefined {
    if (this.#redeemed.has(id)) return { stage: "final" };
    const known = this.#open.get(id);
    if (known === undefined) return undefined;
    if (this.#intent?.vouchers.includes(id) === true) return { stage: this.#inBlock ? "in-block" : "submitted" };
    const { signed, reason } = known;
    if (reason !== undefined) return { stage: "waiting", reason };
    if (signed === undefined) return { stage: "earned" };
    if (signed.deadline <= this.#block) return { stage: "waiting", reason: "mint-expired" };
    return { stage: "redeemable", mint: signed };
  }

  async award(given: Voucher): Promise<void> {
    const voucher = checkVoucher(given);
    if (this.#redeemed.has(voucher.id)) return;
    const before = this.#open.get(voucher.id)?.voucher;
    if (before !== undefined) {
      if (JSON.stringify(before) === JSON.stringify(voucher)) return;
      throw new RewardError("voucher-contradicted", voucher.id);
    }
    this.#take(voucher);
    await this.#options.journal.append(encodeEntry({ kind: "voucher", voucher }));
  }

  heard(voucher: Voucher): void {
    if (!this.#redeemed.has(voucher.id) && !this.#open.has(voucher.id)) this.#take(voucher);
  }

  #take(voucher: Voucher): void {
    const quietUntil = { deadlines: -1, blocks: -1 };
    this.#open.set(voucher.id, { voucher, others: 0, quietUntil, signed: undefined, reason: undefined });
    this.#fresh.add(voucher.id);
  }

  async look(): Promise<void> {
    const { transaction } = this.#intent ?? {};
    if (transaction === undefined || this.#options.signs === false) return;
    // The same bytes again and again: a nonce is used once.
    const answer = await this.#options.submit(transaction).catch(() => undefined);
    if (this.#intent?.transaction === transaction) this.#inBlock = answer === "in-block";
  }

  turn(view: View, words: readonly Word[]): Promise<void> {
    const turn = this.#turning.then(() => this.#turn(view, words));
    this.#turning = turn.catch(() => undefined);
    return turn;
  }

  async #turn(view: View, words: readonly Word[]): Promise<void> {
    this.#named.read(words);
    const intent = this.#intent;
    const over = intent !== undefined && (view.nonce > intent.nonce || view.block.number >= lastBlock(intent));
    if (over) this.#intent = undefined;
    const looked = this.#nextOnes();
    const turn = await this.#ask(looked, view);
    this.#block = turn.answer.block;
    const slots = await this.#placesOf(looked, view);
    for (const known of looked) {
      this.#fresh.delete(known.voucher.id);
      this.#decide(known, slots.get(known.voucher.id) ?? [], view, turn);
    }
    await this.#give(view, turn.gifts);
    await this.look();
  }

  /** Those that nobody has looked at yet, then the others in turn. */
  #nextOnes(): readonly Known[] {
    const ids = new Set([...this.#fresh].slice(0, lookedAtMax));
    for (let left = Math.min(this.#open.size, lookedAtMax); left > 0 && ids.size < lookedAtMax;) {
      this.#rest ??= this.#open.keys();
      const { value, done } = this.#rest.next();
      if (done === true) this.#rest = undefined;
      else {
        ids.add(value);
        left--;
      }
    }
    return [...ids].map((id) => this.#open.get(id)!);
  }

  async #ask(looked: readonly Known[], view: View): Promise<Turn> {
    const named = [...this.#options.collections.keys()].filter((id) => this.#named.numberOf(id) !== undefined);
    const accounts = [...new Set(looked.map(({ voucher }) => voucher.recipient))];
    const collections = named.map((id) => this.#named.numberOf(id)!);
    const answer = await this.#options.read({ collections, accounts }, view);
    const states = new Map(named.map((id, i) => [id, answer.collections[i]]));
    const counts = new Map(named.map((id, i) => [id, answer.collections[i]?.minted ?? 0]));
    for (const [id, { voucher, signed }] of this.#open) {
      const alive = signed !== undefined && signed.deadline > answer.block;
      if (!alive && this.#intent?.vouchers.includes(id) !== true) continue;
      counts.set(voucher.collection, (counts.get(voucher.collection) ?? 0) + 1);
    }
    const funds = new Map(accounts.map((account, i) => [account, answer.funds[i]!]));
    return { answer, collections: states, funds, counts, gifts: new Map() };
  }

  /** From the first on, as far as others' items are in them. */
  async #placesOf(looked: readonly Known[], view: View): Promise<ReadonlyMap<VoucherId, readonly Slot[]>> {
    const found = new Map<VoucherId, Slot[]>();
    let left = looked.filter(({ voucher }) => this.#named.numberOf(voucher.collection) !== undefined);
    for (let attempt = 0; attempt < slotsMax && left.length > 0; attempt++) {
      const places = left.map(({ voucher }) => ({
        collection: this.#named.numberOf(voucher.collection)!,
        item: slotOf(voucher.id, attempt),
      }));
      const answer = await this.#options.read({ places }, view);
      for (const [i, { voucher }] of left.entries()) {
        const slots = found.get(voucher.id) ?? [];
        found.set(voucher.id, [...slots, answer.places[i]!]);
      }
      left = left.filter((known, i) => isAnothers(answer.places[i]!, known.voucher.id));
    }
    return found;
  }

  #decide(known: Known, slots: readonly Slot[], view: View, turn: Turn): void {
    const { voucher } = known;
    const { id } = voucher;
    const { block } = turn.answer;
    this.#notice(known, slots.filter((slot) => isAnothers(slot, id)).length, view, block);
    const next = this.#nextFor(known, slots, view, block);
    if (next?.next === "redeemed") {
      this.#open.delete(id);
      this.#redeemed.add(id);
      return;
    }
    const state = turn.collections.get(voucher.collection);
    // Whom the owner has replaced is told at once: what it signed before counts no more.
    known.reason = reasonToWait(voucher, next, state);
    if (this.#intent?.vouchers.includes(id) === true || next?.next === "wait") return;
    known.signed = undefined;
    if (known.reason !== undefined || next?.next !== "sign") return;
    if (!this.#counted(voucher.collection, state!, turn)) {
      known.reason = "collection-full";
      return;
    }
    if (turn.funds.get(voucher.recipient)! < this.#options.givenBelow) {
      turn.gifts.set(id, { mint: { ...next.mint, onlyAccount: this.#options.account }, to: voucher.recipient });
    } else {
      known.signed = asPreSigned(this.#options.preSign(next.mint));
    }
  }

  /** Whoever did not know yet that another's item is in a place may have signed for it, which then lives its whole time. */
  #notice(known: Known, others: number, view: View, block: number): void {
    if (others <= known.others) return;
    const { period } = this.#options;
    known.others = others;
    known.quietUntil = { deadlines: block + period, blocks: view.block.number + period };
  }

  #nextFor({ voucher, signed, quietUntil }: Known, slots: readonly Slot[], view: View, block: number) {
    const collection = this.#named.numberOf(voucher.collection);
    if (collection === undefined) return undefined;
    const quiet = view.block.number <= quietUntil.blocks ? block : quietUntil.deadlines;
    const signedUntil = Math.max(signed?.deadline ?? -1, quiet);
    return nextMint(voucher, slots, { collection, block, period: this.#options.period, signedUntil });
  }

  /** Whether there may be another one; if so, it is counted. */
  #counted(collection: CollectionId, state: CollectionState, { counts }: Turn): boolean {
    const most = Math.min(this.#options.collections.get(collection)!, state.max ?? Infinity);
    const count = counts.get(collection)!;
    if (count >= most) return false;
    counts.set(collection, count + 1);
    return true;
  }

  async #give(view: View, gifts: ReadonlyMap<VoucherId, Gift>): Promise<void> {
    const { period, sign, journal, signs } = this.#options;
    if (gifts.size === 0 || this.#intent !== undefined || signs === false) return;
    if (view.funded === false) {
      for (const id of gifts.keys()) this.#open.get(id)!.reason = "issuer-unfunded";
      return;
    }
    const some = [...gifts].slice(0, giftsMax);
    const birth = { number: view.block.number, hash: view.block.hash };
    const transaction = sign(
      some.map(([, gift]) => gift),
      view.nonce,
      { birth, period },
      view,
    );
    const intent: Intent = { nonce: view.nonce, birth, period, transaction, vouchers: some.map(([id]) => id) };
    // Before it is sent: a worker that starts again knows what may still arrive.
    await journal.append(encodeEntry({ kind: "intent", intent }));
    this.#intent = intent;
    this.#inBlock = false;
  }
}

function reasonToWait(
  voucher: Voucher,
  next: NextMint | undefined,
  state: CollectionState | undefined,
): WaitingReason | undefined {
  if (state === undefined) return "collection-unknown";
  if (!state.issues) return "not-issuer";
  // An issuer can make items, and not bind them to anybody.
  const unfit = voucher.transferable === 0 || !isRedeemable(voucher) || next?.next === "no-slot";
  return unfit ? "ledger-unfit" : undefined;
}

const isAnothers = (slot: Slot, id: VoucherId): boolean => slot.voucher !== undefined && slot.voucher !== id;

const asPreSigned = ({ mint, signer, signature }: SignedMint): PreSigned => ({
  collection: mint.collection,
  item: mint.item,
  deadline: mint.deadline,
  account: mint.onlyAccount,
  signer,
  signature: bytesToHex(signature),
});
