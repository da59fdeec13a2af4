/** Who sits where, put together from what was told of it. */
import type { RosterEntry, SeatNews } from "./message.ts";

/** The roster after news of some of its seats. By seat number. */
export function rosterAfter(roster: readonly RosterEntry[], news: readonly SeatNews[]): readonly RosterEntry[] {
  const bySeat = new Map(roster.map((entry) => [entry.seat, entry]));
  for (const entry of news) {
    if (typeof entry === "number") bySeat.delete(entry);
    else bySeat.set(entry.seat, entry);
  }
  return [...bySeat.values()].sort((a, b) => a.seat - b.seat);
}
