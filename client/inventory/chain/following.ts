/**
 * The page's own view of the chain: every final block since the checkpoint, proven here, step by step. It goes on by itself
 * when the chain, the gateway or the way there was away, and says so meanwhile.
 */
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { Follower, type View } from "#enclave/ledger/follow/follower.ts";
import { ProofError } from "#enclave/ledger/proof/errors.ts";
import type { Strength } from "#enclave/ledger/proof/strength.ts";
import { NamedCollections } from "#enclave/ledger/nfts/naming.ts";
import { saidByIssuers, type SaidUsed } from "#enclave/ledger/nfts/used.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";
import { History } from "./history.ts";
import { HttpChainError, type ChainTrouble, type HttpChain } from "./http-chain.ts";
import type { ChainTerms } from "./terms.ts";

/** What a page may show at this moment. */
export interface Standing {
  /** Changes with each step: everything that was read from `items` is old then. */
  readonly step: number;
  readonly items: State;
  readonly history: History;
  /** Collections of pallet-nfts; undefined where items are RMRK's. */
  readonly named: NamedCollections | undefined;
  /** Which of their items rooms have used up. */
  readonly used: SaidUsed | undefined;
  readonly view: View | undefined;
  readonly strength: Strength;
  /** Whether the newest final block that one hears of was reached. */
  readonly caughtUp: boolean;
  /** Why nothing newer is heard, or why what was heard is not believed. */
  readonly trouble: ChainTrouble | "not-believed" | undefined;
}

export interface Pace {
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Between two attempts: first and longest. */
const retryMs = 1000;
const retryMaxMs = 15_000;
/** Between two steps along a chain that goes on. */
const breathMs = 1500;
/** Blocks: of very many that are to be read, each step brings more. */
const shortStep = 16;

const byClock: Pace = {
  wait: (ms, stopped) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

export class Following {
  readonly #chain: HttpChain;
  readonly #follower: Follower;
  readonly #standing: Signal<Standing>;
  readonly #stop = new AbortController();
  readonly #pace: Pace;

  constructor(terms: ChainTerms, chain: HttpChain, pace: Pace = byClock) {
    const items = emptyState(terms.prefix);
    const history = new History();
    const named = terms.nfts && new NamedCollections(terms.nfts.owner);
    const used = named && saidByIssuers(named);
    this.#chain = chain;
    this.#pace = pace;
    this.#follower = new Follower({
      checkpoint: terms.checkpoint,
      items,
      source: chain,
      runtimes: terms.runtimes,
      compat: terms.compat,
      heard: ({ block }, outcome, hash) => {
        if (outcome.accepted) for (const event of outcome.events) history.add(event, block, hash);
      },
    });
    const { strength } = terms.checkpoint;
    const view = undefined;
    const beginning = { step: 0, caughtUp: false, trouble: undefined };
    this.#standing = signal({ ...beginning, items, history, named, used, view, strength });
  }

  get standing(): ReadonlySignal<Standing> {
    return this.#standing;
  }

  /** Follows until `stop`. */
  async run(): Promise<void> {
    let pause = retryMs;
    while (!this.#stop.signal.aborted) {
      try {
        const { view, caughtUp, trouble } = this.#standing.value;
        const before = view?.block.number ?? 0;
        const step = await this.#follower.follow();
        // A chain may be as fast as this page: a short step was all there was.
        if (step !== undefined) {
          const { named, used } = this.#standing.value;
          named?.read(step.words);
          used?.read(step.words);
          const short = step.view.block.number - before < shortStep;
          this.#told({ caughtUp: short, trouble: undefined });
          // Blocks that come together cost as many questions as one; a gateway counts them.
          if (short) await this.#pace.wait(breathMs, this.#stop.signal);
        } else {
          if (!caughtUp || trouble !== undefined) this.#told({ caughtUp: true, trouble: undefined });
          await this.#chain.newer(before);
        }
        pause = retryMs;
      } catch (error) {
        this.#told({ trouble: troubleOf(error) });
        await this.#pace.wait(pause, this.#stop.signal);
        pause = Math.min(2 * pause, retryMaxMs);
      }
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  #told(change: Partial<Standing>): void {
    const { value } = this.#standing;
    this.#standing.value = { ...value, ...change, step: value.step + 1, view: this.#follower.view };
  }
}

function troubleOf(error: unknown): Standing["trouble"] {
  if (error instanceof ProofError) return "not-believed";
  if (error instanceof HttpChainError) return error.code;
  throw error;
}
