/**
 * The one transaction of a key that is signed, and neither final nor dead. And a pause after one that nobody took: an account
 * that cannot pay its fees is not always empty, and a transaction for every period of its life would fill the journal.
 */
import { ChainError } from "../ledger/follow/linked-chain.ts";
import { lastBlock } from "../ledger/runtime/era.ts";
import type { WaitingReason } from "./errors.ts";
import type { Intent } from "./journal.ts";
import type { VoucherId } from "./voucher.ts";
import { reasonNotToPay, type LedgerView, type Stage } from "./voucher-issuer.ts";

/** Periods of a transaction's life that the longest pause takes. */
const pauseMax = 16;

export class OnItsWay {
  readonly #submit: (transaction: Uint8Array) => Promise<unknown>;
  #intent: Intent | undefined;
  /** Somebody says so of that intent. */
  #inBlock = false;
  /** The node does not take it: so its gateway says. */
  #refused = false;
  /** Transactions in a row that died so. */
  #refusals = 0;
  /** Until this block nothing is signed, unless the account has more than it had then. */
  #pauseUntil = -1;
  #funds = 0n;

  constructor(submit: (transaction: Uint8Array) => Promise<unknown>) {
    this.#submit = submit;
  }

  get intent(): Intent | undefined {
    return this.#intent;
  }

  /** Written down before: it may still arrive. */
  begin(intent: Intent): void {
    this.#intent = intent;
    this.#inBlock = this.#refused = false;
  }

  /** By the newest final block. */
  settle({ nonce, block, funds = 0n }: LedgerView): void {
    const intent = this.#intent;
    if (intent === undefined) return;
    const taken = nonce > intent.nonce;
    const died = block.number >= lastBlock(intent);
    // Of before this worker started. This chain has no such block, or is not shown as far: whoever signs now may know as little
    // of what was signed before as one whose journal is lost.
    const elsewhere = block.number < intent.birth.number;
    if (!taken && !died && !elsewhere) return;
    this.#intent = undefined;
    this.#refusals = died && !taken && this.#refused ? this.#refusals + 1 : 0;
    this.#refused = false;
    if (this.#refusals === 0) return;
    this.#pauseUntil = block.number + intent.period * Math.min(2 ** this.#refusals, pauseMax);
    this.#funds = funds;
  }

  /** Why nothing may be signed; undefined: it may, if nothing else is on its way. */
  reasonToWait(view: LedgerView): WaitingReason | undefined {
    const { block, funds = 0n } = view;
    const paused = this.#refusals > 0 && block.number < this.#pauseUntil && funds <= this.#funds;
    return reasonNotToPay(view) ?? (paused ? "issuer-unfunded" : undefined);
  }

  /** Why it is not taken: nothing of what came before was either. */
  get refusal(): WaitingReason | undefined {
    return this.#refused && this.#refusals > 0 ? "issuer-unfunded" : undefined;
  }

  /** Of a voucher that is in it. */
  stageOf(id: VoucherId): Stage | undefined {
    if (this.#intent?.vouchers.includes(id) !== true) return undefined;
    const reason = this.refusal;
    if (reason !== undefined) return { stage: "waiting", reason };
    return { stage: this.#inBlock ? "in-block" : "submitted" };
  }

  /** Sends it once more, and hears how far it is. */
  async look(): Promise<void> {
    const { transaction } = this.#intent ?? {};
    if (transaction === undefined) return;
    let answer: unknown;
    let refused = false;
    try {
      // The same bytes again and again: a nonce is used once.
      answer = await this.#submit(transaction);
    } catch (error) {
      refused = error instanceof ChainError && error.code === "chain-refused";
    }
    if (this.#intent?.transaction !== transaction) return;
    this.#inBlock = answer === "in-block";
    this.#refused = refused;
  }
}
