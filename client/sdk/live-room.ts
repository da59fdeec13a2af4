/** A joined room: what a page does in it, while its line comes and goes. */
import type { VoucherEntry } from "#protocol/award.ts";
import type { AdmittedMessage, OutcomeEntry, RosterEntry, Status } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { LinkedMessage } from "#protocol/wallet.ts";
import type { Components, Rows } from "#contract/components.ts";
import type { Joined } from "./dialer.ts";
import { Emitter } from "./emitter.ts";
import type { Entities } from "./entities/entities.ts";
import { ClientError } from "./errors.ts";
import { Heard } from "./heard.ts";
import type { Input } from "./input/input.ts";
import { RoomInput } from "./input/room-input.ts";
import { Lifeline, type LifelineOptions } from "./lifeline.ts";
import { checkedCopy } from "./move-copy.ts";
import { OlderCopy } from "./older-copy.ts";
import { type NumberedMove, PendingMoves } from "./pending-moves.ts";
import type { ConnectionState, InputOptions, MoveOutcome, RevealedLog, Room, RoomEvents, RoomFigures } from "./room.ts";
import type { Shield } from "./shield.ts";
import { Showing } from "./showing.ts";
import { WalletLine, type Wallet, type WalletLineOptions } from "./wallet.ts";
import type { CountedTransport } from "./traffic.ts";
import type { WitnessKeeper } from "./witness-keeper.ts";

export interface LiveRoomOptions extends LifelineOptions {
  readonly room: string;
  readonly freeze: boolean;
  readonly keeper: WitnessKeeper;
  readonly traffic: Pick<CountedTransport, "received" | "sent">;
  readonly wallet: Pick<WalletLineOptions, "world" | "account" | "store">;
  readonly components?: Components;
}

export class LiveRoom implements Room {
  readonly room: string;
  readonly #options: LiveRoomOptions;
  readonly #emitter = new Emitter<RoomEvents<Value>>();
  readonly #heard: Heard;
  readonly #moves: PendingMoves;
  readonly #older: OlderCopy;
  readonly #lifeline: Lifeline;
  readonly #wallet: WalletLine;
  readonly #input: RoomInput;
  readonly #showing: Showing;
  #admitted: AdmittedMessage;
  #shield: Shield;
  #connection: ConnectionState = "joined";
  #closed: ClientError | null = null;
  #leaving: { readonly done: PromiseWithResolvers<void>; readonly stopWaiting: () => void } | undefined;

