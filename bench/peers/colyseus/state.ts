/**
 * What a room of Dot4 on plain Colyseus replicates: all that our own view holds, and bombs under a tag of their own, so
 * that a client gets those of its own seat alone.
 */
import { schema, t, type SchemaType } from "@colyseus/schema";

/** Tag of what only the owner of a seat may see. */
export const ownerTag = 1;

/** Cells are pairs of numbers in a row: x, y, x, y, … */
export const SeatState = schema(
  {
    /** Session id of who sits here. */
    client: t.string(),
    name: t.string(),
    ready: t.boolean(),
    stones: t.uint8(),
    lost: t.uint8(),
    bombsLeft: t.uint8(),
    bombs: t.array("uint8").view(ownerTag),
  },
  "Seat",
);

export const DropState = schema(
  {
    seat: t.int8(),
    side: t.string(),
    line: t.uint8(),
    path: t.array("uint8"),
    /** Empty without an explosion. */
    explosion: t.array("uint8"),
    /** x, y, seat, … */
    stonesTaken: t.array("uint8"),
    bombsTaken: t.array("uint8"),
  },
  "Drop",
);

export const Dot4State = schema(
  {
    phase: t.string().default("waiting"),
    board: t.array("int8"),
    /** -1 for nobody, here and for `winner`. */
    turn: t.int8().default(-1),
    deadline: t.float64(),
    turnSeconds: t.uint8(),
    drops: t.uint8().default(0),
    last: t.ref(DropState),
    seats: t.array(SeatState),
    how: t.string(),
    winner: t.int8().default(-1),
    winningLine: t.array("uint8"),
    /** Both players' bombs once the game has ended by the rules, first seat's first. */
    revealed: t.array("uint8"),
  },
  "Dot4",
);

export type Dot4State = SchemaType<typeof Dot4State>;
