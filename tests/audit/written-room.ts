/** A room that writes its log as a worker does, without anybody around it: inputs come from the test. */
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeManifest, lineageId } from "#protocol/manifest.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import type { RoomLogFile } from "#audit/log-file.ts";
import { Course } from "#enclave/room/course.ts";
import type { RoomInput } from "#enclave/room/inputs.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { History } from "#enclave/vault/history.ts";
import { deriveRoomKeys, type RoomKeys } from "#enclave/vault/keys.ts";
import type { Opening } from "#enclave/vault/opening.ts";
import type { Place } from "#enclave/vault/record-header.ts";
import { beginning, RoomLog, type LogPosition } from "#enclave/vault/room-log.ts";
import { seeded } from "#testing/seeded.ts";

export const ann = "a".repeat(32) as PlayerId;
export const ben = "b".repeat(32) as PlayerId;

export class WrittenRoom {
  readonly place: Place;
  readonly keys: RoomKeys;
  readonly course: Course;
  /** As the store has them. */
  readonly records: { readonly index: number; readonly head: Uint8Array; readonly record: Uint8Array }[] = [];
  readonly #contract: LoadedContract;
  readonly #opening: Opening;
  readonly #draw: (length: number) => Uint8Array;
  #log: RoomLog;

  /** As a place with these keys would write it. */
  static async inWorld(
    contract: LoadedContract,
    words: string,
    world: Uint8Array,
    keyOf: (lineage: Uint8Array) => Promise<Uint8Array>,
  ): Promise<WrittenRoom> {
    return new WrittenRoom(contract, words, { clock: "30" }, world, await keyOf(lineageId(world, contract.hash)));
  }

  constructor(
    contract: LoadedContract,
    words: string,
    options: { readonly [name: string]: string },
    world: Uint8Array = seeded("world", words).bytes(32),
    lineageKey: Uint8Array = seeded("lineage", words).bytes(32),
  ) {
    const random = seeded("written room", words);
    this.#contract = contract;
    this.#draw = (length) => random.bytes(length);
    this.place = { world, lineage: lineageId(world, contract.hash), room: bytesToHex(random.bytes(10)) as RoomId };
    this.keys = deriveRoomKeys(lineageKey, this.place.room);
    this.#opening = {
      contract: contract.hash,
      options,
      listed: true,
      seed: random.bytes(32),
      ...(contract.manifest.reveal === "at-end" ? { reveal: true } : {}),
    };
    this.course = new Course({ contract, options, seed: this.#opening.seed, fault: () => undefined });
    this.#log = this.#open(beginning());
  }

  get log(): RoomLog {
    return this.#log;
  }

  /** Another worker goes on with it. */
  reopen(): void {
    this.#log = this.#open(this.history().position);
  }

  /** Reads everything back, as a worker does. */
  history(): History {
    const history = History.fromBeginning(this.place, this.keys);
    for (const record of this.records) history.read(record);
    return history;
  }

  boundary(tick: number, ...inputs: RoomInput[]): void {
    const boundary = { tick, inputs };
    this.course.step(boundary);
    this.#log.record(boundary);
    this.#log.stored();
  }

  sit(tick: number): void {
    const join = (player: PlayerId, seat: number): RoomInput => ({
      input: "join",
      player,
      seat,
      name: seat === 0 ? "Ann" : "Ben",
      entropy: this.#draw(32),
    });
    this.boundary(tick, join(ann, 0), join(ben, 1));
  }

  move(tick: number, player: PlayerId, n: number, move: unknown): void {
    this.boundary(tick, { input: "move", player, n, move: move as Value });
  }

  /** What a worker does when the players have what they need to hold it to this end. */
  reveal(): void {
    this.#log.reveal(this.course.finale!, this.#contract.manifest);
    if (this.#log.recorded > this.#log.durable) this.#log.stored();
  }

  file(): RoomLogFile {
    return {
      place: this.place,
      contract: this.#contract.hash,
      manifest: encodeManifest(this.#contract.manifest),
      keys: undefined,
      records: this.records.map(({ record }) => record),
    };
  }

  #open(position: LogPosition): RoomLog {
    const log = new RoomLog({
      place: this.place,
      keys: this.keys,
      opening: this.#opening,
      position,
      random: this.#draw,
      send: ({ bytes, head }) => this.records.push({ index: this.records.length, head, record: bytes }),
    });
    log.stored();
    return log;
  }
}
