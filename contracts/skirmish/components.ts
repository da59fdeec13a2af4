/** What there is on the field: declared once, for the rules, their tests, bots and the page. */
import { angle16, anyOf, bool, component, i8, nobody, owner, range, revealed, u16, u32, u8 } from "#contract/index.ts";

/** Seats of a room. */
const seats = 1000;

/** Metres from the field's corner, in steps of 4 mm. */
const place = range(0, 256, 16);

/** Somebody on the field. Seen by whom nothing stands between, and who is near enough; and by themselves. */
export const Fighter = component(
  { x: place, z: place, aim: angle16, team: u8, health: u8, seat: u16 },
  { capacity: seats, audience: anyOf(owner, revealed(seats)), position: true },
);

/**
 * What a fighter carries and has done, in the same row as its `Fighter`. Ticks: when the weapon is ready, and the return.
 * `nearby` are the walls of the 25 tiles around the tile `column`, `row`: what `predict` knows of the field.
 */
export const Gear = component(
  {
    column: u8,
    row: u8,
    nearby: u32,
    clip: u8,
    spare: u8,
    readyAt: u32,
    returnsAt: u32,
    hits: u16,
    points: u16,
    falls: u16,
    felledBy: u16,
  },
  { capacity: seats, audience: owner },
);

/** A shot on its way. */
export const Shot = component(
  { x: place, z: place, heading: angle16, team: u8 },
  { capacity: 2048, audience: anyOf(owner, revealed(seats)) },
);

/** Something that lies about. Whoever comes close finds it, and sees it as long as it is in sight. */
export const Find = component({ x: place, z: place, kind: u8 }, { capacity: 512, audience: revealed(seats) });

/** What players want, by seat: a stick, an aim, a trigger; how often they wanted to reload; the tick on their screen. */
export const Push = component(
  { east: i8, south: i8, aim: angle16, trigger: bool, reloads: u8, seen: u32 },
  { capacity: seats, audience: nobody },
);

/** What the walls are made of: one row, which the view shows. */
export const Ground = component({ seed: u32, tiles: u8 }, { capacity: 1, audience: nobody });
