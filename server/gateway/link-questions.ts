/** What a worker was asked and has not answered yet. No question waits for ever, and there are never many. */
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";

/** Questions without an answer: more means that the worker has stopped answering any. */
const unansweredMax = 64;

interface Pending<Answer> {
  resolve(answer: Answer): void;
  reject(error: ProtocolError): void;
  readonly timer: NodeJS.Timeout;
}

export class LinkQuestions<Answer> {
  readonly #patienceMs: number;
  readonly #pending = new Map<number, Pending<Answer>>();
  #last = 0;

  /** @param patienceMs how long the worker may take. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /**
   * @param what it is, for whoever reads the error.
   * @param send is handed the number by which the worker answers.
   * @throws ProtocolError with the worker's code; "busy" if there are too many or it takes too long; what ended them all.
   */
  async ask(what: string, send: (ref: number) => void): Promise<Answer> {
    if (this.#pending.size >= unansweredMax) throw new ProtocolError("busy", what);
    const ref = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.refuse(ref, "busy", what), this.#patienceMs);
      this.#pending.set(ref, { resolve, reject, timer });
      send(ref);
    });
  }

  /** Does nothing for a number that nobody waits for: it may have taken too long. */
  answer(ref: number, answer: Answer): void {
    this.#settled(ref)?.resolve(answer);
  }

  /** As `answer`. */
  refuse(ref: number, code: ErrorCode, detail: string): void {
    this.#settled(ref)?.reject(new ProtocolError(code, detail));
  }

  refuseAll(code: ErrorCode, detail: string): void {
    for (const ref of this.#pending.keys()) this.refuse(ref, code, detail);
  }

  #settled(ref: number): Pending<Answer> | undefined {
    const pending = this.#pending.get(ref);
    this.#pending.delete(ref);
    clearTimeout(pending?.timer);
    return pending;
  }
}
