/** How the lobby speaks about rooms. The gateway knows no titles, so a room's nickname is made of its id. */
import type { Listing } from "#protocol/control.ts";

const first = [
  "Amber",
  "Violet",
  "Lime",
  "Rose",
  "Teal",
  "Dusk",
  "Ember",
  "Silver",
  "Copper",
  "Indigo",
  "Coral",
  "Jade",
  "Pearl",
  "Cobalt",
  "Saffron",
  "Ivory",
];
const second = [
  "Gate",
  "Islet",
  "Lantern",
  "Comet",
  "Harbour",
  "Meadow",
  "Orbit",
  "Grove",
  "Tower",
  "Garden",
  "Bridge",
  "Summit",
  "Cove",
  "Beacon",
  "Canyon",
  "Terrace",
];

/** "Amber Gate 3f2a": the same for everybody who looks at the same id. */
export function roomNickname(room: string): string {
  const one = first[Number.parseInt(room[0] ?? "0", 16)] ?? first[0];
  const two = second[Number.parseInt(room[1] ?? "0", 16)] ?? second[0];
  return `${one} ${two} ${room.slice(2, 6)}`;
}

/** "Waits for one more player", "Two are playing". */
export function stateOf(room: Pick<Listing, "phase" | "taken" | "free">): string {
  switch (room.phase) {
    case "open":
      return room.taken === 0 ? "Nobody here yet" : "One player waits for another";
    case "playing":
      return "A game is on";
    case "paused":
      return "Paused: somebody is away";
    case "frozen":
      return "Frozen: its history is missing";
    case "ended":
      return "The game is over";
  }
}

/** Rooms one can still sit down in first, then those one can watch; ended ones not at all. */
export function inOrder(rooms: readonly Listing[]): Listing[] {
  const rank = (room: Listing): number => (canJoin(room) ? (room.taken > 0 ? 0 : 1) : 2);
  return rooms.filter((room) => room.phase !== "ended").sort((a, b) => rank(a) - rank(b) || (a.room < b.room ? -1 : 1));
}

export const canJoin = (room: Pick<Listing, "phase" | "free">): boolean => room.phase === "open" && room.free > 0;
