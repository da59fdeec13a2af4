/** Reading a room back from what the store kept of it: its newest snapshot, and every record since. */
import { equalBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { chainOfRoom } from "#protocol/room-chain.ts";
import type { Store } from "#protocol/store.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";
import { decodeCourse } from "../room/course-codec.ts";
import type { Boundary } from "../room/inputs.ts";
import type { SavedCourse } from "../room/saved-course.ts";
import { VaultError } from "./errors.ts";
import { History } from "./history.ts";
import { deriveRoomKeys } from "./keys.ts";
import type { Lineage } from "./lineages.ts";
import type { Opening } from "./opening.ts";
import type { LogPosition } from "./room-log.ts";

/** A room as it was read back. */
export interface KeptRoom {
  readonly opening: Opening;
  /** Where its newest snapshot stands; undefined if it has none that can be read. */
  readonly course: SavedCourse | undefined;
  /** What happened since, under this opening's rules. */
  readonly boundaries: readonly Boundary[];
  readonly position: LogPosition;
  /** How it went on by other rules until then, as far as no snapshot stands for it. */
  readonly before?: Pick<KeptRoom, "opening" | "course" | "boundaries" | "before">;
  /** Missing where the contract began it, as long as it is the first. */
  readonly lineage?: Lineage;
}

/** Bytes of records asked for at once. */
const readMax = 4 * 1024 * 1024;

export interface Kept {
  readonly store: Pick<Store, "snapshot" | "records">;
  /** 32 bytes. */
  readonly world: Uint8Array;
}

/**
 * @param lineage of the room.
 * @throws VaultError if what the store gave is not this room's history; StoreError if the store cannot be asked.
 */
export async function readRoom({ store, world }: Kept, room: RoomId, lineage: Lineage): Promise<KeptRoom> {
  const chain = chainOfRoom(room, lineage.lineage);
  const place = { world, lineage: lineage.lineage, room };
  const keys = deriveRoomKeys(lineage.key, room);
  const snapshot = await store.snapshot(chain);
  const { history, course } =
    snapshot === undefined
      ? { history: History.fromBeginning(place, keys), course: undefined }
      : History.fromSnapshot(place, keys, snapshot);
  let boundaries: Boundary[] = [];
  let saved = course === undefined ? undefined : decodeCourse(course);
  let before: KeptRoom["before"];
  if (saved?.upgrade !== undefined) history.announced(decodeUpgrade(saved.upgrade.bytes).to);
  for (;;) {
    const records = await store.records(chain, history.position.index, readMax);
    if (records.length === 0) break;
    for (const record of records) {
      const { opening } = history;
      const boundary = history.read(record);
      if (boundary !== undefined) boundaries.push(boundary);
      if (opening === undefined || equalBytes(opening.contract, history.opening!.contract)) continue;
      before = { opening, course: saved, boundaries, ...(before === undefined ? {} : { before }) };
      saved = undefined;
      boundaries = [];
    }
  }
  const { opening, position } = history;
  if (opening === undefined) throw new VaultError("not-ours", "a room without an opening");
  return { opening, course: saved, boundaries, position, lineage, ...(before === undefined ? {} : { before }) };
}
