/**
 * Plays a contract by hand: seats, moves, time. The room is the worker's own; only the channel and the sandbox are
 * missing, so a breakpoint in a rule stops there.
 *
 * ```ts
 * const room = playRoom(dot4);
 * const ann = room.join("Ann");
 * const ben = room.join("Ben");
 * ann.move({ kind: "resign" });      // { accepted: true }
 * ben.view.result;                   // { how: "resigned", winner: 1 }
 * ```
 */
import type { Listing } from "#protocol/control.ts";
import type { Acknowledgement } from "#protocol/entities/message.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { AwardEntry, Phase, RosterEntry, Status } from "#protocol/message.ts";
import type { OutsideAnswer, OutsideRequest } from "#protocol/request.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Arrival, Contract } from "#contract/contract.ts";
import type { UsedTicket } from "#enclave/room/arrivals.ts";
import type { Consumption } from "#enclave/room/consuming.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { observe, type Observed } from "./observed.ts";
import type { Participant } from "./participant.ts";
import { encodeRecording, Recorder } from "./recording.ts";
import type { SeenRow } from "./seen-rows.ts";
import { seeded } from "./seeded.ts";
import { Stage, type LetThrough } from "./stage.ts";

export interface PlayOptions {
  /** The room's options; the first value of each where none is given. */
  readonly options?: { readonly [name: string]: string };
  /** Other seed, other randomness. Default "play". */
  readonly seed?: string;
  /** Plays through this engine instead of plain Node. */
  readonly engine?: LoadedContract;
}

/** How somebody comes. */
export interface Coming {
  /** Another room has let them through, or they come back from one. */
  readonly arrival?: Arrival;
  /** What was kept for them before; default: what this room has kept. */
  readonly record?: Value;
  /** They have the key of the world's moderator. */
  readonly moderator?: boolean;
}

const versionOne = { number: 1, head: seeded("record").bytes(32) };

const ticketOf = (arrival: Arrival): UsedTicket => ({
  id: bytesToHex(seeded("ticket", JSON.stringify(arrival)).bytes(16)),
  ...arrival,
});

/** How the rules answered a move. */
export type MoveAnswer = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/** Plays in a new room. @throws SandboxError "bundle-refused" or "call-faulted"; `detail` says what is wrong. */
export function playRoom<State, Move, View>(
  contract: Contract<State, Move, View>,
  { options = {}, seed = "play", engine }: PlayOptions = {},
): PlayedRoom<State, Move, View> {
  return PlayedRoom.open(observe(contract, engine), options, seed);
}

export class PlayedRoom<State, Move, View> {
  readonly #stage: Stage;
  readonly #observed: Observed;
  readonly #recorder: Recorder;
  readonly #asked = new Map<string, OutsideRequest>();
  #uses: Consumption[] = [];
  #faults = 0;

  private constructor(stage: Stage, observed: Observed, recorder: Recorder) {
    this.#stage = stage;
    this.#observed = observed;
    this.#recorder = recorder;
  }

  static open<State, Move, View>(
    observed: Observed,
    options: { readonly [name: string]: string },
    seed: string,
  ): PlayedRoom<State, Move, View> {
    const recorder = new Recorder(observed.loaded);
    return new PlayedRoom(new Stage({ contract: recorder.contract, options, seed }), observed, recorder);
  }

