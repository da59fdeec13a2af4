/**
 * Answers the worker's questions with the store that this gateway keeps. It sees chains, numbers and sealed bytes, and
 * takes from a worker only as much at once as the limits of the link allow.
 */
import { ProtocolError } from "#protocol/errors.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import {
  decodeQuestion,
  encodeAnswer,
  unansweredBytesMax,
  unansweredMax,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import { StoreError, type Store, type StoreErrorCode } from "#protocol/store.ts";
import { errorName, type Log } from "./log.ts";
import { Seldom } from "./seldom.ts";
import { storeSentences } from "./store/sentences.ts";
import type { StoreTraffic } from "./store-traffic.ts";

/** Where answers go: to the worker's link. */
export interface StoreCustomer {
  /** `done` is called once they are on their way; never, if the worker is gone. */
  answerStore(fragments: readonly Uint8Array[], done: () => void): void;
}

export interface StoreServicePorts {
  readonly store: Store;
  readonly traffic: StoreTraffic;
  readonly log: Log;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** Questions with long answers that are read at once: each may hold a snapshot in memory until it has left. */
const readsMax = 4;

/** Of an error of the system: enough to find it by. */
const detailMax = 200;

export class StoreService {
  readonly #ports: StoreServicePorts;
  readonly #seldom: Seldom;

  constructor(ports: StoreServicePorts) {
    this.#ports = ports;
    this.#seldom = new Seldom(ports.now);
  }

  /** One worker's connection. */
  open(customer: StoreCustomer): StoreConversation {
    return new StoreConversation(customer, (question) => this.#answer(question));
  }

  async #answer(question: StoreQuestion): Promise<Uint8Array> {
    const { store, traffic, now } = this.#ports;
    const began = now();
    try {
      const value = await askStore(store, question);
      traffic.answered(question, now() - began);
      return encodeAnswer(question, { value });
    } catch (error) {
      const { code, detail } =
        error instanceof StoreError ? error : { code: "store-failed" as const, detail: errorName(error) };
      traffic.failed(code);
      this.#report(code, question.name, detail);
      const failure = code === "store-closed" || code === "store-in-use" ? "store-failed" : code;
      return encodeAnswer(question, { failure });
    }
  }

  #report(code: StoreErrorCode, asked: StoreQuestion["name"], detail: string): void {
    // The gateway is stopping, which it says itself.
    if (code === "store-closed") return;
    if (!this.#seldom.isTime(`${code} ${asked}`)) return;
    const sentence = storeSentences[code];
    this.#ports.log({ event: "store-failing", code, asked, detail: detail.slice(0, detailMax), sentence });
  }
}

/** What one worker asks, from its offer to the end of its link. */
export class StoreConversation {
  readonly #answer: (question: StoreQuestion) => Promise<Uint8Array>;
  readonly #sender: FragmentSender;
  readonly #reader: FragmentReader;
  /** Lengths of the questions that have begun and are not answered. */
  readonly #unanswered = new Map<number, number>();
  #unansweredBytes = 0;
  #reading = 0;
  readonly #toRead: { readonly number: number; readonly question: StoreQuestion }[] = [];
  #ended = false;

  constructor(customer: StoreCustomer, answer: (question: StoreQuestion) => Promise<Uint8Array>) {
    this.#answer = answer;
    this.#sender = new FragmentSender((fragments, done) => customer.answerStore(fragments, done));
    this.#reader = new FragmentReader({
      bytesMax: unansweredBytesMax,
      admit: (number, length) => this.#admit(number, length),
    });
  }

  /** A fragment of a question. @throws ProtocolError if it is none, or one too many; the link must be closed then. */
  receive(fragment: Uint8Array): void {
    const assembled = this.#reader.push(fragment);
    if (assembled === undefined) return;
    const { question: number, message } = assembled;
    const question = decodeQuestion(message);
    if (longAnswers.has(question.name)) {
      this.#toRead.push({ number, question });
      this.#readOn();
    } else {
      void this.#answer(question).then((answer) => this.#reply(number, answer, question.name === "append"));
    }
  }

  /** The worker is gone: what is under way at the store is done, and answered to nobody. */
  end(): void {
    this.#ended = true;
    this.#toRead.length = 0;
  }

  #admit(number: number, length: number): void {
    if (this.#unanswered.has(number)) throw new ProtocolError("malformed", "store: asked twice");
    if (this.#unanswered.size >= unansweredMax || this.#unansweredBytes + length > unansweredBytesMax) {
      throw new ProtocolError("too-long", "store: too many questions");
    }
    this.#unanswered.set(number, length);
    this.#unansweredBytes += length;
  }

  #reply(number: number, answer: Uint8Array, inOrder: boolean, left?: () => void): void {
    if (this.#ended) return;
    this.#unansweredBytes -= this.#unanswered.get(number)!;
    this.#unanswered.delete(number);
    this.#sender.push(number, answer, inOrder, left);
  }

  /** Begins with as many long answers as may be in memory at once. */
  #readOn(): void {
    while (this.#reading < readsMax && this.#toRead.length > 0) {
      const { number, question } = this.#toRead.shift()!;
      this.#reading += 1;
      const left = (): void => {
        this.#reading -= 1;
        this.#readOn();
      };
      void this.#answer(question).then((answer) => this.#reply(number, answer, false, left));
    }
  }
}

const longAnswers: ReadonlySet<StoreQuestion["name"]> = new Set(["snapshot", "records", "heads", "list"]);

function askStore(store: Store, question: StoreQuestion): Promise<unknown> {
  switch (question.name) {
    case "append":
      return store.append(question.given);
    case "save":
      return store.save(question.given);
    case "state":
      return store.state(question.given);
    case "snapshot":
      return store.snapshot(question.given.chain, question.given.below);
    case "records":
      return store.records(question.given.chain, question.given.from, question.given.bytesMax);
    case "heads":
      return store.heads(question.given.chain, question.given.from, question.given.count);
    case "compact":
      return store.compact(question.given.chain, question.given.below);
    case "list":
      return store.list(question.given.prefix, question.given.after, question.given.count);
    case "remove":
      return store.remove(question.given);
  }
}
