/**
 * Long messages in short pieces, so that a snapshot of many megabytes holds up neither appends nor anybody's frames.
 *
 * ```text
 * fragment = [question u32 le] [left u32 le: bytes of the message from here on] [bytes]
 * ```
 * All but the last fragment of a message are full. What is urgent (appends, and all that fits one fragment) goes in the
 * order in which it was pushed; what is not goes one message at a time beside it.
 */
import { ProtocolError } from "./errors.ts";

/** Bytes of a message in one fragment. */
export const fragmentMax = 64 * 1024;

/** Bytes under way at once: what stands in front of the frames of the next boundary, at most. */
export const turnMax = 256 * 1024;

const header = 8;

interface Leaving {
  readonly question: number;
  readonly message: Uint8Array;
  readonly left: (() => void) | undefined;
  at: number;
}

export class FragmentSender {
  readonly #send: (fragments: readonly Uint8Array[], done: () => void) => void;
  readonly #urgent: Leaving[] = [];
  readonly #patient: Leaving[] = [];
  #busy = false;

  /** @param send calls `done` once the system has taken these fragments; never, if the link is gone. */
  constructor(send: (fragments: readonly Uint8Array[], done: () => void) => void) {
    this.#send = send;
  }

  /**
   * @param message one byte or more; not copied.
   * @param inOrder among the urgent ones however long it is.
   * @param left called once the system has all of it.
   */
  push(question: number, message: Uint8Array, inOrder: boolean, left?: () => void): void {
    const urgent = inOrder || message.length <= fragmentMax;
    (urgent ? this.#urgent : this.#patient).push({ question, message, left, at: 0 });
    this.#turn();
  }

  #turn(): void {
    if (this.#busy || this.#urgent.length + this.#patient.length === 0) return;
    const fragments: Uint8Array[] = [];
    const ended: Leaving[] = [];
    // Whoever is patient is not forgotten, however much is urgent.
    const reserved = this.#patient.length > 0 ? fragmentMax : 0;
    const spent = take(this.#urgent, turnMax - reserved, fragments, ended);
    take(this.#patient, turnMax - spent, fragments, ended);
    this.#busy = true;
    this.#send(fragments, () => {
      this.#busy = false;
      for (const { left } of ended) left?.();
      this.#turn();
    });
  }
}

/** Moves fragments as long as a full one fits into `bytesMax`. Returns their bytes. */
function take(queue: Leaving[], bytesMax: number, fragments: Uint8Array[], ended: Leaving[]): number {
  let spent = 0;
  let finished = 0;
  while (finished < queue.length && spent + fragmentMax <= bytesMax) {
    const leaving = queue[finished]!;
    const fragment = nextFragment(leaving);
    fragments.push(fragment);
    spent += fragment.length - header;
    if (leaving.at < leaving.message.length) continue;
    ended.push(leaving);
    finished += 1;
  }
  queue.splice(0, finished);
  return spent;
}

function nextFragment(leaving: Leaving): Uint8Array {
  const { question, message, at } = leaving;
  const end = Math.min(at + fragmentMax, message.length);
  const fragment = new Uint8Array(header + end - at);
  const view = new DataView(fragment.buffer);
  view.setUint32(0, question, true);
  view.setUint32(4, message.length - at, true);
  fragment.set(message.subarray(at, end), header);
  leaving.at = end;
  return fragment;
}

export interface Assembled {
  readonly question: number;
  /** Its own memory. */
  readonly message: Uint8Array;
}

export interface AssemblyLimits {
  /** Bytes of messages that have begun and not ended. */
  readonly bytesMax: number;
  /** Asked before memory is taken for a message. @throws ProtocolError if there must be no such message. */
  admit(question: number, length: number): void;
}

export class FragmentReader {
  readonly #limits: AssemblyLimits;
  readonly #begun = new Map<number, { readonly message: Uint8Array; at: number }>();
  #bytes = 0;

  constructor(limits: AssemblyLimits) {
    this.#limits = limits;
  }

  /**
   * The message that this fragment ends, if it ends one.
   *
   * @throws ProtocolError "malformed" or "too-long"; the link must be closed then.
   */
  push(fragment: Uint8Array): Assembled | undefined {
    if (fragment.length <= header) throw new ProtocolError("malformed", "store fragment");
    const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength);
    const question = view.getUint32(0, true);
    const left = view.getUint32(4, true);
    const bytes = fragment.subarray(header);
    if (bytes.length !== Math.min(left, fragmentMax)) throw new ProtocolError("malformed", "store fragment length");
    const begun = this.#begun.get(question) ?? this.#begin(question, left);
    if (begun.message.length - begun.at !== left) throw new ProtocolError("malformed", "store fragment order");
    begun.message.set(bytes, begun.at);
    begun.at += bytes.length;
    if (begun.at < begun.message.length) return undefined;
    this.#begun.delete(question);
    this.#bytes -= begun.message.length;
    return { question, message: begun.message };
  }

  #begin(question: number, length: number): { readonly message: Uint8Array; at: number } {
    this.#limits.admit(question, length);
    if (this.#bytes + length > this.#limits.bytesMax) throw new ProtocolError("too-long", "store messages");
    const begun = { message: new Uint8Array(length), at: 0 };
    this.#bytes += length;
    this.#begun.set(question, begun);
    return begun;
  }
}
