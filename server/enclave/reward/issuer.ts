/**
 * Puts vouchers on chain as remarks of RMRK, each once. One worker for each key, one transaction at a time: the next is
 * signed when the last one is final or can no longer be. Whether an item was issued is read from verified blocks alone.
 */
import type { AccountId } from "#rmrk/account.ts";
import type { Create } from "#rmrk/codec/collection.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import type { State } from "#rmrk/state/state.ts";
import type { Word } from "../ledger/follow/block.ts";
import { isRedeemed, nextBatch, withinBatch } from "./batch.ts";
import type { Era } from "../ledger/runtime/era.ts";
import { RewardError, type WaitingReason } from "./errors.ts";
import { Fence, fenceRemark } from "./fence.ts";
import { decodeEntry, encodeEntry, type Intent, type RewardJournal } from "./journal.ts";
import { OnItsWay } from "./on-its-way.ts";
import { checkVoucher, type Voucher, type VoucherId } from "./voucher.ts";
import type { LedgerView, Stage, VoucherIssuer } from "./voucher-issuer.ts";

/** What is proven about the newest final block: all that issuing looks at. */
export interface IssuingView extends LedgerView {
  readonly items: State;
}

export interface IssuerOptions<View extends IssuingView> {
  readonly account: AccountId;
  /** 32 bytes, drawn by this worker when it started. */
  readonly boot: Uint8Array;
  /** Blocks that a transaction lives: many more than finality is behind. All workers with this key have the same. */
  readonly period: number;
  /** That it issues in, and creates where they are not there yet. */
  readonly collections?: readonly Create[];
  /** What has to be said of items before anything else, as remarks; said again until it is there. */
  readonly say?: (items: State) => readonly Uint8Array[];
  /** What items that are there lack, as remarks; said again until they do not. */
  readonly dress?: (items: State) => readonly Uint8Array[];
  readonly journal: RewardJournal;
  /** What the journal held when this worker started; perhaps not all that it ever held. */
  readonly entries: readonly Uint8Array[];
  /** Whether it signs anything; default true. One that does not hears from the chain what another one has issued. */
  readonly signs?: boolean;
  /** Remarks of one transaction, signed. */
  readonly sign: (remarks: readonly Uint8Array[], nonce: number, era: Era, view: View) => Uint8Array;
  /** May fail, or say that it is done and not have done it; "in-block" if somebody says that a block has it. */
  readonly submit: (transaction: Uint8Array) => Promise<unknown>;
}

export class Issuer<View extends IssuingView = IssuingView> implements VoucherIssuer<View> {
  readonly #options: IssuerOptions<View>;
  readonly #fence: Fence;
  readonly #open = new Map<VoucherId, Voucher>();
  readonly #redeemed = new Set<VoucherId>();
  #waiting: ReadonlyMap<VoucherId, WaitingReason> = new Map();
  readonly #onItsWay: OnItsWay;
  /** Why nothing is signed. */
  #unpaid: WaitingReason | undefined;
  #turning: Promise<void> = Promise.resolve();

  /** @throws RewardError "journal-malformed". */
  constructor(options: IssuerOptions<View>) {
    this.#options = options;
    this.#fence = new Fence(options.account, options.boot, options.period);
    this.#onItsWay = new OnItsWay(options.submit);
    for (const bytes of options.entries) {
      const entry = decodeEntry(bytes);
      if (entry.kind === "voucher") this.heard(entry.voucher);
      else if (entry.kind === "intent") this.#onItsWay.begin(entry.intent);
    }
  }

  get stopped(): boolean {
    return this.#fence.stopped;
  }

  /** It signs nothing, and sends nothing again. */
  get #silent(): boolean {
    return this.#fence.stopped || this.#options.signs === false;
  }

  get open(): number {
    return this.#open.size;
  }

  stageOf(id: VoucherId): Stage | undefined {
    if (this.#redeemed.has(id)) return { stage: "final" };
    if (!this.#open.has(id)) return undefined;
    const sent = this.#onItsWay.stageOf(id);
    if (sent !== undefined) return sent;
    const reason = this.#unpaid ?? this.#onItsWay.refusal ?? this.#waiting.get(id);
    return reason === undefined ? { stage: "earned" } : { stage: "waiting", reason };
  }

  async award(given: Voucher): Promise<void> {
    const voucher = checkVoucher(given);
    if (this.#redeemed.has(voucher.id)) return;
    const before = this.#open.get(voucher.id);
    if (before !== undefined) {
      if (JSON.stringify(before) === JSON.stringify(voucher)) return;
      throw new RewardError("voucher-contradicted", voucher.id);
    }
    this.#open.set(voucher.id, voucher);
    await this.#options.journal.append(encodeEntry({ kind: "voucher", voucher }));
  }

  heard(voucher: Voucher): void {
    if (!this.#redeemed.has(voucher.id) && !this.#open.has(voucher.id)) this.#open.set(voucher.id, voucher);
  }

  async look(): Promise<void> {
    if (!this.#silent) await this.#onItsWay.look();
  }

  turn(view: View, words: readonly Word[]): Promise<void> {
    const turn = this.#turning.then(() => this.#take(view, words));
    this.#turning = turn.catch(() => undefined);
    return turn;
  }

  async #take(view: View, words: readonly Word[]): Promise<void> {
    this.#fence.read(words);
    this.#settle(view);
    // Whatever was signed before is another worker's now: it is in a block that this one reads before it signs, or dead.
    if (this.#silent) return;
    this.#unpaid = this.#onItsWay.reasonToWait(view);
    if (this.#onItsWay.intent === undefined && this.#unpaid === undefined) await this.#next(view);
    await this.look();
  }

  #settle(view: View): void {
    this.#onItsWay.settle(view);
    for (const [id, voucher] of this.#open) {
      if (!isRedeemed(view.items, voucher)) continue;
      this.#open.delete(id);
      this.#redeemed.add(id);
    }
  }

  async #next(view: View): Promise<void> {
    const { boot } = this.#options;
    if (!this.#fence.stands) return this.#sign(view, [fenceRemark(boot)], []);
    if (!this.#fence.open(view.block.number)) return undefined;
    const missing = (this.#options.collections ?? []).filter(({ id }) => !view.items.collections.has(id));
    if (missing.length > 0) {
      return this.#sign(
        view,
        missing.map((create) => encodeRemark(create, view.items.prefix)),
        [],
      );
    }
    const first = this.#options.say?.(view.items) ?? [];
    if (first.length > 0) return this.#sign(view, first, []);
    const { vouchers, remarks, waiting } = nextBatch(view.items, this.#options.account, this.#open.values());
    this.#waiting = waiting;
    if (vouchers.length === 0) return this.#dress(view);
    return this.#sign(
      view,
      remarks,
      vouchers.map(({ id }) => id),
    );
  }

  async #dress(view: View): Promise<void> {
    const remarks = this.#options.dress?.(view.items) ?? [];
    if (remarks.length > 0) await this.#sign(view, remarks, []);
  }

  async #sign(view: View, remarks: readonly Uint8Array[], vouchers: readonly VoucherId[]): Promise<void> {
    const { period, sign, journal } = this.#options;
    const { nonce, block } = view;
    const birth = { number: block.number, hash: block.hash };
    const transaction = sign(withinBatch(remarks), nonce, { birth, period }, view);
    const intent: Intent = { nonce, birth, period, transaction, vouchers };
    // Before it is sent: a worker that starts again knows what may still arrive.
    await journal.append(encodeEntry({ kind: "intent", intent }));
    this.#onItsWay.begin(intent);
  }
}
