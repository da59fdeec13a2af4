/** A joined room: applies what the room says and tells the page. */
import type { AdmittedMessage, RosterEntry, Status, UpdateMessage } from "#protocol/message.ts";
import { checkValue, type Value } from "#protocol/value.ts";
import type { Joined } from "./dialer.ts";
import { Emitter } from "./emitter.ts";
import { asClientError, ClientError } from "./errors.ts";
import { Lifeline, type LifelineOptions } from "./lifeline.ts";
import { type NumberedMove, PendingMoves } from "./pending-moves.ts";
import type { ConnectionState, MoveOutcome, Room, RoomEvents } from "./room.ts";
import { fits, type RoomMessage } from "./session.ts";
import type { Shield } from "./shield.ts";
import { TickClock } from "./tick-clock.ts";
import { ViewStore } from "./view-store.ts";

export interface LiveRoomOptions extends LifelineOptions {
  readonly room: string;
  readonly freeze: boolean;
}

export class LiveRoom implements Room {
  readonly room: string;
  readonly #options: LiveRoomOptions;
  readonly #emitter = new Emitter<RoomEvents<Value>>();
  readonly #views: ViewStore;
  readonly #moves: PendingMoves;
  readonly #clock: TickClock;
  readonly #lifeline: Lifeline;
  #admitted: AdmittedMessage;
  #roster: readonly RosterEntry[] = [];
  #status: Status = { phase: "open", waiting: [], spectators: 0, ended: null };
  #shield: Shield;
  #connection: ConnectionState = "joined";
  #closed: ClientError | null = null;
  #leaving: { readonly done: PromiseWithResolvers<void>; readonly stopWaiting: () => void } | undefined;

