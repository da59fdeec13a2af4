/**
 * The worker's own room with a crowd that never rests: everybody runs and fires at every tick, and all the time somebody
 * loses the line, comes back, leaves for good, comes anew or looks on. What is sent is counted, and kept by nobody.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeFrames } from "#protocol/frame.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { encodeInputRow } from "#protocol/input-row.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import { encodeWorkerMessage, type WorkerMessage } from "#protocol/message.ts";
import type { Pushers } from "#cli/load/bots/bot.ts";
import { botsOf } from "#cli/load/bots/bots.ts";
import type { RoomOutput } from "#enclave/room/audience.ts";
import { Course } from "#enclave/room/course.ts";
import { RecordChain } from "#enclave/room/record-chain.ts";
import { Room } from "#enclave/room/room.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { SeededNumbers } from "../deep.ts";

const bots = botsOf("skirmish", undefined) as Pushers;

/** Between two ticks in which somebody comes or goes. */
const restTicks = 4;

/** Since this was last asked. */
export interface Busy {
  readonly ticks: number;
  readonly frames: number;
  readonly bytes: number;
  /** Of the sandbox. */
  readonly fuel: number;
}

interface Player {
  readonly id: PlayerId;
  connection: number | undefined;
  pushed: number;
  readonly next: () => readonly number[];
}

export class BusyRoom implements RoomOutput {
  readonly #room: Room;
  readonly #numbers: SeededNumbers;
  readonly #players: Player[] = [];
  #spectators: number[] = [];
  #connections = 0;
  #accounts = 0;
  #now = 0;
  #instance: Instance | undefined;
  #busy = { ticks: 0, frames: 0, bytes: 0, fuel: 0 };
  /** What a leak would look like: everything that was sent. */
  readonly #kept: Uint8Array[] | undefined;
  readonly faults: string[] = [];

  /** @param leaks for a test of what looks for leaks. */
  constructor(contract: LoadedContract, players: number, seed: number, leaks: boolean) {
    this.#numbers = new SeededNumbers(seed);
    this.#kept = leaks ? [] : undefined;
    const id = bytesToHex(this.#numbers.bytes(10)) as RoomId;
    const field = players > 60 ? "medium" : "small";
    const options = chooseOptions(contract.manifest, { field, teams: "2", rounds: "endless", minutes: "3" });
    const fault = (detail: string): void => void this.faults.push(detail);
    this.#room = new Room({
      id,
      course: new Course({ contract: this.#watched(contract), options, seed: this.#numbers.bytes(32), fault }),
      journal: new RecordChain(this.#numbers.bytes(32), id, 1),
      options,
      listed: true,
      output: this,
      announce: () => undefined,
      now: 0,
    });
    for (let i = 0; i < players; i++) this.#players.push(this.#newcomer());
    for (const player of this.#players) this.#enter(player);
  }

  /** Bytes that the contract's memory has. */
  get sandboxBytes(): number {
    return this.#instance?.tables().buffer.byteLength ?? 0;
  }

  tick(): void {
    for (const player of this.#players) this.#push(player);
    if (this.#room.tick % restTicks === 0) this.#somethingHappens();
    this.#now = Math.max(this.#now, this.#room.dueAt);
    const before = this.#room.tick;
    this.#room.boundary(this.#now);
    this.#busy.ticks += this.#room.tick - before;
    this.#busy.fuel += this.#instance?.usage.fuel ?? 0;
  }

  takeBusy(): Busy {
    const busy = this.#busy;
    this.#busy = { ticks: 0, frames: 0, bytes: 0, fuel: 0 };
    return busy;
  }

  send(_connection: number, message: WorkerMessage): void {
    const { type, body } = encodeWorkerMessage(message);
    for (const frame of encodeFrames(type, body, this.#room.manifest.frameBytes)) {
      this.#busy.frames += 1;
      this.#busy.bytes += frame.length;
      this.#kept?.push(frame.slice());
    }
  }

  close(connection: number): void {
    const player = this.#players.find((one) => one.connection === connection);
    if (player !== undefined) player.connection = undefined;
    this.#spectators = this.#spectators.filter((one) => one !== connection);
  }

  #watched(contract: LoadedContract): LoadedContract {
    const note = (instance: Instance): Instance => (this.#instance = instance);
    return {
      manifest: contract.manifest,
      engine: contract.engine,
      hash: contract.hash,
      instantiate: () => note(contract.instantiate()),
      restore: (snapshot) => note(contract.restore(snapshot)),
    };
  }

  #newcomer(): Player {
    this.#accounts += 1;
    const id = bytesToHex(this.#numbers.bytes(16)) as PlayerId;
    const chance = (): number => this.#numbers.below(2 ** 20) / 2 ** 20;
    return { id, connection: undefined, pushed: 0, next: bots.begin(chance) };
  }

  #enter(player: Player, want: "play" | "watch" = "play"): void {
    const connection = (this.#connections += 1);
    player.connection = connection;
    player.pushed = 0;
    const name = `Player ${this.#accounts}`;
    this.#room.enter(connection, { player: player.id, want, name, entropy: this.#numbers.bytes(32) }, this.#now);
  }

  #push(player: Player): void {
    if (player.connection === undefined) return;
    player.pushed += 1;
    const row = { n: player.pushed, seen: Math.max(0, this.#room.tick - 2), values: player.next() };
    this.#room.receive(player.connection, { type: "input", rows: encodeInputRow(bots.input, row) }, this.#now);
  }

  #somethingHappens(): void {
    const at = this.#numbers.below(this.#players.length);
    const player = this.#players[at]!;
    if (player.connection === undefined) return this.#enter(player);
    switch (this.#numbers.below(5)) {
      case 0:
        this.#room.drop(player.connection, this.#now);
        player.connection = undefined;
        return;
      case 1:
        this.#room.receive(player.connection, { type: "leave" }, this.#now);
        this.#players[at] = this.#newcomer();
        return this.#enter(this.#players[at]!);
      case 2:
        // A second window takes over.
        return this.#enter(player);
      case 3:
        return this.#look();
      default:
        return this.#room.receive(player.connection, { type: "ping", at: this.#now }, this.#now);
    }
  }

  /** Some look on, and others have seen enough. */
  #look(): void {
    if (this.#spectators.length < 4) {
      const watcher = this.#newcomer();
      this.#enter(watcher, "watch");
      this.#spectators.push(watcher.connection!);
      return;
    }
    this.#room.drop(this.#spectators.shift()!, this.#now);
  }
}
