/** Asset Hub's real runtime, block by block: what is said of each account in one transaction, and what becomes of each call. */
import { storageKey } from "#chain/devnet/hashing.ts";
import type { Word } from "#enclave/ledger/follow/block.ts";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { preSignedCall, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { refusalOf } from "#enclave/ledger/nfts/refusals.ts";
import { compact } from "#enclave/ledger/proof/scale.ts";
import { decodeEvents } from "#enclave/ledger/runtime/extrinsics.ts";
import { callIndex } from "#enclave/ledger/runtime/metadata.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { bytesToHex, concatBytes, hexToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { Hub } from "../../../ledger/nfts/hub.ts";
import { answerOf } from "../issuing-worker.ts";

const eventsKey = storageKey("System", "Events");

interface Saying {
  readonly call: Uint8Array;
  readonly say: (outcome: string) => void;
}

export class HubChain implements AsyncDisposable {
  readonly hub: Hub;
  /** What was said in all blocks. */
  readonly words: Word[] = [];
  /** The issuer's newest transaction that a block has. */
  issued: { readonly birth: number; readonly transaction: Uint8Array } | undefined;
  readonly #truth: Follower;
  /** The blocks on which a worker signed, by what it signed. */
  readonly #births = new Map<string, number>();
  readonly #nonces = new Map<AccountId, number>();
  readonly #saying = new Map<IssuerKey, Saying[]>();

  protected constructor(hub: Hub) {
    this.hub = hub;
    this.#truth = hub.world.newFollower();
  }

  /** What is true. */
  get view(): View {
    return this.#truth.view!;
  }

  get block(): number {
    return this.view.block.number;
  }

  /** An honest node, but for what is told instead. */
  source(lies: Partial<ChainSource> = {}) {
    const keys = (block: string, prefix: Uint8Array): Promise<readonly Uint8Array[]> => this.hub.keys(block, prefix);
    return { ...this.hub.world.source(), keys, ...lies };
  }

  /** In the next block. @returns "done", or why the runtime refused it. */
  call(key: IssuerKey, call: Uint8Array): Promise<string> {
    return new Promise((say) => {
      const waiting = this.#saying.get(key);
      if (waiting === undefined) this.#saying.set(key, [{ call, say }]);
      else waiting.push({ call, say });
    });
  }

  redeem(key: IssuerKey, mint: SignedMint): Promise<string> {
    return this.call(key, preSignedCall(this.hub.metadata, mint));
  }

  /** What a worker sends. */
  send(transaction: Uint8Array): ReturnType<ChainSource["submit"]> {
    const name = bytesToHex(transaction);
    if (!this.#births.has(name)) this.#births.set(name, this.block);
    return this.hub.world.source().submit(transaction);
  }

  /** @returns what the chain says to a transaction. */
  submit(transaction: Uint8Array): string {
    try {
      this.hub.world.chain.submit(transaction);
      return "taken";
    } catch (error) {
      return answerOf(error);
    }
  }

  /** With the next nonce. */
  #sign(key: IssuerKey, call: Uint8Array): Uint8Array {
    const nonce = this.#nonces.get(key.account) ?? 0;
    this.#nonces.set(key.account, nonce + 1);
    const { runtime, genesis, block } = this.view;
    return signCall(call, { runtime, genesis, nonce, era: { birth: block, period: 64 } }, key);
  }

  /** @returns what was said since. */
  protected async follow(): Promise<readonly Word[]> {
    const before = this.words.length;
    for (let step = await this.#truth.follow(); step !== undefined; step = await this.#truth.follow()) {
      this.words.push(...step.words);
    }
    return this.words.slice(before);
  }

  /** A block with everything that is to be said, in which every call stands or falls alone. @returns what was said in it. */
  protected async makeBlock(): Promise<readonly Word[]> {
    const { chain } = this.hub.world;
    const { metadata } = this.view.runtime;
    const said = Array.from(this.#saying, ([key, calls]) => {
      const batch = concatBytes(callIndex(metadata, "Utility", "force_batch"), compact(calls.length));
      const transaction = this.#sign(key, concatBytes(batch, ...calls.map(({ call }) => call)));
      chain.submit(transaction);
      return { name: bytesToHex(transaction), calls };
    });
    this.#saying.clear();
    chain.newBlock();
    const words = await this.follow();
    const body = chain.body(chain.best.hash).map((bytes) => bytesToHex(bytes));
    const events = decodeEvents(metadata, chain.best.state.get(eventsKey));
    for (const { name, calls } of said) {
      const isEnd = ({ method }: { readonly method: string }): boolean => /^Item(Completed|Failed)$/.test(method);
      const ends = events.get(body.indexOf(name))?.filter(isEnd) ?? [];
      if (ends.length !== calls.length) throw new Error(`${ends.length} of ${calls.length} calls have come to an end`);
      for (const [i, { say }] of calls.entries()) {
        const { method, data } = ends[i]!;
        const failed = { section: "system", method: "ExtrinsicFailed", data: { dispatchError: data["error"] } };
        say(method === "ItemCompleted" ? "done" : refusalOf(metadata, [failed])!);
      }
    }
    const sent = body.find((bytes) => this.#births.has(bytes));
    if (sent !== undefined) this.issued = { birth: this.#births.get(sent)!, transaction: hexToBytes(sent) };
    return words;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.hub[Symbol.asyncDispose]();
  }
}
