/**
 * Holds a room's words back until what they rest on is durable: nobody is told what a crash could undo.
 *
 * Everything goes the same way, so that what is said to somebody arrives in the order in which it was said.
 */
import type { ErrorCode } from "#protocol/errors.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import type { ConnectionId, RoomOutput } from "./audience.ts";
import type { RoomJournal } from "./journal.ts";

interface Held {
  /** Boundaries that must be durable first. */
  readonly after: number;
  readonly say: () => void;
}

export class HeldOutput implements RoomOutput {
  readonly #output: RoomOutput;
  readonly #journal: RoomJournal;
  #held: Held[] = [];
  #abandoned = false;

  constructor(output: RoomOutput, journal: RoomJournal) {
    this.#output = output;
    this.#journal = journal;
  }

  send(connection: ConnectionId, message: WorkerMessage): void {
    // Nearly always, a thousand times at every tick: no closure for it.
    if (!this.#mustWait) return this.#output.send(connection, message);
    // The next viewer's rows are written over these.
    const kept = message.type === "entities" ? { ...message, body: message.body.slice() } : message;
    this.#say(() => this.#output.send(connection, kept));
  }

  isFull(connection: ConnectionId): boolean {
    return this.#output.isFull?.(connection) ?? false;
  }

  close(connection: ConnectionId, code: ErrorCode): void {
    this.#say(() => this.#output.close(connection, code));
  }

  /** Something else that must not be undone, in its turn. */
  inTurn(act: () => void): void {
    this.#say(act);
  }

  /** Past everything that is held: for words that rest on nothing that could be undone. */
  sendAtOnce(connection: ConnectionId, message: WorkerMessage): void {
    this.#output.send(connection, message);
  }

  /** Says what may be said by now. */
  release(): void {
    const { durable } = this.#journal;
    const count = this.#held.findIndex(({ after }) => after > durable);
    const ready = this.#held.splice(0, count === -1 ? this.#held.length : count);
    for (const { say } of ready) say();
  }

  /** What is held will never be durable: it is never said. What follows rests on nothing, and is said at once. */
  abandon(): void {
    this.#held = [];
    this.#abandoned = true;
  }

  get #mustWait(): boolean {
    const { recorded, durable } = this.#journal;
    return !this.#abandoned && (this.#held.length > 0 || recorded !== durable);
  }

  #say(say: () => void): void {
    if (this.#mustWait) this.#held.push({ after: this.#journal.recorded, say });
    else say();
  }
}
