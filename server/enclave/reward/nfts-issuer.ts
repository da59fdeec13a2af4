/**
 * Puts vouchers on chain as items of pallet-nfts, each once: signs a mint that its player redeems, or, for players who
 * cannot pay, mints it and hands it over. Whether an item was minted is read from proven state alone.
 *
 * There is no fence here. What is signed for a voucher is for one place, whoever signs it, and the runtime mints a place
 * once at a time; so a journal may come back older than it was, and several workers may sign. Only a second place, where
 * another voucher's item has the first one, waits until all that anybody can have signed for the first has died.
 */
import type { Word } from "../ledger/follow/block.ts";
import { NamedCollections } from "../ledger/nfts/naming.ts";
import { SaidUsed, type NftsItemId } from "../ledger/nfts/used.ts";
import { asPreSigned } from "../ledger/nfts/pre-signed-mint.ts";
import type { NftsAnswer, NftsQuestion } from "../ledger/nfts/reading.ts";
import { nextMint } from "../ledger/nfts/redeeming.ts";
import type { Slot } from "../ledger/nfts/slot.ts";
import { RewardError } from "./errors.ts";
import { decodeEntry, encodeEntry, type Intent } from "./journal.ts";
import type { Doing, NftsIssuerOptions } from "./nfts-issuer-options.ts";
import {
  counted,
  isAnothers,
  readSlots,
  readTurn,
  reasonToWait,
  type Gift,
  type Known,
  type Turn,
} from "./nfts-turn.ts";
import { OnItsWay } from "./on-its-way.ts";
import { checkVoucher, type Voucher, type VoucherId } from "./voucher.ts";
import type { LedgerView, Stage, VoucherIssuer } from "./voucher-issuer.ts";

/** Vouchers that are looked at in one turn; more are looked at in later ones. */
const lookedAtMax = 64;
/** Of one transaction. */
const giftsMax = 32;

export class NftsIssuer<View extends LedgerView> implements VoucherIssuer<View> {
  /** The chain itself keeps workers from issuing twice. */
  readonly stopped = false;
  readonly #options: NftsIssuerOptions<View>;
  readonly #named: NamedCollections;
  readonly #said: SaidUsed;
  readonly #open = new Map<VoucherId, Known>();
  /** Of those, not looked at yet. */
  readonly #fresh = new Set<VoucherId>();
  readonly #redeemed = new Set<VoucherId>();
  #rest: Iterator<VoucherId> | undefined;
  readonly #onItsWay: OnItsWay;
  /** The newest final block, as the runtime counts for deadlines. */
  #block = 0;
  #turning: Promise<void> = Promise.resolve();

  /** @throws RewardError "journal-malformed". */
  constructor(options: NftsIssuerOptions<View>) {
    this.#options = options;
    this.#onItsWay = new OnItsWay(options.submit);
    this.#named = new NamedCollections(options.owner);
    this.#said = new SaidUsed((caller) => caller === options.account);
    for (const bytes of options.entries) {
      const entry = decodeEntry(bytes);
      if (entry.kind === "voucher") this.heard(entry.voucher);
      else if (entry.kind === "intent") this.#onItsWay.begin(entry.intent);
    }
  }

  get open(): number {
    return this.#open.size;
  }

  stageOf(id: VoucherId): Stage | undefined {
    if (this.#redeemed.has(id)) return { stage: "final" };
    const known = this.#open.get(id);
    if (known === undefined) return undefined;
    const sent = this.#onItsWay.stageOf(id);
    if (sent !== undefined) return sent;
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
    if (this.#options.signs !== false) await this.#onItsWay.look();
  }

  turn(view: View, words: readonly Word[]): Promise<void> {
    const turn = this.#turning.then(() => this.#turn(view, words));
    this.#turning = turn.catch(() => undefined);
    return turn;
  }

  async #turn(view: View, words: readonly Word[]): Promise<void> {
    this.#named.read(words);
    this.#said.read(words);
    this.#onItsWay.settle(view);
    const looked = this.#nextOnes();
    const { collections, read } = this.#options;
    const ask = (question: NftsQuestion): Promise<NftsAnswer> => read(question, view);
    const { intent } = this.#onItsWay;
    const turn = await readTurn(looked, this.#open.values(), [...collections.keys()], this.#named, intent, ask);
    this.#block = turn.block;
    const slots = await readSlots(looked, this.#named, ask);
    for (const known of looked) {
      this.#fresh.delete(known.voucher.id);
      this.#decide(known, slots.get(known.voucher.id) ?? [], view, turn);
    }
    const remarks = this.#options.say?.((id: NftsItemId) => this.#said.has(id)) ?? [];
    if (remarks.length > 0) await this.#send(view, { gifts: [], remarks }, []);
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

  #decide(known: Known, slots: readonly Slot[], view: View, turn: Turn): void {
    const { voucher } = known;
    const { id } = voucher;
    const { block } = turn;
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
    if (this.#onItsWay.intent?.vouchers.includes(id) === true || next?.next === "wait") return;
    known.signed = undefined;
    if (known.reason !== undefined || next?.next !== "sign") return;
    if (!counted(voucher.collection, this.#options.collections.get(voucher.collection)!, turn)) {
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

  async #give(view: View, gifts: ReadonlyMap<VoucherId, Gift>): Promise<void> {
    if (gifts.size === 0) return;
    const reason = this.#onItsWay.reasonToWait(view);
    const waits = reason !== undefined && this.#onItsWay.intent === undefined && this.#options.signs !== false;
    if (waits) for (const id of gifts.keys()) this.#open.get(id)!.reason = reason;
    const some = [...gifts].slice(0, giftsMax);
    const ids = some.map(([id]) => id);
    await this.#send(view, { gifts: some.map(([, gift]) => gift), remarks: [] }, ids);
  }

  /** Unless something is on its way, or nothing may be signed. */
  async #send(view: View, doing: Doing, vouchers: readonly VoucherId[]): Promise<void> {
    const { period, sign, journal, signs } = this.#options;
    if (this.#onItsWay.intent !== undefined || signs === false || this.#onItsWay.reasonToWait(view) !== undefined)
      return;
    const birth = { number: view.block.number, hash: view.block.hash };
    const transaction = sign(doing, view.nonce, { birth, period }, view);
    const intent: Intent = { nonce: view.nonce, birth, period, transaction, vouchers };
    // Before it is sent: a worker that starts again knows what may still arrive.
    await journal.append(encodeEntry({ kind: "intent", intent }));
    this.#onItsWay.begin(intent);
  }
}
