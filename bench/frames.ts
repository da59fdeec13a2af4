/**
 * The page of Phala World in headless Chromium, drawn by this machine's graphics card: frames a second with 20, 100 and
 * 300 avatars at each level of quality, on a laptop's screen and on a phone's.
 *
 * A card of a desk says little about a phone's; how much room is left does.
 */
import type { Measured } from "./benches.ts";
import { withPage } from "./client/page.ts";
import { measurePace, type Pace, type Screen } from "./client/pace.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile, rounded } from "./statistics.ts";

const levels = ["low", "medium", "high"] as const;
const crowds = [20, 100, 300] as const;

/** With how many frames a second each is content. */
const screens: readonly (Screen & { readonly wanted: number })[] = [
  { name: "laptop", width: 1920, height: 1080, density: 1, slower: 1, wanted: 60 },
  { name: "phone", width: 390, height: 844, density: 3, slower: 4, wanted: 30 },
];

export const measureFrames = ({ quick, angle, page }: Options): Promise<Measured> =>
  withPage(page, async (folder) => {
    const rows: Row[] = [];
    for (const screen of screens) {
      for (const level of quick ? (["low"] as const) : levels) {
        for (const avatars of quick ? ([100] as const) : crowds) {
          progress(`frames: ${screen.name}, ${level}, ${avatars} avatars`);
          const pace = await measurePace(folder, level, avatars, { screen, angle, seconds: quick ? 3 : 6 });
          rows.push(frameRow(screen, level, avatars, pace));
        }
      }
    }
    return { rows, ratios: frameRatios(rows) };
  });

export function frameRow(
  { name, width, height, density, slower }: Screen,
  level: string,
  avatars: number,
  pace: Pace,
): Row {
  const { renderer, playedMs, scriptMs, aloneMs } = pace;
  return {
    name: `${name}, ${level}, ${avatars} avatars`,
    screen: name,
    pixels: `${width * density}x${height * density}`,
    processor_slowed: slower,
    level,
    avatars,
    renderer,
    frames_per_s: (playedMs.length * 1000) / playedMs.reduce((sum, ms) => sum + ms, 0),
    frame_p99_ms: percentile(playedMs, 99),
    frame_script_ms: scriptMs,
    frame_alone_p50_ms: percentile(aloneMs, 50),
    frame_alone_p99_ms: percentile(aloneMs, 99),
  };
}

/** The time there is for a frame over the time that one takes. */
export function frameRatios(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const { name, screen, frame_alone_p50_ms: taken } of rows) {
    const wanted = screens.find((each) => each.name === screen)?.wanted;
    if (typeof taken === "number" && wanted !== undefined) {
      ratios[`time at ${wanted} frames a second / frame_alone_p50_ms: ${name}`] = rounded(1000 / wanted / taken);
    }
  }
  return ratios;
}
