/**
 * A worker's own view of a chain: each final block's extrinsics from the checkpoint on, and who owns what by them. It goes
 * forward or stays; what it does not know any more is for others to notice, by its age.
 */
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { apply, type Outcome } from "#rmrk/consolidator.ts";
import type { Remark } from "#rmrk/remark.ts";
import type { State } from "#rmrk/state/state.ts";
import type { Checkpoint } from "../proof/checkpoint.ts";
import { demand } from "../proof/errors.ts";
import type { BlockRef } from "../proof/finality.ts";
import type { BlockHash, Header } from "../proof/header.ts";
import { ScaleReader } from "../proof/scale.ts";
import { accountKey, feeMultiplierKey, runtimeKey, timeKey } from "../proof/storage-keys.ts";
import { verifyStorage } from "../proof/storage.ts";
import type { Strength } from "../proof/strength.ts";
import { decodeTime, laterTime } from "../proof/time.ts";
import { decodeFeeMultiplier } from "../runtime/fees.ts";
import { decodeRuntimeVersion, Runtimes, type PinnedRuntime, type Runtime } from "../runtime/runtimes.ts";
import { saidIn, type Said, type Word } from "./block.ts";
import { advanceCheckpoint, blockOf, positionOf } from "./head.ts";
import type { ChainSource } from "./source.ts";

export interface FollowerOptions {
  readonly checkpoint: Checkpoint;
  /** Who owned what after the checkpoint's block. It is written in place from here on. */
  readonly items: State;
  readonly source: ChainSource;
  readonly runtimes: readonly PinnedRuntime[];
  /** Accounts whose next nonces are proven with each new final block. */
  readonly accounts?: readonly AccountId[];
  /** Whether old collections count: see `apply` of the consolidator. */
  readonly compat?: boolean | undefined;
  /** Called with each remark once it was applied, in the order of the chain, and its block's hash. */
  readonly heard?: (remark: Remark, outcome: Outcome, block: BlockHash) => void;
}

/** What is proven about the newest final block. */
export interface View {
  readonly block: BlockRef;
  /** Of the state after it, 32 bytes. */
  readonly stateRoot: Uint8Array;
  /** What it says the time is: milliseconds since 1970. */
  readonly time: number;
  readonly strength: Strength;
  readonly genesis: Checkpoint["genesis"];
  /** Who owns what. Not to be changed, and another one after the next step. */
  readonly items: State;
  readonly nonces: ReadonlyMap<AccountId, number>;
  /** What those accounts have, as far as it is not reserved, in the chain's smallest unit. */
  readonly funds: ReadonlyMap<AccountId, bigint>;
  /** By how much work costs more in the next block than usual, in units of 10⁻¹⁸; asked for where accounts are. */
  readonly feeMultiplier: bigint;
  readonly runtime: Runtime;
}

export interface Followed {
  readonly view: View;
  /** Of workers, in the order of the chain, in the blocks of this step. */
  readonly words: readonly Word[];
}

export class Follower {
  readonly #source: ChainSource;
  readonly #runtimes: Runtimes;
  readonly #accounts: readonly AccountId[];
  readonly #items: State;
  readonly #heard: FollowerOptions["heard"];
  readonly #compat: boolean;
  #checkpoint: Checkpoint;
  #view: View | undefined;
  #following = false;

  constructor({ checkpoint, items, source, runtimes, accounts = [], heard, compat = false }: FollowerOptions) {
    this.#checkpoint = checkpoint;
    this.#items = items;
    this.#heard = heard;
    this.#compat = compat;
    this.#source = source;
    this.#runtimes = new Runtimes(runtimes, (runtime, block) => source.metadata(runtime, block));
    this.#accounts = accounts;
  }

  /** Undefined until the first step. */
  get view(): View | undefined {
    return this.#view;
  }

  /** From which another follower can go on, together with a snapshot of the items. */
  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /**
   * One step. All of it counts, or nothing.
   *
   * @returns undefined if there is nothing newer, as far as one hears.
   * @throws ProofError if it is not true what one hears; whatever the source throws. Nothing changes then.
   */
  async follow(): Promise<Followed | undefined> {
    if (this.#following) throw new Error("one step at a time");
    this.#following = true;
    try {
      const step = await this.#source.next(positionOf(this.#checkpoint));
      if (step === undefined) return undefined;
      const { checkpoint, headers } = advanceCheckpoint(this.#checkpoint, step);
      const said: Said[] = [];
      for (const header of headers) said.push(await saidIn(header, this.#source, this.#runtimes));
      const last = headers.at(-1);
      // The relay chain is ahead, and this one is where it was.
      const view = last === undefined ? this.#view : await this.#viewAt(last, checkpoint);
      this.#checkpoint = checkpoint;
      this.#view = view;
      for (const [i, { remarks }] of said.entries()) {
        for (const remark of remarks) {
          const outcome = apply(this.#items, remark, { compat: this.#compat });
          this.#heard?.(remark, outcome, headers[i]!.hash);
        }
      }
      return view && { view, words: said.flatMap(({ words }) => words) };
    } finally {
      this.#following = false;
    }
  }

  async #viewAt(header: Header, checkpoint: Checkpoint): Promise<View> {
    const asked = this.#accounts.map((account) => accountKey(accountBytes(account)));
    const keys = [timeKey, runtimeKey, ...(asked.length === 0 ? [] : [...asked, feeMultiplierKey])];
    const proof = await this.#source.storage(header.hash, keys);
    const [time, version, ...accounts] = verifyStorage(header.stateRoot, proof, keys);
    return {
      block: blockOf(checkpoint),
      stateRoot: header.stateRoot,
      time: laterTime(this.#view?.time ?? 0, decodeTime(time)),
      strength: checkpoint.strength,
      genesis: checkpoint.genesis,
      items: this.#items,
      nonces: new Map(this.#accounts.map((account, i) => [account, decodeAccount(accounts[i]).nonce])),
      funds: new Map(this.#accounts.map((account, i) => [account, decodeAccount(accounts[i]).free])),
      feeMultiplier: decodeFeeMultiplier(accounts[this.#accounts.length]),
      runtime: await this.#runtimes.of(decodeRuntimeVersion(version), header.parentHash),
    };
  }
}

/**
 * Of `System.Account`: the nonce, three counts of references, then what is free. An account that is not there has made no
 * transaction and has nothing.
 */
function decodeAccount(account: Uint8Array | undefined): { readonly nonce: number; readonly free: bigint } {
  if (account === undefined) return { nonce: 0, free: 0n };
  demand(account.length >= 32, "account-malformed");
  const reader = new ScaleReader(account, "account-malformed");
  const nonce = reader.u32();
  reader.take(12);
  return { nonce, free: reader.integer(16) };
}
