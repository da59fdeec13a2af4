/** A worker that follows a real runtime's chain in virtual time, through a node that does what a test tells it to. */
import { AwardBook } from "#enclave/reward/award-book.ts";
import type { Award } from "#enclave/reward/award.ts";
import { Following, type FollowingEvent } from "#enclave/reward/following.ts";
import { Issuer, type IssuingView } from "#enclave/reward/issuer.ts";
import { signTransaction } from "#enclave/reward/transaction.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import { ChainError, type LinkedChain } from "#enclave/ledger/follow/linked-chain.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { accountBytes } from "#rmrk/account.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { devnetCheckpoint, devnetRuntime } from "../ledger/support/devnet-source.ts";
import { prefix, type DevnetWorld } from "./devnet-world.ts";

export const player = "aa".repeat(16) as PlayerId;
const room = "0123456789abcdef0123" as RoomId;
/** Between blocks, in virtual ms; and how long whoever asks waits for one that hangs. */
const blockMs = 6000;
const silentMs = 30_000;

/** What a node does instead of what it should: from now on, to everything that is asked. */
export type Broken = (world: DevnetWorld) => Partial<ChainSource> | ChainError["code"];

interface Wide extends IssuingView {
  readonly whole: View;
}

export class PatientWorker implements AsyncDisposable {
  readonly events: FollowingEvent[] = [];
  /** How often it has turned to the node while that was broken. */
  attempts = 0;
  /** Virtual, in ms. */
  now = 0;
  readonly #world: DevnetWorld;
  #book!: AwardBook<Wide>;
  #following!: Following;
  #running!: Promise<void>;
  #broken: Broken | undefined;
  #awards = 0;

  private constructor(world: DevnetWorld) {
    this.#world = world;
  }

  static async start(world: DevnetWorld): Promise<PatientWorker> {
    const worker = new PatientWorker(world);
    await worker.#start();
    return worker;
  }

  async #start(): Promise<void> {
    const { issuer, chain, collection } = this.#world;
    const { account } = issuer;
    const metadata = "ipfs://ipfs/swords";
    this.#book = await AwardBook.open<Wide>({
      account,
      journal: {
        read: () => Promise.resolve([]),
        append: () => Promise.resolve(),
        appendNext: () => Promise.resolve(true),
      },
      recipients: {
        findRecipient: () => Promise.resolve(accountBytes(this.#world.player.account)),
        listen: () => () => undefined,
      },
      issuing: true,
      told: () => undefined,
      issuer: (beginning) =>
        new Issuer<Wide>({
          ...beginning,
          account,
          boot: new Uint8Array(32).fill(1),
          period: 4,
          collections: [{ op: "CREATE", id: collection, issuer: account, symbol: "SWORDS", max: 0, metadata }],
          sign: (remarks, nonce, era, { whole: { runtime, genesis } }) =>
            signTransaction(remarks, { runtime, genesis, era, nonce }, issuer),
          submit: (transaction) => this.#ask((source) => source.submit(transaction)),
        }),
    });
    this.#following = new Following({
      checkpoint: devnetCheckpoint(chain),
      runtimes: [devnetRuntime(chain)],
      items: emptyState(prefix),
      accounts: [account],
      source: this.#source() as LinkedChain,
      log: (event) => this.events.push(event),
      wait: (ms) => this.#pass(ms),
      step: (view, words) => {
        const { block, items, nonces } = view;
        return this.#book.turn({ block, items, nonce: nonces.get(account)!, whole: view }, words);
      },
      idle: () => this.#book.look(),
    });
    this.#running = this.#following.run();
  }

  get view(): View | undefined {
    return this.#following.view;
  }

  /** A player earns something now. */
  async earn(): Promise<void> {
    const once = `win ${(this.#awards += 1)}`;
    const award: Award = {
      id: voucherId(new Uint8Array(32), room, once),
      player,
      room,
      once,
      collection: this.#world.collection,
      symbol: "sword",
      transferable: 1,
      metadata: "ipfs://ipfs/sword",
    };
    await this.#book.earn(award);
  }

  /** As the player is told. */
  get stages(): readonly string[] {
    return this.#book.standing(player).map(({ stage, reason }) => (reason === null ? stage : `${stage}: ${reason}`));
  }

  get allFinal(): boolean {
    return this.stages.every((stage) => stage === "final");
  }

  /** How often each voucher was minted on the final chain, sorted. */
  minted(): readonly number[] {
    const { chain } = this.#world;
    const counts = new Map<string, number>();
    for (let number = 1; number <= chain.finalized.number; number++) {
      for (const extrinsic of chain.body(chain.hashAt(number)!)) {
        const text = Buffer.from(extrinsic).toString("latin1");
        for (const [remark] of text.matchAll(/RMRK::MINT::2\.0\.0::[\x21-\x7e]+?::[1-9A-HJ-NP-Za-km-z]+/g)) {
          const said = decodeRemark(utf8ToBytes(remark), prefix);
          if (said?.op !== "MINT") continue;
          const voucher = said.properties.get("voucher")!.value as string;
          counts.set(voucher, (counts.get(voucher) ?? 0) + 1);
        }
      }
    }
    return [...counts.values()].sort((a, b) => a - b);
  }

  /** From now on the node does this. */
  break(broken: Broken): void {
    this.#broken = broken;
    this.attempts = 0;
  }

  mend(): void {
    this.#broken = undefined;
  }

  /** Lets virtual time pass until it holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let left = 5000; left > 0; left--) {
      if (holds()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(
      `it did not happen: ${JSON.stringify({ now: this.now, events: this.events, stages: this.stages })}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#following.close();
    this.mend();
    await this.#running;
  }

  async #pass(ms: number): Promise<void> {
    this.now += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }

  #source(): ChainSource & { whenOffered(): Promise<void>; newer(number: number): Promise<void> } {
    return {
      whenOffered: () => Promise.resolve(),
      next: (from) => this.#ask((source) => source.next(from)),
      body: (block) => this.#ask((source) => source.body(block)),
      storage: (block, keys) => this.#ask((source) => source.storage(block, keys)),
      metadata: (runtime, block) => this.#ask((source) => source.metadata(runtime, block)),
      submit: (transaction) => this.#ask((source) => source.submit(transaction)),
      // The chain goes on by itself.
      newer: async () => {
        await this.#pass(blockMs);
        this.#world.chain.newBlock();
      },
    };
  }

  async #ask<T>(question: (source: ChainSource) => Promise<T>): Promise<T> {
    if (this.#broken === undefined) return question(this.#world.source());
    this.attempts += 1;
    const lies = this.#broken(this.#world);
    if (typeof lies !== "string") return question(this.#world.source(lies));
    if (lies === "chain-silent") await this.#pass(silentMs);
    throw new ChainError(lies);
  }
}
