/** Follows a chain for as long as a worker lives: patiently while nobody answers, and never believing what is not proven. */
import { StoreError } from "#protocol/store.ts";
import type { Word } from "../ledger/follow/block.ts";
import { ChainError, type LinkedChain } from "../ledger/follow/linked-chain.ts";
import { Follower, type FollowerOptions, type View } from "../ledger/follow/follower.ts";
import { ProofError } from "../ledger/proof/errors.ts";
import { VaultError } from "../vault/errors.ts";
import { RewardError } from "./errors.ts";

export type FollowingEvent =
  /** Up to this final block, after it was not for a while. */
  | { readonly event: "chain-followed"; readonly block: number }
  /** Nobody answers, or what is answered is not believed; said once for each cause. */
  | { readonly event: "chain-trouble"; readonly code: string };

export interface FollowingSetup extends Omit<FollowerOptions, "source"> {
  readonly source: LinkedChain;
  /** Something newer is final, all of it up to what is known to be newest. */
  readonly step: (view: View, words: readonly Word[]) => Promise<void>;
  /** Nothing newer is final; between one look and the next. */
  readonly idle: () => Promise<void>;
  readonly log: (event: FollowingEvent) => void;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

const byClock = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Between two attempts while there is trouble, in ms: first and longest. */
const retryMs = { first: 250, most: 5000 };

export class Following {
  readonly #setup: FollowingSetup;
  readonly #follower: Follower;
  /** Of steps that nobody was told of yet. */
  #words: Word[] = [];
  #behind = false;
  #trouble: string | undefined;
  #followed = false;
  #closed = false;

  constructor(setup: FollowingSetup) {
    this.#setup = setup;
    this.#follower = new Follower(setup);
  }

  /** What is proven about the newest final block that is known; undefined as long as none is. */
  get view(): View | undefined {
    return this.#follower.view;
  }

  /** Until `close`. Rejects with errors that are ours. */
  async run(): Promise<void> {
    const { source, wait = byClock } = this.#setup;
    for (let pause = retryMs.first; !this.#closed;) {
      try {
        await source.whenOffered();
        await this.#round();
        pause = retryMs.first;
      } catch (error) {
        if (this.#closed) return;
        this.#report(error);
        await wait(pause);
        pause = Math.min(2 * pause, retryMs.most);
      }
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #round(): Promise<void> {
    const { source, step, idle, log } = this.#setup;
    const followed = await this.#follower.follow();
    if (followed !== undefined) {
      this.#words.push(...followed.words);
      this.#behind = true;
      return;
    }
    const { view } = this.#follower;
    const troubled = this.#trouble !== undefined;
    this.#trouble = undefined;
    if (view !== undefined && (troubled || !this.#followed)) {
      this.#followed = true;
      log({ event: "chain-followed", block: view.block.number });
    }
    if (this.#behind && view !== undefined) {
      await step(view, this.#words);
      this.#words = [];
      this.#behind = false;
    } else {
      await idle();
    }
    await source.newer(view?.block.number ?? 0);
  }

  #report(error: unknown): void {
    if (!isTrouble(error)) throw error;
    if (this.#trouble === error.code) return;
    this.#trouble = error.code;
    this.#setup.log({ event: "chain-trouble", code: error.code });
  }
}

/** Of a chain, or of where it is written down what is done on it: all of that may be better later. */
const isTrouble = (error: unknown): error is Error & { readonly code: string } =>
  [ChainError, ProofError, StoreError, VaultError, RewardError].some((kind) => error instanceof kind);
