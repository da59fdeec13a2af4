/**
 * The chain of a worker that has no network: a gateway asks a node, and is trusted with nothing. Its answers are checked in
 * form here, and in substance by whoever follows.
 */
import {
  chainAnswerMax,
  chainLimits,
  decodeChainAnswer,
  decodeChainOffer,
  encodeChainQuestion,
  type ChainAnswers,
  type ChainFailure,
  type ChainQuestion,
} from "#protocol/chain-link.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import { parachainHeadKey } from "../proof/storage-keys.ts";
import type { PinnedRuntime } from "../runtime/runtimes.ts";
import type { BlockHash } from "../proof/header.ts";
import type { ChainSource, ChainStep, Position } from "./source.ts";

/** A gateway's link; a `LinkConnection` is one. */
export interface ChainLink {
  sendApart(kind: LinkKind, bodies: readonly Uint8Array[], done: () => void): void;
}

export class ChainError extends Error {
  override readonly name = "ChainError";
  /** "chain-silent": a gateway that offered a chain does not answer. */
  readonly code: ChainFailure | "chain-silent";

  constructor(code: ChainFailure | "chain-silent") {
    super(code);
    this.code = code;
  }
}

/** Longer than a gateway waits for its node. */
const answerMs = 30_000;

interface Asked {
  readonly name: ChainQuestion["name"];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** What is asked of one gateway. */
class ChainLine {
  readonly #sender: FragmentSender;
  readonly #reader: FragmentReader;
  readonly #asked = new Map<number, Asked>();
  #last = 0;

  constructor(link: ChainLink) {
    this.#sender = new FragmentSender((fragments, done) => link.sendApart(linkKinds.chainQuestion, fragments, done));
    this.#reader = new FragmentReader({
      bytesMax: 2 * chainLimits.answer,
      admit: (number, length) => {
        const asked = this.#asked.get(number);
        if (asked === undefined) throw new ProtocolError("malformed", "chain: nobody asked");
        if (length > chainAnswerMax(asked.name)) throw new ProtocolError("too-long", "chain: an answer");
      },
    });
  }

  ask<Q extends ChainQuestion>(question: Q): Promise<ChainAnswers[Q["name"]]> {
    // Whoever asks does one thing after another; a gateway that answers nothing is given up, and not asked more.
    if (this.#asked.size >= chainLimits.unanswered) return Promise.reject(new ChainError("chain-silent"));
    const number = (this.#last = (this.#last + 1) % 2 ** 32);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new ChainError("chain-silent")), answerMs);
      const answered = resolve as (value: unknown) => void;
      this.#asked.set(number, { name: question.name, resolve: answered, reject, timer });
      this.#sender.push(number, encodeChainQuestion(question), false);
    });
  }

  /** A fragment of an answer. @throws ProtocolError if it is none; the link must be closed then. */
  answer(fragment: Uint8Array): void {
    const assembled = this.#reader.push(fragment);
    if (assembled === undefined) return;
    const { name, resolve, reject, timer } = this.#asked.get(assembled.question)!;
    const answer = decodeChainAnswer(name, assembled.message);
    this.#asked.delete(assembled.question);
    clearTimeout(timer);
    if ("failure" in answer) reject(new ChainError(answer.failure));
    else resolve(answer.value);
  }

  end(): void {
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new ChainError("chain-away"));
    }
    this.#asked.clear();
  }
}

/** Asks the gateway that offered a chain last, of those that are there. Every method rejects with ChainError. */
export class LinkedChain implements ChainSource {
  readonly #lines = new Map<ChainLink, ChainLine>();
  #waiting: (() => void)[] = [];

  /** Resolves once there is somebody to ask. */
  whenOffered(): Promise<void> {
    if (this.#lines.size > 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The body of a `chainOffer`. @throws ProtocolError "malformed", also for a second one. */
  offer(link: ChainLink, body: Uint8Array): void {
    decodeChainOffer(body);
    if (this.#lines.has(link)) throw new ProtocolError("malformed", "chain: offered already");
    this.#lines.set(link, new ChainLine(link));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The body of a `chainAnswer`. @throws ProtocolError if it answers nothing that was asked here; close the link then. */
  answer(link: ChainLink, body: Uint8Array): void {
    const line = this.#lines.get(link);
    if (line === undefined) throw new ProtocolError("malformed", "chain: never offered");
    line.answer(body);
  }

  /** The link is closed. */
  detach(link: ChainLink): void {
    const line = this.#lines.get(link);
    this.#lines.delete(link);
    line?.end();
  }

  next({ block, relay }: Position): Promise<ChainStep | undefined> {
    const headKey = relay && parachainHeadKey(relay.parachain);
    return this.#ask({
      name: "next",
      block,
      relay: relay && { block: relay.block, headKey: headKey! },
    });
  }

  body(block: BlockHash): Promise<readonly Uint8Array[]> {
    return this.#ask({ name: "body", block });
  }

  storage(block: BlockHash, keys: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return this.#ask({ name: "storage", block, keys });
  }

  /** Keys of the state after the block that begin so; any may be left out. */
  keys(block: BlockHash, prefix: Uint8Array): Promise<readonly Uint8Array[]> {
    return this.#ask({ name: "keys", block, prefix });
  }

  metadata(_runtime: PinnedRuntime, block: BlockHash): Promise<Uint8Array> {
    return this.#ask({ name: "metadata", block });
  }

  submit(transaction: Uint8Array): Promise<"waiting" | "in-block"> {
    return this.#ask({ name: "submit", transaction });
  }

  /** Resolves when there may be a final block above this one, or after some seconds. */
  async newer(number: number): Promise<void> {
    await this.#ask({ name: "newer", number });
  }

  #ask<Q extends ChainQuestion>(question: Q): Promise<ChainAnswers[Q["name"]]> {
    const line = [...this.#lines.values()].at(-1);
    return line?.ask(question) ?? Promise.reject(new ChainError("chain-away"));
  }
}
