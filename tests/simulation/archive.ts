/** Every record that any store ever said it has, on whichever branch: history does not go away when a host forgets it. */
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Append, ChainId } from "#protocol/store.ts";
import { noHead } from "#protocol/store.ts";
import { encodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import type { SavedCourse } from "#enclave/room/saved-course.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { History } from "#enclave/vault/history.ts";
import { deriveRoomKeys } from "#enclave/vault/keys.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import type { Opening } from "#enclave/vault/opening.ts";

export class Archive {
  readonly #byHead = new Map<string, Append>();

  add(append: Append): void {
    this.#byHead.set(bytesToHex(append.head), append);
  }

  get size(): number {
    return this.#byHead.size;
  }

  /** All records up to the one with this head, oldest first. @throws Error if one of them was never stored. */
  upTo(head: Uint8Array): readonly Append[] {
    const found: Append[] = [];
    for (let at = head; bytesToHex(at) !== bytesToHex(noHead); at = found.at(-1)!.expected) {
      const append = this.#byHead.get(bytesToHex(at));
      if (append === undefined) throw new Error("a record stands behind one that was never stored");
      found.push(append);
    }
    return found.reverse();
  }

  heads(chain: ChainId): readonly Uint8Array[] {
    return [...this.#byHead.values()].filter((append) => append.chain === chain).map(({ head }) => head);
  }
}

export interface Replayed {
  readonly course: Course;
  readonly opening: Opening;
  readonly records: number;
}

/** Plays a room again, from its very first record to the one with this head. @throws Error, VaultError. */
export function replay(
  archive: Archive,
  { room, world, lineage, contract }: ReplaySetup,
  head: Uint8Array,
): Replayed | undefined {
  const history = History.fromBeginning({ world, lineage: lineage.lineage, room }, deriveRoomKeys(lineage.key, room));
  let course: Course | undefined;
  for (const [index, append] of archive.upTo(head).entries()) {
    const boundary = history.read({ index, head: append.head, record: append.record });
    if (course === undefined) {
      const { options, seed } = history.opening!;
      course = new Course({ contract, options, seed, fault: () => undefined });
    }
    if (boundary !== undefined) course.step(boundary);
  }
  if (course === undefined) return undefined;
  return { course, opening: history.opening!, records: history.position.index };
}

export interface ReplaySetup {
  readonly room: RoomId;
  /** 32 bytes. */
  readonly world: Uint8Array;
  readonly lineage: Lineage;
  readonly contract: LoadedContract;
}

/**
 * All that is true of a room at one moment, as bytes to compare. Boundaries of a room of turns at which nothing happens are
 * in no log: the number of the newest is not compared.
 */
export const courseBytes = (course: SavedCourse): Uint8Array => encodeCourse({ ...course, tick: 0 });
