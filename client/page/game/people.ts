/** What the people in a room are called. */
import type { RosterEntry, Status } from "#protocol/message.ts";
import type { Seat } from "#dot4/board.ts";

/** What is shown of one player. */
export interface Person {
  readonly seat: Seat;
  /** "Mira"; "Guest" if no name was given. */
  readonly name: string;
  readonly you: boolean;
  /** False: the seat is empty. */
  readonly seated: boolean;
  readonly present: boolean;
  /** What is left of the time that the room waits for them; null if it does not wait. Milliseconds. */
  readonly waitMs: number | null;
}

/** Both seats, seated or not. */
export function peopleOf(
  roster: readonly RosterEntry[],
  status: Pick<Status, "waiting">,
  ownSeat: number | null,
): readonly [Person, Person] {
  const personAt = (seat: Seat): Person => {
    const entry = roster.find((known) => known.seat === seat);
    const waiting = status.waiting.find(([absent]) => absent === seat);
    return {
      seat,
      name: entry === undefined ? "Nobody yet" : entry.name.trim() === "" ? "Guest" : entry.name.trim(),
      you: seat === ownSeat,
      seated: entry !== undefined,
      present: entry?.present ?? false,
      waitMs: waiting?.[1] ?? null,
    };
  };
  return [personAt(0), personAt(1)];
}

/** "You" or the name, as the subject of a sentence. */
export const subject = (person: Person): string => (person.you ? "You" : person.name);

/** "Ada", "Ada and Ben". */
export const namesOf = (people: readonly Person[]): string => people.map((person) => person.name).join(" and ");
