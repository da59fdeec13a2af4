/** What an address asks of the page, for measurements and pictures: a level, a cast, a clock that stands still. */
import { levels, type Level } from "./quality/levels.ts";

export interface Wish {
  /** Overrides the settings. */
  readonly quality: Level | undefined;
  /** How many others a rehearsal has; undefined where none was asked for. */
  readonly cast: number | undefined;
  /** How fast the clock of a hub goes that has to be made. */
  readonly clock: Clock | undefined;
  /** The second at which everything stands still. */
  readonly frozen: number | undefined;
  /** How much of its day a rehearsal has behind it, 0 to 1. */
  readonly day: number | undefined;
  /** Drawn pixels for each pixel of the screen, along one side, instead of the level's. */
  readonly pixels: number | undefined;
}

const clocks = ["days", "minutes", "seconds"] as const;
export type Clock = (typeof clocks)[number];

const castMax = 300;

export function wishOf(search: string): Wish {
  const query = new URLSearchParams(search);
  const quality = query.get("quality");
  const cast = within(query.get("cast"), 0, castMax);
  return {
    quality: levels.includes(quality as Level) ? (quality as Level) : undefined,
    cast: cast === undefined ? undefined : Math.round(cast),
    clock: clocks.find((clock) => clock === query.get("clock")),
    frozen: within(query.get("frozen"), 0, 600),
    day: within(query.get("day"), 0, 1),
    pixels: within(query.get("pixels"), 0.1, 2),
  };
}

function within(text: string | null, low: number, high: number): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