  /** @param joined of a full handshake. Listeners have until the next task to be there for what it brings. */
  constructor(options: LiveRoomOptions, joined: Joined & { readonly shield: Shield }) {
    const { environment, freeze } = options;
    this.room = options.room;
    this.#options = options;
    this.#views = new ViewStore(freeze);
    this.#clock = new TickClock(environment.now);
    this.#admitted = joined.admitted;
    // After a reload: an old number would be answered as the old move was, and the new one never made.
    this.#moves = new PendingMoves(joined.admitted.moves);
    this.#shield = joined.shield;
    this.#lifeline = new Lifeline(options, joined.session, {
      message: (message) => this.#hear(message),
      lost: () => this.#lost(),
      rejoined: (again) => this.#rejoined(again),
      ended: (error) => this.#ended(error),
    });
    this.#take(joined.first);
    environment.after(0, () => {
      if (this.#closed !== null) return;
      this.#tell(joined.first);
      this.#lifeline.start();
    });
  }

  get view(): Value | null {
    return this.#views.view;
  }

  get seat(): number | null {
    return this.#admitted.seat;
  }

  get player(): string {
    return this.#admitted.player;
  }

  get roster(): readonly RosterEntry[] {
    return this.#roster;
  }

  get status(): Status {
    return this.#status;
  }

  get locked(): boolean {
    return this.#admitted.locked;
  }

  get hz(): number {
    return this.#admitted.hz;
  }

  get tick(): number {
    return this.#clock.tick;
  }

  tickNow(): number {
    return this.#clock.estimate();
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  get shield(): Shield {
    return this.#shield;
  }

  get closed(): ClientError | null {
    return this.#closed;
  }

  get pending(): readonly Value[] {
    return this.#moves.moves;
  }

  on<Name extends keyof RoomEvents<Value>>(
    name: Name,
    listener: (...values: RoomEvents<Value>[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  select<Part>(pick: (view: Value) => Part, listener: (next: Part, previous: Part | undefined) => void): () => void {
    let last = this.view === null ? undefined : pick(this.view);
    return this.on("view", (view) => {
      const next = pick(view);
      if (Object.is(next, last)) return;
      const previous = last;
      last = next;
      listener(next, previous);
    });
  }

  move(move: Value): Promise<MoveOutcome> {
    const outcome = this.#makeMove(move);
    // Whoever does not wait for the outcome learns from the "closed" event that nobody will answer.
    outcome.catch(() => undefined);
    return outcome;
  }

  async #makeMove(move: Value): Promise<MoveOutcome> {
    if (this.#closed !== null) throw this.#closed;
    if (this.#leaving !== undefined) throw new ClientError("left");
    if (this.seat === null) throw new ClientError("not-admitted", { detail: "spectators do not move" });
    const { outcome, ...numbered } = this.#moves.add(checkedCopy(move));
    if (this.#connection === "joined") this.#send(numbered);
    return outcome;
  }

  leave(): Promise<void> {
    if (this.#closed !== null) return Promise.resolve();
    if (this.#leaving === undefined) {
      const { environment, timeouts } = this.#options;
      // A room that does not hear of it holds the seat for its time of grace, and then counts it as left.
      const stopWaiting = environment.after(timeouts.leave, () => this.#lifeline.end(new ClientError("left")));
      this.#leaving = { done: Promise.withResolvers<void>(), stopWaiting };
      this.#lifeline.send({ type: "leave" });
    }
    return this.#leaving.done.promise;
  }

  close(): void {
    this.#lifeline.send({ type: "close" });
    this.#lifeline.end(new ClientError("closed"));
  }

  retryNow(): void {
    this.#lifeline.retryNow();
  }

  #hear(message: RoomMessage): void {
    switch (message.type) {
      case "update":
        return this.#update(message);
      case "pong":
        return;
      case "admitted":
        return this.#lifeline.drop(new ClientError("malformed", { detail: "admitted twice" }));
    }
  }

  #update(update: UpdateMessage): void {
    const { view, roster, status } = this;
    try {
      this.#take(update);
    } catch (error) {
      return this.#lifeline.drop(asClientError(error));
    }
    const ended = this.#status.ended;
    if (this.#roster !== roster) this.#emitter.emit("roster", this.#roster, roster);
    if (this.#status !== status) this.#emitter.emit("status", this.#status, status);
    if (this.view !== view) this.#emitter.emit("view", this.view, view);
    this.#tell(update);
    if (ended !== null && status.ended === null) this.#emitter.emit("ended", ended);
  }

  /** Takes over what lasts, before anybody is told. @throws ProtocolError if the patch does not fit. */
  #take(update: UpdateMessage): void {
    if (update.patch !== undefined) this.#views.apply(update.patch);
    if (update.roster !== undefined) this.#roster = update.roster;
    if (update.status !== undefined) this.#status = update.status;
    const { phase } = this.#status;
    this.#clock.set(update.tick, this.hz, phase === "open" || phase === "playing");
  }

  /** Hands on what does not last. */
  #tell(update: UpdateMessage): void {
    for (const outcome of update.outcomes ?? []) this.#moves.answer(outcome);
    for (const message of update.sent ?? []) this.#emitter.emit("message", message);
    for (const award of update.awards ?? []) this.#emitter.emit("award", award);
  }

  #send({ n, move }: NumberedMove): void {
    this.#lifeline.send({ type: "move", n, move });
  }

  #lost(): void {
    this.#clock.stop();
    if (this.#leaving !== undefined) return this.#lifeline.end(new ClientError("left"));
    this.#become("reconnecting");
  }

  #rejoined({ admitted, first, shield }: Joined): void {
    const before = this.#shield;
    this.#admitted = admitted;
    this.#views.rebase();
    if (shield !== undefined) this.#shield = shield;
    // Moves that the page makes from here on are counted from here on.
    const again = this.#moves.resend(admitted.moves);
    if (this.#leaving === undefined) for (const move of again) this.#send(move);
    else this.#lifeline.send({ type: "leave" });
    this.#become("joined");
    if (shield !== undefined) this.#emitter.emit("shield", shield, before);
    this.#update(first);
  }

  #ended(error: ClientError): void {
    this.#closed = error;
    this.#clock.stop();
    this.#leaving?.stopWaiting();
    this.#leaving?.done.resolve();
    this.#moves.fail(error);
    this.#become("closed");
    this.#emitter.emit("closed", error);
    this.#emitter.clear();
  }

  #become(next: ConnectionState): void {
    const previous = this.#connection;
    this.#connection = next;
    this.#emitter.emit("connection", next, previous);
  }
}

/**
 * A copy, because the page may go on writing into its own while this one waits to be sent again.
 *
 * @throws ClientError "malformed", "too-long".
 */
function checkedCopy(move: Value): Value {
  try {
    checkValue(move);
  } catch (error) {
    throw asClientError(error);
  }
  if (!fits({ type: "move", n: Number.MAX_SAFE_INTEGER, move })) throw new ClientError("too-long");
  return structuredClone(move);
}
