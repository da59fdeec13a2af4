/** What this worker asks one gateway's store: questions in lanes of bounded length, answers believed in form only. */
import { ProtocolError } from "#protocol/errors.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import {
  answerMax,
  decodeAnswer,
  encodeQuestion,
  lanes,
  unansweredBytesMax,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import { StoreError } from "#protocol/store.ts";

/** A gateway's link; a `LinkConnection` is one. */
export interface StoreLink {
  sendApart(kind: LinkKind, bodies: readonly Uint8Array[], done: () => void): void;
}

interface Asked {
  readonly question: StoreQuestion;
  readonly message: Uint8Array;
  readonly lane: Lane;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** Questions of one kind: so many may be without an answer, the others wait here. */
class Lane {
  readonly waiting: Asked[] = [];
  readonly #limits: { readonly questionsMax: number; readonly bytesMax: number };
  #questions = 0;
  #bytes = 0;

  constructor(limits: { readonly questionsMax: number; readonly bytesMax: number }) {
    this.#limits = limits;
  }

  /** The next one that may go; undefined if none may. */
  next(): Asked | undefined {
    const [first] = this.waiting;
    if (first === undefined || this.#questions >= this.#limits.questionsMax) return undefined;
    if (this.#bytes + first.message.length > this.#limits.bytesMax) return undefined;
    this.waiting.shift();
    this.#questions += 1;
    this.#bytes += first.message.length;
    return first;
  }

  answered({ message }: Asked): void {
    this.#questions -= 1;
    this.#bytes -= message.length;
  }
}

export class StoreLine {
  readonly #sender: FragmentSender;
  readonly #reader: FragmentReader;
  readonly #appends = new Lane(lanes.appends);
  readonly #others = new Lane(lanes.others);
  readonly #asked = new Map<number, Asked>();
  #lastNumber = 0;
  #ended = false;

  constructor(link: StoreLink) {
    this.#sender = new FragmentSender((fragments, done) => link.sendApart(linkKinds.storeQuestion, fragments, done));
    this.#reader = new FragmentReader({
      bytesMax: unansweredBytesMax,
      admit: (number, length) => {
        const asked = this.#asked.get(number);
        if (asked === undefined) throw new ProtocolError("malformed", "store: nobody asked");
        if (length > answerMax(asked.question)) throw new ProtocolError("too-long", "store: an answer");
      },
    });
  }

  /**
   * The answer's value, of the question's kind. Appends reach the store in the order in which they were asked; other
   * questions may overtake and be overtaken.
   *
   * @throws StoreError as the store does, "store-failed" once the link is gone.
   */
  ask(question: StoreQuestion): Promise<unknown> {
    if (this.#ended) return Promise.reject(gone());
    const lane = question.name === "append" ? this.#appends : this.#others;
    return new Promise((resolve, reject) => {
      lane.waiting.push({ question, message: encodeQuestion(question), lane, resolve, reject });
      this.#send(lane);
    });
  }

  /** A fragment of an answer. @throws ProtocolError if it is none; the link must be closed then. */
  answer(fragment: Uint8Array): void {
    const assembled = this.#reader.push(fragment);
    if (assembled === undefined) return;
    const asked = this.#asked.get(assembled.question)!;
    const answer = decodeAnswer(asked.question, assembled.message);
    this.#asked.delete(assembled.question);
    asked.lane.answered(asked);
    if ("failure" in answer) asked.reject(new StoreError(answer.failure, "the store of the gateway"));
    else asked.resolve(answer.value);
    this.#send(asked.lane);
  }

  /** The link is gone: of what was asked nobody knows whether it was done. */
  end(): void {
    this.#ended = true;
    for (const asked of this.#asked.values()) asked.reject(gone());
    this.#asked.clear();
    for (const { waiting } of [this.#appends, this.#others]) {
      for (const asked of waiting.splice(0)) asked.reject(gone());
    }
  }

  #send(lane: Lane): void {
    for (let asked = lane.next(); asked !== undefined; asked = lane.next()) {
      const number = this.#nextNumber();
      this.#asked.set(number, asked);
      this.#sender.push(number, asked.message, lane === this.#appends);
    }
  }

  #nextNumber(): number {
    do this.#lastNumber = (this.#lastNumber + 1) % 2 ** 32;
    while (this.#asked.has(this.#lastNumber));
    return this.#lastNumber;
  }
}

const gone = (): StoreError => new StoreError("store-failed", "the gateway with the store is gone");
