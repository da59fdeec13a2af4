/** Workers without links: rooms, a vault over one disk, and what moves rooms between them. They die when a test says so. */
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import { StoreError, type Append, type Appended, type Snapshot } from "#protocol/store.ts";
import type { Value } from "#protocol/value.ts";
import { Moving } from "#enclave/moving/moving.ts";
import { Peers } from "#enclave/moving/peers.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { Recovery } from "#enclave/recovery.ts";
import { Rooms, type HostedRoom } from "#enclave/rooms.ts";
import { Course } from "#enclave/room/course.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { inProcess } from "#testing/in-process.ts";
import { type Disk, MemoryStore } from "../../support/memory-store.ts";
import { tally } from "../room/contracts.ts";
import { fill } from "../vault/vault-cases.ts";

export const contract = inProcess(tally);
const lineage: Lineage = { contract: contract.hash, lineage: fill(2), key: fill(3) };

/** Unix seconds. */
export const today = 1_790_000_000;
export const platform = platformFromSeed(fill(4), () => today);

const players = ["a".repeat(32), "b".repeat(32)] as PlayerId[];

/** A store that its worker reaches until it dies: before or after the write of this number. */
export class MortalStore extends MemoryStore {
  #writes = 0;
  #dies: { readonly write: number; readonly when: "before" | "after" } | undefined;
  dead = false;

  dieAt(write: number, when: "before" | "after"): void {
    this.#writes = 0;
    this.#dies = { write, when };
  }

  override append(batch: readonly Append[]): Promise<readonly Appended[]> {
    return this.#write(() => super.append(batch));
  }

  override save(snapshot: Snapshot): Promise<"stored" | "conflict"> {
    return this.#write(() => super.save(snapshot));
  }

  async #write<T>(act: () => Promise<T>): Promise<T> {
    this.#writes += 1;
    const { write, when } = this.#dies ?? {};
    if (this.dead || (this.#writes === write && when === "before")) return this.#die();
    const answer = await act();
    return this.#writes === write && when === "after" ? this.#die() : answer;
  }

  #die(): never {
    this.dead = true;
    throw new StoreError("store-failed", "the worker is dead");
  }
}

export interface TestRules {
  readonly contracts: readonly LoadedContract[];
  readonly earlier?: readonly LoadedContract[];
  /** One for each of them. */
  readonly lineages: readonly Lineage[];
}

const tallies: TestRules = { contracts: [contract], lineages: [lineage] };

export class TestWorker {
  readonly store: MortalStore;
  readonly rooms: Rooms;
  readonly vault: Vault;
  readonly moving: Moving;
  readonly instance: Uint8Array;
  readonly halted: HostedRoom[] = [];
  readonly told: WorkerMessage[] = [];
  readonly closed: string[] = [];
  readonly faults: string[] = [];
  /** Of the rules that its rooms begin with. */
  readonly #name: string;
  #handed: { readonly connection: number; readonly witness: Uint8Array }[] = [];

  constructor(disk: Disk, instance: number, rules: TestRules = tallies) {
    this.store = new MortalStore(disk);
    this.instance = fill(instance);
    this.#name = rules.contracts[0]!.manifest.name;
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    // A dead worker waits for ever.
    const wait = (): Promise<void> => (this.store.dead ? new Promise(() => undefined) : Promise.resolve());
    const log = (): void => undefined;
    this.vault = new Vault({ store: this.store, world: fill(1), lineages: rules.lineages, random, log, wait });
    this.rooms = new Rooms({
      contracts: rules.contracts,
      earlier: rules.earlier ?? [],
      output: {
        send: (connection, message) => {
          this.told.push(message);
          if (message.type === "witness") this.#handed.push({ connection, witness: message.witness });
        },
        close: (_connection, code) => void this.closed.push(code),
      },
      announce: () => undefined,
      gone: () => undefined,
      fault: (_contract, detail) => void this.faults.push(detail),
      random,
      vault: () => this.vault,
    });
    const recovery = new Recovery({
      rooms: this.rooms,
      vault: this.vault,
      store: { offered: true, whenOffered: () => Promise.resolve() },
      back: () => undefined,
      log,
      now: () => this.#now,
    });
    const peers = new Peers({ platform, instance: this.instance, wallTime: () => today });
    this.moving = new Moving({
      rooms: this.rooms,
      boundaries: { halt: (hosted) => void this.halted.push(hosted) },
      recovery,
      vault: this.vault,
      peers,
      touched: () => undefined,
    });
  }

  /** A room in which two players have begun to play. */
  async game(): Promise<RoomId> {
    const { room } = this.rooms.create({ contract: this.#name, options: {}, listed: false }, this.#now);
    await this.enter(room.id);
    return room.id;
  }

  async enter(id: RoomId): Promise<void> {
    const { room } = this.rooms.find(id)!;
    players.forEach((player, i) => {
      room.enter(i + 1, { player, want: "play", name: "", entropy: fill(i) }, this.#now);
    });
    await this.step(id);
  }

  /** One player's move, and the boundary that takes it. */
  async move(id: RoomId, n: number, move: Value): Promise<void> {
    this.rooms.find(id)!.room.receive(1, { type: "move", n, move }, this.#now);
    await this.step(id);
  }

  /** The socket of a player is gone. */
  leave(id: RoomId, connection: number): void {
    this.rooms.find(id)!.room.drop(connection, this.#now);
  }

  /** Lets time pass, and one boundary take what waits. Players show what they were handed of it. */
  async step(id: RoomId, ms = 100): Promise<void> {
    const { room, log } = this.rooms.find(id)!;
    room.boundary((this.#now += ms));
    this.vault.flush();
    await this.vault.settled(log!);
    for (const { connection, witness } of this.#handed.splice(0)) {
      if (this.rooms.find(id)?.room === room) room.receive(connection, { type: "witness", witness }, this.#now);
    }
  }

  #now = 0;

  /** Lets go of a room for another worker. */
  async release(room: RoomId, to: TestWorker): Promise<void> {
    const introduction = await to.moving.answer({ ask: "introduce", to: this.instance });
    await this.moving.answer({ ask: "release", room, to: introduction as never });
  }

  async open(room: RoomId): Promise<void> {
    await this.moving.answer({ ask: "open", room });
    this.vault.flush();
  }

  /** What stands in the store, as somebody reads it who has the key: the sum, openings, and the last input. */
  static async read(disk: Disk, room: RoomId): Promise<{ total: number; terms: number; last: object | undefined }> {
    const kept = (await new TestWorker(disk, 99).vault.read(room))!;
    const { options, seed } = kept.opening;
    const course = new Course({ contract, options, seed, fault: () => undefined }, kept.course);
    for (const boundary of kept.boundaries) course.step(boundary);
    const { total } = course.views.of(0)!.value as { total: number };
    return { total, terms: kept.position.terms, last: kept.boundaries.at(-1)?.inputs.at(-1) };
  }
}
