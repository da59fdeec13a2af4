/**
 * A chain, asked through a gateway by HTTP. Nothing that it answers is believed: whoever asks proves it. Bodies of blocks that
 * will be asked for are asked for together.
 */
import {
  chainLimits,
  decodeChainAnswer,
  decodeChainList,
  encodeChainList,
  encodeChainQuestion,
  type ChainAnswers,
  type ChainFailure,
  type ChainQuestion,
} from "#protocol/chain-link.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { ChainSource, ChainStep, Position } from "#enclave/ledger/follow/source.ts";
import { hashOf, type BlockHash } from "#enclave/ledger/proof/header.ts";
import { parachainHeadKey } from "#enclave/ledger/proof/storage-keys.ts";
import type { PinnedRuntime } from "#enclave/ledger/runtime/runtimes.ts";

/** Why a chain is not heard of: a node's failure, or that of the way there. */
export type ChainTrouble = ChainFailure | "unreachable" | "no-chain" | "malformed";

export class HttpChainError extends Error {
  readonly code: ChainTrouble;

  constructor(code: ChainTrouble, cause?: unknown) {
    super(code, cause === undefined ? {} : { cause });
    this.name = "HttpChainError";
    this.code = code;
  }
}

const mediaType = "application/octet-stream";
const timeoutMs = 30_000;
/** Bodies in one request: with the pace that a gateway allows, a day of blocks in a few minutes. */
const bodiesAtOnce = 48;

/** A gateway lets one address ask only so often. Whoever began anew each time would never come to the end of a long step. */
const turnedAway: readonly number[] = [429, 503];
const turnedAwayMax = 24;
/** Of what it says about how long to wait, in ms. */
const patience = { least: 1000, most: 10_000 };

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const byClock = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class HttpChain implements ChainSource {
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #wait: (ms: number) => Promise<void>;
  /** Blocks whose bodies will be asked for, in order. */
  #coming: BlockHash[] = [];
  readonly #bodies = new Map<BlockHash, readonly Uint8Array[]>();

  /** @param place of the gateway. @param wait resolves after so many ms. */
  constructor(place: string, fetchIt: Fetch = (url, init) => fetch(url, init), wait = byClock) {
    this.#url = new URL("/api/chain", place).href;
    this.#fetch = fetchIt;
    this.#wait = wait;
  }

  async next({ block, relay }: Position): Promise<ChainStep | undefined> {
    const step = await this.#one({
      name: "next",
      block,
      relay: relay && { block: relay.block, headKey: parachainHeadKey(relay.parachain) },
    });
    // What is wrong with them is found by whoever follows.
    this.#coming = step === undefined ? [] : step.headers.map(hashOf);
    this.#bodies.clear();
    return step;
  }

  async body(block: BlockHash): Promise<readonly Uint8Array[]> {
    const known = this.#bodies.get(block);
    if (known !== undefined) {
      this.#bodies.delete(block);
      return known;
    }
    const at = this.#coming.indexOf(block);
    const blocks = at < 0 ? [block] : this.#coming.slice(at, at + bodiesAtOnce);
    const bodies = await this.#ask(blocks.map((hash) => ({ name: "body", block: hash }) as const));
    for (const [i, body] of bodies.entries()) this.#bodies.set(blocks[i]!, body);
    return this.body(block);
  }

  storage(block: BlockHash, keys: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return this.#one({ name: "storage", block, keys });
  }

  /** Keys of the state after the block that begin so; any may be left out. */
  keys(block: BlockHash, prefix: Uint8Array): Promise<readonly Uint8Array[]> {
    return this.#one({ name: "keys", block, prefix });
  }

  metadata(_runtime: PinnedRuntime, block: BlockHash): Promise<Uint8Array> {
    return this.#one({ name: "metadata", block });
  }

  submit(transaction: Uint8Array): Promise<"waiting" | "in-block"> {
    return this.#one({ name: "submit", transaction });
  }

  /** Resolves when there is a final block above this one, or after a while. */
  newer(number: number): Promise<boolean> {
    return this.#one({ name: "newer", number });
  }

  async #one<Q extends ChainQuestion>(question: Q): Promise<ChainAnswers[Q["name"]]> {
    const [answer] = await this.#ask([question]);
    return answer as ChainAnswers[Q["name"]];
  }

  /** As many as come back: the first one does. */
  async #ask<Q extends ChainQuestion>(questions: readonly Q[]): Promise<readonly ChainAnswers[Q["name"]][]> {
    const answers = await this.#post(encodeChainList(questions.map(encodeChainQuestion)));
    try {
      const list = decodeChainList(answers, questions.length);
      if (list.length === 0) throw new HttpChainError("malformed");
      return list.map((bytes, i) => {
        const answer = decodeChainAnswer(questions[i]!.name, bytes);
        if ("failure" in answer) throw new HttpChainError(answer.failure);
        return answer.value as ChainAnswers[Q["name"]];
      });
    } catch (error) {
      if (error instanceof ProtocolError) throw new HttpChainError("malformed", error);
      throw error;
    }
  }

  /** Waits where it is asked to. */
  async #post(body: Uint8Array): Promise<Uint8Array> {
    for (let left = turnedAwayMax; ; left--) {
      const answer = await this.#postOnce(body);
      if (answer instanceof Uint8Array) return answer;
      if (left === 0) throw new HttpChainError("unreachable");
      await this.#wait(answer.waitMs);
    }
  }

  async #postOnce(body: Uint8Array): Promise<Uint8Array | { readonly waitMs: number }> {
    let response: Response;
    let bytes: ArrayBuffer;
    try {
      response = await this.#fetch(this.#url, {
        method: "POST",
        headers: { "content-type": mediaType },
        body: new Uint8Array(body),
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(timeoutMs),
      });
      bytes = await response.arrayBuffer();
    } catch (cause) {
      throw new HttpChainError("unreachable", cause);
    }
    if (response.status === 404) throw new HttpChainError("no-chain");
    if (turnedAway.includes(response.status)) {
      const asked = 1000 * Number(response.headers.get("Retry-After") ?? 0);
      return { waitMs: Math.min(Math.max(asked || 0, patience.least), patience.most) };
    }
    if (!response.ok) throw new HttpChainError("unreachable");
    if (bytes.byteLength > chainLimits.answer + 1024 * 1024) throw new HttpChainError("malformed");
    return new Uint8Array(bytes);
  }
}
