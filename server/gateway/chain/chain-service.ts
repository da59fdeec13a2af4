/**
 * Answers workers' questions about a chain from a node of it, and takes their transactions there. It keeps nothing, and
 * nobody believes it: workers prove what they are told. While the node is away it says so, and comes back to it.
 */
import {
  chainLimits,
  chainQuestionMax,
  decodeChainQuestion,
  encodeChainAnswer,
  type ChainAnswer,
  type ChainAnswers,
  type ChainQuestion,
} from "#protocol/chain-link.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import type { Log } from "../log.ts";
import { ChainNode, NodeAway, NodeRefusal, nodeTimes, type NodeTimes } from "./node.ts";
import { bodyOf, keysUnder, metadataAt, nextParachainStep, nextStep, readProof } from "./node-questions.ts";
import { NewestFinal } from "./newest-final.ts";
import { NodeNonsense } from "./node-values.ts";
import { Submissions } from "./submissions.ts";

/** Where answers go: to the worker's link. */
export interface ChainCustomer {
  /** `done` is called once they are on their way; never, if the worker is gone. */
  answerChain(fragments: readonly Uint8Array[], done: () => void): void;
}

export interface ChainServiceSetup {
  /** Of a node: ws:// or wss://. */
  readonly url: string;
  /** Of a node of the relay chain, where another chain finalizes this one. */
  readonly relay?: string | undefined;
  readonly log: Log;
  readonly times?: NodeTimes | undefined;
}

export class ChainService {
  readonly #node: ChainNode;
  readonly #relay: ChainNode | undefined;
  readonly #newest: NewestFinal;
  readonly #submissions: Submissions;
  #closed = false;

  constructor({ url, relay, log, times = nodeTimes }: ChainServiceSetup) {
    this.#node = new ChainNode(
      url,
      {
        reached: () => {
          log({ event: "chain-reached" });
          this.#newest.follow();
        },
        lost: () => {
          if (!this.#closed) log({ event: "chain-lost" });
          this.#newest.lost();
          this.#submissions.forget();
        },
      },
      times,
    );
    this.#newest = new NewestFinal(this.#node);
    this.#submissions = new Submissions(this.#node);
    const events = { reached: () => undefined, lost: () => undefined };
    this.#relay = relay === undefined ? undefined : new ChainNode(relay, events, times);
  }

  start(): void {
    this.#node.start();
    this.#relay?.start();
  }

  close(): void {
    this.#closed = true;
    this.#node.close();
    this.#relay?.close();
    this.#newest.lost();
  }

  /** One worker's connection. */
  open(customer: ChainCustomer): ChainConversation {
    return new ChainConversation(customer, (question) => this.#answer(question));
  }

  /** A page's question, and its answer. @throws ProtocolError for what is no question. */
  async answerOnce(bytes: Uint8Array): Promise<Uint8Array> {
    const question = decodeChainQuestion(bytes);
    return encodeBounded(question.name, await this.#answer(question));
  }

  async #answer(question: ChainQuestion): Promise<ChainAnswer> {
    try {
      return { value: await this.#ask(question) };
    } catch (error) {
      if (error instanceof NodeAway) return { failure: "chain-away" };
      if (!(error instanceof NodeRefusal) && !(error instanceof NodeNonsense)) throw error;
      return { failure: question.name === "submit" ? "chain-refused" : "chain-failed" };
    }
  }

  #ask(question: ChainQuestion): Promise<ChainAnswers[keyof ChainAnswers]> {
    const node = this.#node;
    switch (question.name) {
      case "next":
        return this.#next(question);
      case "body":
        return bodyOf(node, question.block);
      case "storage":
        return readProof(node, question.block, question.keys);
      case "keys":
        return keysUnder(node, question.block, question.prefix);
      case "metadata":
        return metadataAt(node, question.block);
      case "submit":
        return this.#submissions.submit(question.transaction);
      case "newer":
        return this.#newest.above(question.number);
    }
  }

  #next({ block, relay }: Extract<ChainQuestion, { name: "next" }>): Promise<ChainAnswers["next"]> {
    if (relay === undefined) return nextStep(this.#node, block);
    if (this.#relay === undefined) return Promise.reject(new NodeNonsense("no relay chain"));
    return nextParachainStep(this.#node, this.#relay, { block, relay });
  }
}

/** What one worker asks, from its offer to the end of its link. */
export class ChainConversation {
  readonly #answer: (question: ChainQuestion) => Promise<ChainAnswer>;
  readonly #sender: FragmentSender;
  readonly #reader: FragmentReader;
  readonly #unanswered = new Set<number>();
  #ended = false;

  constructor(customer: ChainCustomer, answer: (question: ChainQuestion) => Promise<ChainAnswer>) {
    this.#answer = answer;
    this.#sender = new FragmentSender((fragments, done) => customer.answerChain(fragments, done));
    this.#reader = new FragmentReader({
      bytesMax: chainLimits.unanswered * chainQuestionMax,
      admit: (number, length) => {
        if (this.#unanswered.has(number)) throw new ProtocolError("malformed", "chain: asked twice");
        const tooMany = this.#unanswered.size >= chainLimits.unanswered || length > chainQuestionMax;
        if (tooMany) throw new ProtocolError("too-long", "chain: too many questions");
        this.#unanswered.add(number);
      },
    });
  }

  /** A fragment of a question. @throws ProtocolError if it is none, or one too many; the link must be closed then. */
  receive(fragment: Uint8Array): void {
    const assembled = this.#reader.push(fragment);
    if (assembled === undefined) return;
    const { question: number, message } = assembled;
    const question = decodeChainQuestion(message);
    void this.#answer(question).then((answer) => this.#reply(number, question.name, answer));
  }

  /** The worker is gone. */
  end(): void {
    this.#ended = true;
  }

  #reply(number: number, name: ChainQuestion["name"], answer: ChainAnswer): void {
    if (this.#ended) return;
    this.#unanswered.delete(number);
    this.#sender.push(number, encodeBounded(name, answer), false);
  }
}

function encodeBounded(name: ChainQuestion["name"], answer: ChainAnswer): Uint8Array {
  const encoded = encodeChainAnswer(name, answer);
  return encoded.length <= chainLimits.answer ? encoded : encodeChainAnswer(name, { failure: "chain-failed" });
}
