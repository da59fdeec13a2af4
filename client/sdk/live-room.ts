/** A joined room: applies what the room says and tells the page. */
import type { VoucherEntry } from "#protocol/award.ts";
import type { AdmittedMessage, FrozenReason, RosterEntry, Status, UpdateMessage } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { LinkedMessage } from "#protocol/wallet.ts";
import type { Components, Rows } from "#contract/components.ts";
import type { Joined } from "./dialer.ts";
import { Emitter } from "./emitter.ts";
import { EndWitness } from "./end-witness.ts";
import type { Entities } from "./entities/entities.ts";
import { EntityStore } from "./entities/entity-store.ts";
import { asClientError, ClientError } from "./errors.ts";
import type { Input } from "./input/input.ts";
import { RoomInput } from "./input/room-input.ts";
import { Lifeline, type LifelineOptions } from "./lifeline.ts";
import { checkedCopy } from "./move-copy.ts";
import { type NumberedMove, PendingMoves } from "./pending-moves.ts";
import type { ConnectionState, InputOptions, MoveOutcome, RevealedLog, Room, RoomEvents, RoomFigures } from "./room.ts";
import type { RoomMessage } from "./session.ts";
import type { Shield } from "./shield.ts";
import { Standing } from "./standing.ts";
import { TickClock } from "./tick-clock.ts";
import { ViewStore } from "./view-store.ts";
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

/** So long an older copy of a room is taken for one that is about to be given up. */
const olderCopyMs = 30_000;

export class LiveRoom implements Room {
  readonly room: string;
  readonly #options: LiveRoomOptions;
  readonly #emitter = new Emitter<RoomEvents<Value>>();
  readonly #views: ViewStore;
  /** Undefined where nobody asks for rows. */
  readonly #entities: EntityStore | undefined;
  readonly #moves: PendingMoves;
  /** Since when we are in what is, or may be, an older copy of the room, in ms. No move of ours is sent to it. */
  #olderSince: number | undefined;
  readonly #clock: TickClock;
  readonly #lifeline: Lifeline;
  readonly #wallet: WalletLine;
  readonly #input: RoomInput;
  readonly #endWitness: EndWitness;
  #roundTripMs: number | undefined;
  #admitted: AdmittedMessage;
  readonly #standing: Standing;
  #revealed: RevealedLog | null = null;
  readonly #vouchers = new Map<string, VoucherEntry>();
  #shield: Shield;
  #connection: ConnectionState = "joined";
  #closed: ClientError | null = null;
  #leaving: { readonly done: PromiseWithResolvers<void>; readonly stopWaiting: () => void } | undefined;

