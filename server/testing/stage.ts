/**
 * The worker's own room on a stage: a clock that stands still until told, clients that are objects, and every frame kept
 * as the channel would encrypt it.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Listing } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { encodeFrames } from "#protocol/frame.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { encodeInputRow, inputFormatOf } from "#protocol/input-row.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import { encodeWorkerMessage, type ClientMessage, type WorkerMessage } from "#protocol/message.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import type { RoomOutput } from "#enclave/room/audience.ts";
import type { Brought } from "#enclave/room/inputs.ts";
import { noVersion, type Version } from "#enclave/room/kept.ts";
import type { Consumption } from "#enclave/room/consuming.ts";
import type { Passage } from "#enclave/room/happenings.ts";
import { Course } from "#enclave/room/course.ts";
import { RecordChain } from "#enclave/room/record-chain.ts";
import { Room } from "#enclave/room/room.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { Participant } from "./participant.ts";
import { seeded } from "./seeded.ts";

/** One message on its way out. */
export interface Delivery {
  /** Ms since the room opened. */
  readonly at: number;
  readonly to: Participant;
  readonly message: WorkerMessage;
  /** Plaintext with padding: what the channel encrypts, one ciphertext for each. */
  readonly frames: readonly Uint8Array[];
}

type Kept = NonNullable<Brought["record"]>;

/** What a contract asked a server outside. Nobody carries it there. */
export interface Question {
  /** Ms since the room opened. */
  readonly at: number;
  readonly id: string;
  readonly request: OutsideRequest;
}

/** Whom a contract let through to where. The ticket is sealed: what its player carries are bytes. */
export interface LetThrough extends Passage {
  readonly player: PlayerId;
}

export interface StageSetup {
  readonly contract: LoadedContract;
  /** As in a request to create a room. */
  readonly options?: { readonly [name: string]: string };
  /** Makes the enclave's randomness. */
  readonly seed: string;
}

export class Stage implements RoomOutput {
  readonly room: Room;
  readonly participants: Participant[] = [];
  /** What the contract did wrong, with stacks. */
  readonly faults: string[] = [];
  #now = 0;
  #listing: Listing | undefined;
  #deliveries: Delivery[] = [];
  #questions: Question[] = [];
  #uses: Consumption[] = [];
  /** What is kept for whom, as another room would have left it. */
  readonly records = new Map<PlayerId, Kept>();
  readonly letThrough: LetThrough[] = [];
  readonly reports: Value[] = [];
  readonly #journal: RecordChain;
  #connections = 0;
  readonly #byConnection = new Map<number, Participant>();

  /** @throws SandboxError "call-faulted" if the contract cannot open; ProtocolError "options-refused". */
  constructor({ contract, options, seed }: StageSetup) {
    const random = seeded("enclave", seed);
    const id = bytesToHex(seeded("room").bytes(10)) as RoomId;
    const chosen = chooseOptions(contract.manifest, options);
    this.#journal = new RecordChain(random.bytes(32), id, 1);
    const fault = (detail: string): void => void this.faults.push(detail);
    this.room = new Room({
      id,
      course: new Course({ contract, options: chosen, seed: random.bytes(32), fault }),
      journal: this.#journal,
      options: chosen,
      listed: true,
      output: this,
      ask: (asked, request) => void this.#questions.push({ at: this.#now, id: asked, request }),
      ticket: (player, passage) => this.#letThrough(player, passage),
      keep: ({ player, behind, record }) => this.#keep(player as PlayerId, behind, record),
      consume: ({ n, player, item }) => void this.#uses.push({ n, player, item }),
      report: (report) => void this.reports.push(report),
      announce: (listing) => void (this.#listing = listing),
      now: 0,
    });
  }

  /** Ms since the room opened. */
  get now(): number {
    return this.#now;
  }

  /** Of the room's log: the same for rooms of one seed in which the same happened. */
  get head(): Uint8Array {
    return this.#journal.head;
  }

  /** What the gateway's lobby knows. */
  get listing(): Listing | undefined {
    return this.#listing;
  }

  /** Somebody who is not here yet. The same number is the same account in every room. */
  invite(want: "play" | "watch", name?: string): Participant {
    const index = this.participants.length;
    const player = bytesToHex(seeded("player", String(index)).bytes(16)) as PlayerId;
    const participant = new Participant(
      index,
      player,
      name ?? `${want === "play" ? "Player" : "Watcher"} ${index}`,
      want,
      wireTables(this.room.manifest.tables),
    );
    this.participants.push(participant);
    return participant;
  }

  /** Connects, for the first time or again by a full handshake. */
  enter(who: Participant): void {
    const { player, want, name } = who;
    const entropy = seeded("entropy", String(who.index)).bytes(32);
    const baggage = this.#brought(who);
    const entry = { player, want, name, entropy, ...(Object.keys(baggage).length === 0 ? {} : { baggage }) };
    this.#connect(who, (connection) => this.room.enter(connection, entry, this.#now));
  }

  #brought({ player, arrival, moderator }: Participant): Brought {
    const pending = this.room.outside.pendingFor(player);
    const kept = this.records.get(player) ?? { value: null, version: noVersion };
    const record = pending === undefined ? kept : { ...kept, value: pending };
    return {
      ...(this.room.manifest.records === true ? { record } : {}),
      ...(arrival === undefined ? {} : { arrival }),
      ...(moderator ? { moderator: true } : {}),
    };
  }

