/** What the hub's entities consist of: declared once, for the rules, their tests and the page. `codes.ts` says what numbers mean. */
import { angle16, component, i8, near, range, revealed, text, u16, u32, u8 } from "#contract/index.ts";
import { seatsMax } from "./codes.ts";

/** Half the side of the square that holds any island. */
const reach = 40;

/** Somebody in the world: what changes while they move. */
export const Body = component(
  {
    x: range(-reach, reach, 16),
    z: range(-reach, reach, 16),
    heading: angle16,
    /** What they are seen doing, and the tick at which it began. */
    clip: u8,
    since: u32,
    /** By which `Body`, `Look` and the room's roster belong together. */
    seat: u16,
  },
  { capacity: seatsMax + 1, audience: near(60, { full: 25, far: 4 }), position: true },
);

/** How they look and what they are called: what seldom changes. In the same row as their `Body`. */
export const Look = component(
  {
    x: range(-reach, reach, 4),
    z: range(-reach, reach, 4),
    seat: u16,
    race: u8,
    career: u8,
    coat: u8,
    light: u8,
    head: u8,
    chest: u8,
    handR: u8,
    back: u8,
    handL: u8,
    face: u8,
    name: text(24),
  },
  { capacity: seatsMax + 1, audience: near(60), position: true },
);

/** Something buried, seen by whoever has come close to it, and by nobody else. */
export const Treasure = component(
  { x: range(-reach, reach, 16), z: range(-reach, reach, 16), kind: u8 },
  { capacity: 32, audience: revealed(seatsMax) },
);

/** The wish to move of the player in the row's seat. */
export const Push = component({ x: i8, z: i8, run: u8 }, { capacity: seatsMax });
