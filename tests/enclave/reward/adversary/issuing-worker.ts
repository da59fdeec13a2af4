/** A worker that issues: all of it is real, but the host decides what it is shown, and when what it submits arrives. */
import { PoolError } from "#chain/devnet/blocks/transaction-status.ts";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { Issuer, type IssuingView } from "#enclave/reward/issuer.ts";
import { signTransaction } from "#enclave/reward/transaction.ts";
import type { Voucher } from "#enclave/reward/voucher.ts";
import { devnetSource } from "../../ledger/support/devnet-source.ts";
import type { DevnetWorld } from "../devnet-world.ts";

/** Blocks that transactions live. */
export const period = 4;

/** What a chain says of a transaction that has died: by now its signature would have to be for another block. */
export const dead = ["BadProof", "AncientBirthBlock"];

export class IssuingWorker {
  readonly issuer: Issuer<IssuingView & { readonly whole: View }>;
  readonly follower: Follower;
  /** The host shows it final blocks up to here. */
  shownTo = Infinity;
  /** The host tells it this instead of the truth. */
  lies: Partial<ChainSource> = {};
  /** The host keeps what it submits. */
  withheld: Uint8Array[] | undefined;
  /** What the chain said when it did not take something. */
  readonly answers: string[] = [];
  readonly #world: DevnetWorld;
  /** Everything that it signed, as text. */
  #signed = "";
  #doing: Promise<unknown> = Promise.resolve();

  constructor(
    world: DevnetWorld,
    boot: Uint8Array,
    entries: readonly Uint8Array[],
    append: (entry: Uint8Array) => unknown,
    signed: (transaction: Uint8Array, birth: number) => unknown,
  ) {
    this.#world = world;
    const { chain, issuer: key } = world;
    const truth = devnetSource(chain, 64, () => Math.min(this.shownTo, chain.finalized.number));
    const told = (): ChainSource => ({ ...truth, ...this.lies });
    this.follower = world.newFollower({
      source: {
        next: (from) => told().next(from),
        body: (block) => told().body(block),
        storage: (block, keys) => told().storage(block, keys),
        metadata: (runtime, block) => told().metadata(runtime, block),
        submit: (transaction) => told().submit(transaction),
      },
    });
    this.issuer = new Issuer({
      account: key.account,
      boot,
      period,
      entries,
      journal: { append: (entry) => Promise.resolve(void append(entry)) },
      sign: (remarks, nonce, era, { whole: { runtime, genesis } }) => {
        this.#signed += remarks.map((remark) => Buffer.from(remark).toString("latin1")).join("\n");
        const transaction = signTransaction(remarks, { runtime, genesis, era, nonce }, key);
        signed(transaction, era.birth.number);
        return transaction;
      },
      submit: (transaction) => this.#submit(transaction),
    });
  }

  /** It stands behind its fence, and has issued something. */
  get hasIssued(): boolean {
    return this.#signed.includes("RMRK::MINT");
  }

  /** The newest final block that it knows. */
  get at(): number {
    return this.follower.view?.block.number ?? 0;
  }

  get atEnd(): boolean {
    return this.at === this.#world.chain.finalized.number;
  }

  hasSigned({ id }: Voucher): boolean {
    return this.#signed.includes(id);
  }

  /** Follows as far as it is shown, and does what is to be done then. */
  turn(): Promise<void> {
    return this.#after(() => this.#turn());
  }

  async #turn(): Promise<void> {
    for (let step = await this.follower.follow(); step !== undefined; step = await this.follower.follow()) {
      const { block, items, nonces } = step.view;
      const nonce = nonces.get(this.#world.issuer.account)!;
      await this.issuer.turn({ block, items, nonce, whole: step.view }, step.words);
    }
  }

  /** Tells it something else for one step. @returns why it did not believe that; undefined if it knows better already. */
  hear(lies: Partial<ChainSource>): Promise<string | undefined> {
    return this.#after(() => this.#hear(lies));
  }

  async #hear(lies: Partial<ChainSource>): Promise<string | undefined> {
    if (this.atEnd) return undefined;
    this.lies = lies;
    try {
      await this.follower.follow();
      return "believed";
    } catch (error) {
      return codeOf(error);
    } finally {
      this.lies = {};
    }
  }

  /** The host behaves. */
  release(): void {
    this.shownTo = Infinity;
    this.withheld = undefined;
  }

  /** One thing after another. */
  #after<T>(what: () => Promise<T>): Promise<T> {
    const done = this.#doing.then(what);
    this.#doing = done.catch(() => undefined);
    return done;
  }

  #submit(transaction: Uint8Array): Promise<void> {
    if (this.withheld !== undefined) {
      this.withheld.push(transaction);
      return Promise.resolve();
    }
    try {
      this.#world.chain.submit(transaction);
      return Promise.resolve();
    } catch (error) {
      const answer = answerOf(error);
      if (answer !== "already-there") this.answers.push(answer);
      return Promise.reject(error as Error);
    }
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== "string") throw error;
  return code;
}

/** Why a chain does not take a transaction. */
export function answerOf(error: unknown): string {
  if (!(error instanceof PoolError)) throw error;
  return error.code === "invalid" || error.code === "unknown" ? error.message : error.code;
}