  #keep(player: PlayerId, behind: Version, value: Value): void {
    const version = { number: behind.number + 1, head: seeded("record", player, String(behind.number)).bytes(32) };
    this.records.set(player, { value, version });
    this.room.outside.kept(player, version, this.#now);
  }

  /** As long as a real one, and as silent about what is in it. */
  #letThrough(player: PlayerId, passage: Passage): TicketEntry {
    this.letThrough.push({ player, ...passage });
    const { to, payload, back } = passage;
    const content = encodeMsgpack([payload, back === null ? null : [back.seat, back.result]]);
    const ticket = new Uint8Array(48 + Math.ceil((112 + content.length) / 256) * 256);
    return { room: to.room as RoomId, contract: to.contract, ticket };
  }

  /** Connects again by resumption. */
  resume(who: Participant): void {
    this.#connect(who, (connection) => this.room.reenter(connection, who.player, this.#now));
  }

  /** The connection breaks. */
  cut(who: Participant): void {
    const { connection } = who;
    if (connection === undefined) return;
    who.connection = undefined;
    this.#byConnection.delete(connection);
    this.room.drop(connection, this.#now);
  }

  leave(who: Participant): void {
    this.#say(who, { type: "leave" });
  }

  /** Sends a move; its answer comes at a boundary. Returns its number. */
  move(who: Participant, move: Value): number {
    who.moves += 1;
    this.#say(who, { type: "move", n: who.moves, move });
    return who.moves;
  }

  /** Sends one input row: these fields as given, all others as they were. @throws TypeError for a field that there is not. */
  push(who: Participant, wanted: { readonly [field: string]: number }): void {
    const format = inputFormatOf(this.room.manifest);
    if (format === undefined) throw new TypeError("the contract has no input");
    const odd = Object.keys(wanted).find((name) => format.fields.every((field) => field.name !== name));
    if (odd !== undefined) throw new TypeError(`the input has no field ${odd} for players`);
    if (who.connection === undefined) return;
    who.wanted = { ...who.wanted, ...wanted };
    who.pushes += 1;
    const values = format.fields.map(({ name }) => who.wanted[name] ?? 0);
    const row = { n: who.pushes, seen: this.room.tick, values };
    this.#say(who, { type: "input", rows: encodeInputRow(format, row) });
  }

  /** Runs the next boundary if it is due by `until`, in ms. Otherwise lets the time pass. Returns whether one ran. */
  advance(until: number): boolean {
    const { dueAt } = this.room;
    this.#now = Math.max(this.#now, Math.min(dueAt, until));
    if (dueAt > until) return false;
    this.room.boundary(this.#now);
    return true;
  }

  /** What has left since the last time. */
  takeDeliveries(): Delivery[] {
    const deliveries = this.#deliveries;
    this.#deliveries = [];
    return deliveries;
  }

  /** What was asked outside since the last time. */
  takeQuestions(): Question[] {
    const questions = this.#questions;
    this.#questions = [];
    return questions;
  }

  /** Items that were to be used up since the last time. Nobody does: it is to be said whether they are. */
  takeUses(): Consumption[] {
    const uses = this.#uses;
    this.#uses = [];
    return uses;
  }

  // RoomOutput

  send(connection: number, message: WorkerMessage): void {
    const to = this.#byConnection.get(connection);
    if (to === undefined) return;
    const { type, body } = encodeWorkerMessage(message);
    const frames = encodeFrames(type, body, this.room.manifest.frameBytes);
    // The bytes of the next viewer's rows take the place of this one's.
    const kept = message.type === "entities" ? { ...message, body: message.body.slice() } : message;
    this.#deliveries.push({ at: this.#now, to, message: kept, frames });
    // A client that has opened a second connection no longer listens to the first.
    if (to.connection === connection) to.take(message);
  }

  close(connection: number, code: ErrorCode): void {
    this.send(connection, { type: "closed", code });
    this.#byConnection.delete(connection);
  }

  #connect(who: Participant, enter: (connection: number) => void): void {
    const connection = (this.#connections += 1);
    this.#byConnection.set(connection, who);
    who.connect(connection);
    this.#guarded(connection, () => enter(connection));
  }

  #say(who: Participant, message: ClientMessage): void {
    const { connection } = who;
    if (connection === undefined) return;
    this.#guarded(connection, () => this.room.receive(connection, message, this.#now));
  }

  /** Whom the room refuses is told why and closed, as the gate does. */
  #guarded(connection: number, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(connection, error.code);
      this.room.drop(connection, this.#now);
    }
  }
}
