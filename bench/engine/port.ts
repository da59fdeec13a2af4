/**
 * What a worker pays for a contract: a whole call with its encoding and checks, a new room, a snapshot, a room restored.
 * The contract is mover, the same hundred bodies in both languages.
 */
import { isDeepStrictEqual } from "node:util";
import type { Call, Player } from "../../contracts/sdk/abi.ts";
import type { Instance, LoadedContract } from "../../server/enclave/sandbox/sandbox.ts";
import type { Row } from "../report.ts";
import { median, type Rounds } from "./workloads.ts";

export interface Twin {
  readonly name: string;
  readonly contract: LoadedContract;
}

/** Calls of one turn. */
const callsPerTurn = 20;

const player: Player = { id: "a".repeat(32), seat: 0 };
const key = new Uint8Array(32).fill(7);
const opening: readonly Call[] = [
  { call: "open", tick: 0, key, options: {} },
  { call: "join", tick: 0, key, player },
];

type Measured = "move_us" | "tick_us" | "view_us" | "instantiate_ms" | "open_ms" | "snapshot_ms" | "restore_ms";

/** @throws Error if the twins do not hold the same rows in the end. */
export function measurePort(twins: readonly Twin[], { rounds, warmupMs }: Rounds): Row[] {
  const rooms = twins.map((twin) => new PlayedRoom(twin));
  const warm = performance.now() + warmupMs;
  while (performance.now() < warm) for (const room of rooms) room.turn();
  for (const room of rooms) room.forget();
  for (let round = 0; round < rounds; round++) for (const room of rooms) room.turn();
  const [first, ...others] = rooms.map((room) => room.rows);
  if (!others.every((rows) => isDeepStrictEqual(rows, first))) throw new Error("mover's twins went different ways");
  return rooms.map((room) => room.row);
}

class PlayedRoom {
  readonly #twin: Twin;
  readonly #times = new Map<Measured, number[]>();
  readonly #instance: Instance;
  #tick = 0;

  constructor(twin: Twin) {
    this.#twin = twin;
    this.#instance = twin.contract.instantiate();
    for (const call of opening) this.#instance.call(call);
  }

  get rows(): Uint8Array {
    return this.#instance.tables().slice();
  }

  get row(): Row {
    const { contract, name } = this.#twin;
    const { fuel } = contract.manifest;
    this.#instance.call({ call: "tick", tick: this.#tick });
    return {
      name,
      ...Object.fromEntries(Array.from(this.#times, ([key, samples]) => [key, median(samples)])),
      tick_fuel_share: this.#instance.usage.fuel / fuel,
      pages: this.#instance.usage.pages,
      snapshot_kib: this.#instance.snapshot().length / 1024,
    };
  }

  forget(): void {
    this.#times.clear();
  }

  /** Some of everything that can happen to a room. */
  turn(): void {
    this.#calls("move_us", (i) => ({
      call: "move",
      tick: this.#tick,
      player,
      move: { direction: (this.#tick + i) % 32, walking: true },
    }));
    this.#calls("tick_us", () => ({ call: "tick", tick: ++this.#tick }));
    this.#calls("view_us", () => ({ call: "view", tick: this.#tick, viewers: [{ kind: "player", ...player }] }));
    const snapshot = this.#time("snapshot_ms", () => this.#instance.snapshot());
    const again = this.#time("restore_ms", () => this.#twin.contract.restore(snapshot));
    if (!isDeepStrictEqual(again.tables(), this.#instance.tables())) throw new Error("restored to another room");
    again.close();
    const room = this.#time("instantiate_ms", () => this.#twin.contract.instantiate());
    this.#time("open_ms", () => room.call(opening[0]!));
    room.close();
  }

  #calls(key: Measured, call: (i: number) => Call): void {
    const calls = Array.from({ length: callsPerTurn }, (_, i) => call(i));
    const from = performance.now();
    for (const each of calls) this.#instance.call(each);
    this.#keep(key, ((performance.now() - from) * 1000) / callsPerTurn);
  }

  #time<T>(key: Measured, work: () => T): T {
    const from = performance.now();
    const result = work();
    this.#keep(key, performance.now() - from);
    return result;
  }

  #keep(key: Measured, sample: number): void {
    const samples = this.#times.get(key) ?? [];
    this.#times.set(key, samples);
    samples.push(sample);
  }
}
