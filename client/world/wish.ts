/** What an address asks of the page, for measurements and pictures: a level, a cast, a clock that stands still. */
import { levels, type Level } from "./quality/levels.ts";

export interface Wish {
  /** Overrides the settings. */
  readonly quality: Level | undefined;
  /** How many others a rehearsal has. */
  readonly cast: number;
  /** The second at which everything stands still. */
  readonly frozen: number | undefined;
  /** Drawn pixels for each pixel of the screen, along one side, instead of the level's. */
  readonly pixels: number | undefined;
}

const usualCast = 40;
const castMax = 300;

export function wishOf(search: string): Wish {
  const query = new URLSearchParams(search);
  const quality = query.get("quality");
  return {
    quality: levels.includes(quality as Level) ? (quality as Level) : undefined,
    cast: Math.round(within(query.get("cast"), 0, castMax) ?? usualCast),
    frozen: within(query.get("frozen"), 0, 600),
    pixels: within(query.get("pixels"), 0.1, 2),
  };
}

function within(text: string | null, low: number, high: number): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