  /** All that the contract was asked so far, as text for a file: `phatroom build --profile` says what it costs. */
  get recording(): string {
    return encodeRecording(this.#recorder.calls);
  }

  /** What the contract holds: for a test to look at. */
  get state(): State {
    return this.#observed.state() as State;
  }

  /** Looks at the room's entities: `room.inside(() => Body.x[0])`. */
  inside<T>(look: () => T): T {
    return this.#observed.inside(look);
  }

  get phase(): Phase {
    return this.#stage.room.phase;
  }

  /** Boundaries so far; the clock of `context.tick` and of deadlines in views. */
  get tick(): number {
    return Math.max(0, ...this.#stage.participants.map(({ tick }) => tick));
  }

  /** All that the lobby and the host know about this room. */
  get listing(): Listing | undefined {
    return this.#stage.listing;
  }

  /** Somebody sits down, if a seat is free. */
  join(name?: string, coming: Coming = {}): PlayedClient<Move, View> {
    const participant = this.#stage.invite("play", name);
    const { arrival, record, moderator = false } = coming;
    participant.moderator = moderator;
    if (arrival !== undefined) participant.arrival = ticketOf(arrival);
    if (record !== undefined) this.#stage.records.set(participant.player, { value: record, version: versionOne });
    return this.#enter(participant);
  }

  /** What is kept for each player, by id. */
  get records(): ReadonlyMap<string, Value> {
    return new Map([...this.#stage.records].map(([player, { value }]) => [player, value]));
  }

  /** Whom the contract has let through to other rooms, oldest first; at its end, whom it lets back. */
  get letThrough(): readonly LetThrough[] {
    return this.#stage.letThrough;
  }

  /** What was said to the world's moderator. */
  get reports(): readonly Value[] {
    return this.#stage.reports;
  }

  /** Somebody watches. */
  watch(name?: string): PlayedClient<Move, View> {
    return this.#enter(this.#stage.invite("watch", name));
  }

  /** What the contract asked and was not answered yet, by id. Nobody is asked: `answer` says what came of it. */
  get asked(): ReadonlyMap<string, OutsideRequest> {
    for (const { id, request } of this.#stage.takeQuestions()) this.#asked.set(id, request);
    return this.#asked;
  }

  /** Answers a request as its server would, or says why nobody did. @throws Error if nothing of this id is asked. */
  answer(id: string, answer: OutsideAnswer): void {
    if (!this.asked.has(id)) throw new Error(`the contract asks nothing called ${id}`);
    this.#asked.delete(id);
    this.#stage.room.outside.answer(id, answer);
    this.#settle();
  }

  /** Items that the contract wants to use up, and of which was not said whether they are. Nobody does: `use` says it. */
  get uses(): readonly Consumption[] {
    this.#uses.push(...this.#stage.takeUses());
    return this.#uses;
  }

  /** An item is used up, or is not. @throws Error if it was not to be. */
  use(item: string, refused: ConsumeRefusal | null = null): void {
    const use = this.uses.find((one) => one.item === item);
    if (use === undefined) throw new Error(`the contract does not use up ${item}`);
    this.#uses = this.#uses.filter((one) => one !== use);
    this.#stage.room.outside.consumed(use.n, refused);
    this.#settle();
  }

  /** What a player owns on the world's chain is known from now on, or different; null: it is not known. */
  tellItems(player: string, items: readonly HeldItem[] | null): void {
    this.#stage.room.outside.tellItems(player as PlayerId, items);
    this.#settle();
  }

  /** Lets time pass. @throws Error with the author's stack if the contract faults. */
  advance(seconds: number): void {
    const until = this.#stage.now + seconds * 1000;
    while (this.#stage.advance(until));
    this.#check();
  }

  /** Runs the boundary that answers what was just done. */
  #settle(): void {
    this.#stage.advance(this.#stage.now + 1000 / this.#stage.room.manifest.hz);
    this.#check();
  }

  #enter(participant: Participant): PlayedClient<Move, View> {
    const client = new PlayedClient<Move, View>(this.#stage, participant, () => this.#settle());
    this.#stage.enter(participant);
    this.#settle();
    return client;
  }

  #check(): void {
    const faults = this.#stage.faults.slice(this.#faults);
    this.#faults = this.#stage.faults.length;
    if (faults.length > 0) throw new Error(`the contract faulted:\n${faults.join("\n")}`);
  }
}

/** One client of a played room. What it shows is what a real client would: whole views and patches, put together. */
export class PlayedClient<Move, View> {
  readonly #stage: Stage;
  readonly #participant: Participant;
  readonly #settle: () => void;

  constructor(stage: Stage, participant: Participant, settle: () => void) {
    this.#stage = stage;
    this.#participant = participant;
    this.#settle = settle;
  }

  get id(): string {
    return this.#participant.player;
  }

  /** Null for a spectator. */
  get seat(): number | null {
    return this.#participant.seat ?? null;
  }

  /** The newest view. @throws Error if this client has none: it is not connected, or was not let in. */
  get view(): View {
    const { view, closed } = this.#participant;
    if (view === undefined) throw new Error(`${this.#participant.name} sees nothing${closed ? `: ${closed}` : ""}`);
    return view as View;
  }

  /** The rows of a component that this client sees, by the component's name. */
  rows(component: string): readonly SeenRow[] {
    return this.#participant.rows.of(component);
  }

  /** Messages of `context.send`, oldest first. */
  get sent(): readonly Value[] {
    return this.#participant.sent;
  }

  get awards(): readonly AwardEntry[] {
    return this.#participant.awards;
  }

  /** That this client was handed, oldest first. */
  get tickets(): readonly TicketEntry[] {
    return this.#participant.tickets;
  }

  get roster(): readonly RosterEntry[] {
    return this.#participant.roster;
  }

  get status(): Status | undefined {
    return this.#participant.status;
  }

  /** Why the room closed this client's channel; undefined while it has not. */
  get closed(): string | undefined {
    return this.#participant.closed;
  }

  /** Plays a move. What is no `Move` may be tried too. @throws Error if the room does not answer: it is paused. */
  move(move: Move | Value): MoveAnswer {
    const n = this.#stage.move(this.#participant, move as Value);
    this.#settle();
    const reason = this.#participant.outcomes.get(n);
    if (reason === undefined) throw new Error(`the room is ${this.#stage.room.phase} and has not answered this move`);
    return reason === null ? { accepted: true } : { accepted: false, reason };
  }

  /**
   * Wants this from now on, at every tick, until something else is wanted: one input row is sent, and one tick passes.
   * Fields that are left out stay as they are. @throws TypeError for a field that there is not.
   */
  push(wanted: { readonly [field: string]: number }): void {
    this.#stage.push(this.#participant, wanted);
    this.#settle();
  }

  /** Number of the newest input row that the room says it has used, and how many wait. */
  get acknowledged(): Acknowledgement | undefined {
    return this.#participant.rows.acknowledged;
  }

  /** The connection breaks; the seat is held. */
  drop(): void {
    this.#stage.cut(this.#participant);
    this.#settle();
  }

  /** Comes, or comes back; by a ticket of another room, perhaps. From a second window it takes over from the first. */
  join(arrival?: Arrival): void {
    this.#participant.arrival = arrival === undefined ? undefined : ticketOf(arrival);
    this.#stage.enter(this.#participant);
    this.#settle();
  }

  /** Gives up the seat. */
  leave(): void {
    this.#stage.leave(this.#participant);
    this.#settle();
  }
}