  /** @param joined of a full handshake. Listeners have until the next task to be there for what it brings. */
  constructor(options: LiveRoomOptions, joined: Joined & { readonly shield: Shield }) {
    const { environment, freeze, components } = options;
    this.room = options.room;
    this.#options = options;
    this.#views = new ViewStore(freeze);
    this.#entities = components && new EntityStore(components, joined.admitted.hz, environment.now);
    this.#clock = new TickClock(environment.now);
    this.#admitted = joined.admitted;
    const [window = 0] = new Uint16Array(environment.randomBytes(2).slice().buffer);
    this.#moves = new PendingMoves(joined.admitted.moves, window);
    this.#shield = joined.shield;
    this.#standing = new Standing(joined.frozen);
    if (joined.frozen !== null) this.#olderSince = environment.now();
    this.#lifeline = new Lifeline(options, joined.session, {
      message: (message) => this.#hear(message),
      lost: () => this.#lost(),
      rejoined: (again) => this.#rejoined(again),
      ended: (error) => this.#ended(error),
    });
    this.#wallet = new WalletLine({
      ...options.wallet,
      player: () => this.player,
      channel: () => this.#lifeline.channel,
      send: (message) => this.#lifeline.send(message),
    });
    this.#input = new RoomInput({
      entities: this.#entities,
      environment,
      running: () => this.#pushes,
      send: (rows) => this.#lifeline.send({ type: "input", rows }),
    });
    this.#endWitness = new EndWitness({
      keeper: options.keeper,
      due: () => this.status.ended !== null && this.seat !== null,
      connected: () => this.#connection === "joined",
      send: (witness) => this.#lifeline.send({ type: "witness", witness }),
    });
    this.#take(joined.first);
    environment.after(0, () => {
      if (this.#closed !== null) return;
      this.#tell(joined.first);
      this.#lifeline.start();
      this.#endWitness.present();
    });
  }

  get view(): Value | null {
    return this.#views.view;
  }

  entities<C extends Rows>(component: C): Entities<C> {
    if (this.#entities === undefined) throw new TypeError("join was not given the components of this contract");
    return this.#entities.of(component);
  }

  input<C extends Rows>(component: C, { predictor }: InputOptions = {}): Input<C> {
    const input = this.#input.of(component, this.hz, predictor);
    if (this.#closed === null) this.#input.start();
    return input;
  }

  get #pushes(): boolean {
    const joined = this.#connection === "joined" && this.#olderSince === undefined && this.#leaving === undefined;
    return joined && this.seat !== null && this.#standing.moving;
  }

  get figures(): RoomFigures {
    const { received, sent } = this.#options.traffic;
    return { roundTripMs: this.#roundTripMs, received, sent, drawnBehindMs: this.#entities?.delayMs };
  }

  get seat(): number | null {
    return this.#admitted.seat;
  }

  get player(): string {
    return this.#admitted.player;
  }

  get roster(): readonly RosterEntry[] {
    return this.#standing.roster;
  }

  get status(): Status {
    return this.#standing.status;
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
    return this.#clock.tick;
  }

  tickNow(): number {
    return this.#clock.estimate();
  }

  get vouchers(): readonly VoucherEntry[] {
    return [...this.#vouchers.values()];
  }

  get revealed(): RevealedLog | null {
    return this.#revealed;
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
    const sending = this.#connection === "joined" && this.#olderSince === undefined;
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

  #hear(message: RoomMessage): void {
    switch (message.type) {
      case "update":
        return this.#update(message);
      case "entities":
        return this.#takeEntities(message.body);
      case "pong":
        this.#roundTripMs = Math.max(0, this.#options.environment.now() - message.at);
        return;
      case "witness":
        return this.#keep(message.witness);
      case "linked":
        return this.#hearOfWallet(message);
      case "vouchers":
        return this.#takeVouchers(message.vouchers);
      case "frozen":
        return this.#freeze(message.reason);
      case "revealed":
        return this.#reveal(message);
      case "admitted":
        return this.#lifeline.drop(new ClientError("malformed", { detail: "admitted twice" }));
    }
  }

  #hearOfWallet(message: LinkedMessage): void {
    try {
      this.#wallet.hear(message);
    } catch (error) {
      this.#lifeline.drop(asClientError(error));
    }
  }

  #keep(witness: Uint8Array): void {
    try {
      this.#options.keeper.take(witness);
    } catch (error) {
      return this.#lifeline.drop(asClientError(error));
    }
    this.#endWitness.present();
  }

  #reveal({ records, head }: RevealedLog): void {
    if (this.#revealed !== null) return;
    this.#revealed = { records, head };
    this.#emitter.emit("revealed", this.#revealed);
  }

  /** The newest of each stands; the place tells of all after each new handshake. */
  #takeVouchers(entries: readonly VoucherEntry[]): void {
    for (const entry of entries) {
      const before = this.#vouchers.get(entry.voucher);
      if (before?.stage === entry.stage && before.reason === entry.reason) continue;
      this.#vouchers.set(entry.voucher, entry);
      this.#emitter.emit("voucher", entry);
    }
  }

  #freeze(reason: FrozenReason | null): void {
    if (reason === this.#standing.frozen) return;
    if (reason === null && this.#olderSince !== undefined) return this.#leaveOlderCopy(this.#olderSince);
    const { status } = this;
    this.#standing.freeze(reason);
    if (this.#standing.moving) this.#clock.set(this.#clock.tick, this.hz, true);
    else this.#clock.stop();
    this.#emitter.emit("status", this.status, status);
  }

  #takeEntities(body: Uint8Array): void {
    try {
      this.#entities?.apply(body);
    } catch (error) {
      this.#lifeline.drop(asClientError(error));
    }
  }

  #update(update: UpdateMessage): void {
    const { view, roster, status } = this;
    try {
      this.#take(update);
    } catch (error) {
      return this.#lifeline.drop(asClientError(error));
    }
    const { ended } = this.status;
    if (this.roster !== roster) this.#emitter.emit("roster", this.roster, roster);
    if (this.status !== status) this.#emitter.emit("status", this.status, status);
    if (this.view !== view) this.#emitter.emit("view", this.view, view);
    this.#tell(update);
    if (ended === null || status.ended !== null) return;
    this.#emitter.emit("ended", ended);
    this.#endWitness.present();
  }

  /** Takes over what lasts, before anybody is told. @throws ProtocolError if the patch does not fit. */
  #take(update: UpdateMessage): void {
    if (update.patch !== undefined) this.#views.apply(update.patch);
    this.#standing.take(update);
    this.#clock.set(update.tick, this.hz, this.#standing.moving);
  }

  /** Hands on what does not last. */
  #tell(update: UpdateMessage): void {
    for (const outcome of update.outcomes ?? []) this.#moves.answer(outcome);
    for (const message of update.sent ?? []) this.#emitter.emit("message", message);
    for (const award of update.awards ?? []) this.#emitter.emit("award", award);
    for (const ticket of update.tickets ?? []) this.#emitter.emit("ticket", ticket);
  }

  #send({ n, move }: NumberedMove): void {
    this.#lifeline.send({ type: "move", n, move });
  }

  #lost(): void {
    this.#clock.stop();
    this.#wallet.lost();
    if (this.#leaving !== undefined) return this.#lifeline.end(new ClientError("left"));
    this.#become("reconnecting");
  }

  #rejoined({ admitted, first, shield, frozen }: Joined): void {
    const before = this.#shield;
    this.#admitted = admitted;
    this.#standing.freeze(frozen);
    this.#views.rebase();
    this.#entities?.rebase();
    this.#input.reconnected();
    if (shield !== undefined) this.#shield = shield;
    if (frozen !== null || this.#moves.isBehind(admitted.moves)) {
      this.#olderSince ??= this.#options.environment.now();
      // While it is frozen it says itself what comes of it, and takes no move.
      if (frozen === null) return this.#leaveOlderCopy(this.#olderSince);
    } else {
      this.#olderSince = undefined;
      this.#sayAgain(admitted.moves);
    }
    this.#become("joined");
    if (shield !== undefined) this.#emitter.emit("shield", shield, before);
    this.#endWitness.reconnected();
    this.#update(first);
    this.#endWitness.present();
  }

  /** @param taken number of our newest move that the room has taken. */
  #sayAgain(taken: number): void {
    const again = this.#moves.resend(taken);
    if (this.#leaving === undefined) for (const move of again) this.#send(move);
    else this.#lifeline.send({ type: "leave" });
  }

  /** A worker that does not know yet that the room went on elsewhere learns it soon. One that never does lies. */
  #leaveOlderCopy(since: number): void {
    const { environment } = this.#options;
    const error = new ClientError("rolled-back", { detail: "the room has forgotten a move that it answered" });
    if (environment.now() - since >= olderCopyMs) this.#lifeline.end(error);
    else this.#lifeline.drop(error);
  }

  #ended(error: ClientError): void {
    this.#closed = error;
    this.#clock.stop();
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
