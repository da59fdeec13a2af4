/**
 * Who may know of a difference between two rooms. A viewer who once was entitled to other knowledge in the second room
 * than in the first is not compared any more in this game.
 *
 * Knowledge is noted after every call, not only at boundaries: what one move shows, the next may hide again.
 */
import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import type { Viewer } from "#contract/contract.ts";

export type Knows = (state: unknown, viewer: Viewer) => unknown;

/** What one of two rooms holds, and how to look at its rows. */
export interface RoomNow {
  readonly state: () => unknown;
  readonly inside: <T>(look: () => T) => T;
}

interface Entry {
  viewer: Viewer;
  same: boolean;
  /** What the notes do not tell of has changed: whose knowledge it is, or what a hand other than the rules' changed. */
  unnoted: boolean;
  /** Knowledge after each call since the last comparison, by room. */
  readonly notes: readonly [Uint8Array[], Uint8Array[]];
}

const spectator: Viewer = { kind: "spectator" };

export class Entitlements {
  readonly #knows: Knows;
  readonly #public: Entry = { viewer: spectator, same: true, unnoted: true, notes: [[], []] };
  readonly #players = new Map<string, Entry>();

  constructor(knows: Knows) {
    this.#knows = knows;
  }

  /** Whether spectators, and so everybody, still know the same in both rooms. */
  get publicSame(): boolean {
    return this.#public.same;
  }

  get anySame(): boolean {
    return this.#all().some(({ same }) => same);
  }

  /** @param viewer undefined for somebody not admitted, who may know what everybody may. */
  isSame(viewer: Viewer | undefined): boolean {
    return this.#of(viewer).same;
  }

  /** From now on this player is more than a spectator. */
  seat(viewer: Viewer & { readonly kind: "player" }): void {
    const known = this.#players.get(viewer.id);
    if (known !== undefined) {
      // Who has given up a seat may come back to another.
      known.unnoted ||= known.viewer.kind !== "player" || known.viewer.seat !== viewer.seat;
      known.viewer = viewer;
      return;
    }
    this.#players.set(viewer.id, { viewer, same: this.#public.same, unnoted: true, notes: [[], []] });
  }

  /** After a call that may have changed this room's state. */
  note(room: 0 | 1, state: unknown): void {
    for (const { viewer, same, notes } of this.#all()) {
      if (same) notes[room].push(serialize(this.#knows(state, viewer)));
    }
  }

  /** Something was changed that no call has. */
  changedByHand(): void {
    for (const entry of this.#all()) entry.unnoted = true;
  }

  /** Compares everybody's knowledge since the last time. @param rooms as they are now. */
  settle(rooms: readonly [RoomNow, RoomNow]): void {
    const known = ({ state, inside }: RoomNow, viewer: Viewer): unknown => inside(() => this.#knows(state(), viewer));
    for (const entry of this.#all()) {
      if (!entry.same) continue;
      const [a, b] = entry.notes.map((notes) => notes.splice(0)) as [Uint8Array[], Uint8Array[]];
      // A timer that has struck in one room only leaves more notes there; then the newest alone can be compared.
      const matched = a.length === b.length;
      const histories = !matched || a.every((note, i) => sameNote(note, b[i]!));
      const { viewer } = entry;
      // The last two notes are what is known now, unless something else has changed it.
      const asked = !matched || entry.unnoted;
      entry.unnoted = false;
      entry.same = histories && (!asked || isDeepStrictEqual(known(rooms[0], viewer), known(rooms[1], viewer)));
    }
  }

  #of(viewer: Viewer | undefined): Entry {
    return viewer?.kind === "player" ? (this.#players.get(viewer.id) ?? this.#public) : this.#public;
  }

  #all(): Entry[] {
    return [this.#public, ...this.#players.values()];
  }
}

/** Equal bytes settle it quickly; other bytes may still be the same values in another internal form. */
const sameNote = (a: Uint8Array, b: Uint8Array): boolean =>
  Buffer.compare(a, b) === 0 || isDeepStrictEqual(deserialize(a), deserialize(b));
