/**
 * Holds a room's words back until what they rest on is durable, and until everybody who has to has shown that they keep it:
 * nobody is told what a crash or a host could undo unseen.
 *
 * Everything goes the same way, so that what is said to somebody arrives in the order in which it was said. Only words that
 * rest on nothing a host could undo pass those that wait for players: who is here, whom the room waits for, and good-byes.
 */
import type { ErrorCode } from "#protocol/errors.ts";
import type { UpdateMessage, WorkerMessage } from "#protocol/message.ts";
import type { ConnectionId, RoomOutput } from "./audience.ts";
import type { RoomJournal } from "./journal.ts";
import type { Shown } from "./shown.ts";

interface Held {
  /** Boundaries that must be durable, and shown, first. */
  readonly after: number;
  /** Undefined for what is no message. */
  readonly connection?: ConnectionId;
  readonly say: () => void;
  /** Somebody has been told newer news of those who are here. */
  readonly overtaken?: (by: UpdateMessage) => void;
}

export class HeldOutput implements RoomOutput {
  readonly #output: RoomOutput;
  readonly #journal: RoomJournal;
  readonly #shown: Pick<Shown, "asked" | "covers">;
  #held: Held[] = [];
  /** What waits for the journal only. */
  #early: Held[] = [];
  #abandoned = false;
  #forgone = false;

  constructor(output: RoomOutput, journal: RoomJournal, shown: Pick<Shown, "asked" | "covers">) {
    this.#output = output;
    this.#journal = journal;
    this.#shown = shown;
  }

  send(connection: ConnectionId, message: WorkerMessage): void {
    // Nearly always, a thousand times at every tick: no closure for it.
    if (!this.#mustWait) return this.#output.send(connection, message);
    // The next viewer's rows are written over these.
    let kept = message.type === "entities" ? { ...message, body: message.body.slice() } : message;
    this.#hold({
      after: this.#journal.recorded,
      connection,
      say: () => this.#output.send(connection, kept),
      overtaken: (by) => {
        if (kept.type === "update") kept = withoutNews(kept, by);
      },
    });
  }

  isFull(connection: ConnectionId): boolean {
    return this.#output.isFull?.(connection) ?? false;
  }

  close(connection: ConnectionId, code: ErrorCode): void {
    if (!this.#shown.asked) return this.inTurn(() => this.#output.close(connection, code));
    this.#held = this.#held.filter((held) => held.connection !== connection);
    this.#sayEarly(() => this.#output.close(connection, code));
  }

  closeAtOnce(connection: ConnectionId, code: ErrorCode): void {
    this.#held = this.#held.filter((held) => held.connection !== connection);
    this.#early = this.#early.filter((held) => held.connection !== connection);
    this.#output.close(connection, code);
  }

  /** Something else that must not be undone, in its turn. */
  inTurn(act: () => void): void {
    if (this.#mustWait) this.#hold({ after: this.#journal.recorded, say: act });
    else act();
  }

  /** Past everything that is held: for words that rest on nothing that could be undone. */
  sendAtOnce(connection: ConnectionId, message: WorkerMessage): void {
    this.#output.send(connection, message);
  }

  /**
   * Past what waits for players: for words that tell nothing of the game. News of those who are here are told whole then,
   * and older ones are not told after them.
   */
  sendEarly(connection: ConnectionId, message: WorkerMessage): void {
    if (!this.#shown.asked) return this.send(connection, message);
    if (message.type === "update") {
      for (const held of this.#held) if (held.connection === connection) held.overtaken?.(message);
    }
    this.#sayEarly(() => this.#output.send(connection, message), connection);
  }

  /** Says what may be said by now. */
  release(): void {
    const { durable } = this.#journal;
    this.#early = sayUntil(this.#early, ({ after }) => after > durable);
    this.#held = sayUntil(this.#held, ({ after }) => after > durable || !this.#shown.covers(after));
  }

  /** What is held will never be durable: it is never said. What follows rests on nothing, and is said at once. */
  abandon(): void {
    this.#held = [];
    this.#early = [];
    this.#abandoned = true;
  }

  /** What waits for players is never said, nor anything that would be said after it. */
  forgo(): void {
    this.#held = [];
    this.#forgone = true;
  }

  get #mustWait(): boolean {
    if (this.#abandoned) return false;
    const { recorded, durable } = this.#journal;
    return this.#forgone || this.#held.length > 0 || recorded !== durable || !this.#shown.covers(recorded);
  }

  #hold(held: Held): void {
    if (!this.#forgone) this.#held.push(held);
  }

  #sayEarly(say: () => void, connection?: ConnectionId): void {
    const { recorded, durable } = this.#journal;
    if (this.#abandoned || (this.#early.length === 0 && recorded === durable)) return say();
    this.#early.push({ after: recorded, say, ...(connection === undefined ? {} : { connection }) });
  }
}

/** Says those in front of the first that has to wait; the others are left. */
function sayUntil(held: Held[], waits: (one: Held) => boolean): Held[] {
  const count = held.findIndex(waits);
  const ready = held.splice(0, count === -1 ? held.length : count);
  for (const { say } of ready) say();
  return held;
}

/** How the room ended is told in its turn, whatever was said meanwhile. */
function withoutNews(update: UpdateMessage, { roster, status }: UpdateMessage): UpdateMessage {
  const { roster: whole, seats, status: told, ...rest } = update;
  return {
    ...rest,
    ...(roster !== undefined || whole === undefined ? {} : { roster: whole }),
    ...(roster !== undefined || seats === undefined ? {} : { seats }),
    ...(told === undefined || (status !== undefined && told.ended === null) ? {} : { status: told }),
  };
}
