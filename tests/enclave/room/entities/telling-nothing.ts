/** A viewer to whom nothing is new, a hundred thousand times. */
import { Audience, updateFor, type RoomOutput } from "#enclave/room/audience.ts";
import { Roster } from "#enclave/room/roster.ts";
import { Seats } from "#enclave/room/seats.ts";
import { playerOf } from "./stage.ts";

export const times = 100_000;

const output: RoomOutput = { send: () => undefined, close: () => undefined };
const viewer = new Audience(output).add(1, playerOf(0), undefined);
const roster = new Roster(new Seats({ players: { min: 1, max: 8 }, pauseMs: 0 }));
const status = { phase: "playing", waiting: [], spectators: 0, ended: null } as const;
const shared = { tick: 1, roster, status, statusVersion: 1, still: false, whole: false, space: { left: 0 } };
// The first time all is new.
if (updateFor(viewer, shared, undefined, false)?.status !== status) throw new Error("nothing is said the first time");

export function pass(): void {
  for (let i = 0; i < times; i++) {
    if (updateFor(viewer, shared, undefined, false) !== undefined) throw new Error("something is new");
  }
}