  /** @param joined of a full handshake. Listeners have until the next task to be there for what it brings. */
  constructor(options: LiveRoomOptions, joined: Joined & { readonly shield: Shield }) {
    const { environment } = options;
    this.room = options.room;
    this.#options = options;
    this.#admitted = joined.admitted;
    const [window = 0] = new Uint16Array(environment.randomBytes(2).slice().buffer);
    this.#moves = new PendingMoves(joined.admitted.moves, window);
    this.#shield = joined.shield;
    this.#lifeline = new Lifeline(options, joined.session, {
      message: (message) => this.#heard.hear(message),
      lost: () => this.#lost(),
      rejoined: (again) => this.#rejoined(again),
      ended: (error) => this.#ended(error),
    });
    this.#older = new OlderCopy({
      now: environment.now,
      drop: (error) => this.#lifeline.drop(error),
      end: (error) => this.#lifeline.end(error),
    });
    if (joined.frozen !== null) this.#older.suspect();
    this.#heard = this.#listen(options, joined);
    this.#wallet = new WalletLine({
      ...options.wallet,
      player: () => this.player,
      channel: () => this.#lifeline.channel,
      send: (message) => this.#lifeline.send(message),
    });
    this.#input = new RoomInput({
      entities: this.#heard.entities,
      environment,
      running: () => this.#pushes,
      send: (rows) => this.#lifeline.send({ type: "input", rows }),
    });
    this.#showing = new Showing({
      keeper: options.keeper,
      admitted: () => (this.#connection === "joined" ? this.#admitted : undefined),
      send: (message) => this.#lifeline.send(message),
    });
    this.#heard.take(joined.first);
    environment.after(0, () => {
      if (this.#closed !== null) return;
      this.#heard.tell(joined.first);
      this.#lifeline.start();
    });
  }

  #listen({ environment, freeze, components, keeper }: LiveRoomOptions, { admitted, frozen }: Joined): Heard {
    const setup = {
      environment,
      freeze,
      components,
      keeper,
      emitter: this.#emitter,
      answered: (outcome: OutcomeEntry) => this.#moves.answer(outcome),
      linked: (message: LinkedMessage) => this.#wallet.hear(message),
      thaws: () => this.#thaws(),
      witnessed: () => this.#showing.show(),
      drop: (error: unknown) => this.#lifeline.drop(error),
    };
    return new Heard(setup, admitted.hz, frozen);
  }

  get view(): Value | null {
    return this.#heard.view;
  }

  entities<C extends Rows>(component: C): Entities<C> {
    const { entities } = this.#heard;
    if (entities === undefined) throw new TypeError("join was not given the components of this contract");
    return entities.of(component);
  }

  input<C extends Rows>(component: C, { predictor }: InputOptions = {}): Input<C> {
    const input = this.#input.of(component, this.hz, predictor);
    if (this.#closed === null) this.#input.start();
    return input;
  }

  get #pushes(): boolean {
    const joined = this.#connection === "joined" && !this.#older.suspected && this.#leaving === undefined;
    return joined && this.seat !== null && this.#heard.standing.moving;
  }

  get figures(): RoomFigures {
    const { received, sent } = this.#options.traffic;
    const { roundTripMs, entities } = this.#heard;
    return { roundTripMs, received, sent, drawnBehindMs: entities?.delayMs };
  }

  get seat(): number | null {
    return this.#admitted.seat;
  }

  get player(): string {
    return this.#admitted.player;
  }

  get roster(): readonly RosterEntry[] {
    return this.#heard.roster;
  }

  get status(): Status {
    return this.#heard.status;
  }

  get locked(): boolean {
    return this.#admitted.locked;
  }

  get presence(): "all" | "any" {
    return this.#admitted.presence;
  }

  get hz(): number {
    return this.#admitted.hz;
  }

  get tick(): number {
    return this.#heard.clock.tick;
  }

  tickNow(): number {
    return this.#heard.clock.estimate();
  }

  get vouchers(): readonly VoucherEntry[] {
    return this.#heard.vouchers;
  }

  get revealed(): RevealedLog | null {
    return this.#heard.revealed;
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
    const sending = this.#connection === "joined" && !this.#older.suspected;
    const made = checkedCopy(move);
    const { n, outcome } = this.#moves.add(made, sending);
    if (n !== undefined) this.#send({ n, move: made });
    return outcome;
  }

  wallet(): Promise<Uint8Array | null> {
    return this.#wallet.linked();
  }

  linkWallet(wallet: Wallet, before?: Wallet): Promise<Uint8Array> {
    return this.#wallet.link(wallet, before);
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

  /** Whether the room goes on that was frozen: an older copy does not. */
  #thaws(): boolean {
    if (this.#older.suspected) this.#older.leave();
    return !this.#older.suspected;
  }

  #send({ n, move }: NumberedMove): void {
    this.#lifeline.send({ type: "move", n, move });
  }

  #lost(): void {
    this.#heard.clock.stop();
    this.#wallet.lost();
    if (this.#leaving !== undefined) return this.#lifeline.end(new ClientError("left"));
    this.#become("reconnecting");
  }

  #rejoined({ admitted, first, shield, frozen }: Joined): void {
    const before = this.#shield;
    this.#admitted = admitted;
    this.#heard.rejoined(admitted.hz, frozen);
    this.#input.reconnected();
    if (shield !== undefined) this.#shield = shield;
    if (frozen !== null || this.#moves.isBehind(admitted.moves)) {
      this.#older.suspect();
      // While it is frozen it says itself what comes of it, and takes no move.
      if (frozen === null) return this.#older.leave();
    } else {
      this.#older.trust();
      this.#sayAgain(admitted.moves);
    }
    this.#become("joined");
    if (shield !== undefined) this.#emitter.emit("shield", shield, before);
    this.#showing.reconnected();
    this.#heard.update(first);
  }

  /** @param taken number of our newest move that the room has taken. */
  #sayAgain(taken: number): void {
    const again = this.#moves.resend(taken);
    if (this.#leaving === undefined) for (const move of again) this.#send(move);
    else this.#lifeline.send({ type: "leave" });
  }

  #ended(error: ClientError): void {
    this.#closed = error;
    this.#heard.clock.stop();
    this.#input.stop();
    this.#leaving?.stopWaiting();
    this.#leaving?.done.resolve();
    this.#moves.fail(error);
    this.#wallet.lost();
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
