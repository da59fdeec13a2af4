/** A worker's rooms, vault and continuity on a store in memory, under a hand-moved clock, without gate and links. */
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { UpdateMessage, WorkerMessage } from "#protocol/message.ts";
import { applyPatch } from "#protocol/patch.ts";
import type { Value } from "#protocol/value.ts";
import { Continuity, type ContinuityEvent } from "#enclave/continuity.ts";
import type { Entry } from "#enclave/room/room.ts";
import { Rooms, type HostedRoom } from "#enclave/rooms.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { MemoryStore, type Disk } from "../support/memory-store.ts";
import { fill } from "./vault/vault-cases.ts";

/** The same on every machine: the platform's key authority gives them to each that runs this image. */
const keys = { world: fill(1), lineage: fill(2), key: fill(3) };

let draws = 0;
let connections = 0;

export class Machine {
  readonly store: MemoryStore;
  readonly vault: Vault;
  readonly rooms: Rooms;
  readonly continuity: Continuity;
  readonly events: ContinuityEvent[] = [];
  readonly closed = new Map<number, ErrorCode>();
  /** Connections to which the host lets nothing through: their devices keep and show nothing. */
  readonly heldBack = new Set<number>();
  #kept: { readonly connection: number; readonly witness: Uint8Array }[] = [];
  readonly #told = new Map<number, WorkerMessage[]>();
  now = 0;

  constructor(disk: Disk, loaded: LoadedContract) {
    this.store = new MemoryStore(disk);
    this.vault = new Vault({
      store: this.store,
      world: keys.world,
      lineages: [{ contract: loaded.hash, lineage: keys.lineage, key: keys.key }],
      random: (length) => new Uint8Array(length).fill((draws = (draws % 250) + 1)),
      log: () => undefined,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
    });
    this.rooms = new Rooms({
      contracts: [loaded],
      output: {
        send: (connection, message) => {
          this.#heard(connection).push(message);
          if (message.type === "witness") this.#kept.push({ connection, witness: message.witness });
        },
        close: (connection, code) => this.closed.set(connection, code),
      },
      announce: () => undefined,
      gone: () => undefined,
      fault: () => undefined,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      vault: () => this.vault,
      durable: (hosted) => this.continuity.durable(hosted),
    });
    this.continuity = new Continuity({
      rooms: this.rooms,
      vault: this.vault,
      touched: () => undefined,
      back: () => undefined,
      log: (event) => this.events.push(event),
      now: () => this.now,
    });
  }

  create(contract: string): HostedRoom {
    return this.rooms.create({ contract, options: {}, listed: true }, this.now);
  }

  /** Reads a room back, as a worker does that starts with this store. */
  async open(room: RoomId): Promise<HostedRoom> {
    const kept = await this.vault.read(room);
    const hosted = this.rooms.adopt(room, kept!, this.now);
    await this.settle();
    return hosted;
  }

  /** As the gate lets somebody in who presents a witness. Returns the connection. */
  async enter(room: RoomId, player: PlayerId, witness?: Uint8Array, entry: Partial<Entry> = {}): Promise<number> {
    const hosted = this.rooms.find(room)!;
    const connection = (connections += 1);
    if (witness !== undefined) await this.continuity.present(hosted, witness);
    hosted.room.enter(connection, { player, want: "play", name: player[0]!, entropy: fill(7), ...entry }, this.now);
    return connection;
  }

  move(room: RoomId, connection: number, n: number, move: Value): void {
    this.rooms.find(room)!.room.receive(connection, { type: "move", n, move }, this.now);
  }

  /** Lets time pass, with every boundary that comes due and a look once a second, while the store answers. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    while (this.now < until) {
      const next = Math.min(
        until,
        ...[...this.rooms.all()].map(({ room }) => room.dueAt),
        (Math.floor(this.now / 1000) + 1) * 1000,
      );
      this.now = Math.max(this.now, next);
      for (const { room } of this.rooms.all()) if (room.dueAt <= this.now) room.boundary(this.now);
      if (this.now % 1000 === 0) this.continuity.look();
      await this.settle();
    }
  }

  /** Until everything that was asked of the store is answered, and devices have shown what they were handed. */
  async settle(): Promise<void> {
    this.vault.flush();
    for (let turns = 0; turns < 6; turns++) await new Promise((resolve) => setImmediate(resolve));
    this.show();
  }

  /** Devices show what they were handed. */
  show(): void {
    const kept = this.#kept;
    this.#kept = [];
    for (const { connection, witness } of kept) {
      if (this.heldBack.has(connection)) continue;
      for (const { room } of this.rooms.all()) {
        try {
          room.receive(connection, { type: "witness", witness }, this.now);
        } catch (error) {
          // Another room's, or gone.
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
    }
  }

  told(connection: number): readonly WorkerMessage[] {
    return this.#heard(connection);
  }

  updates(connection: number): UpdateMessage[] {
    return this.#heard(connection).filter((message) => message.type === "update");
  }

  /** The view that a connection's patches add up to. */
  view(connection: number): Value | undefined {
    let view: Value | undefined;
    for (const { patch } of this.updates(connection)) {
      if (patch !== undefined) view = applyPatch(view ?? null, patch);
    }
    return view;
  }

  /** The newest witness that a connection was handed. */
  witness(connection: number): Uint8Array | undefined {
    return this.#heard(connection).findLast((message) => message.type === "witness")?.witness;
  }

  #heard(connection: number): WorkerMessage[] {
    const heard = this.#told.get(connection) ?? [];
    this.#told.set(connection, heard);
    return heard;
  }
}
