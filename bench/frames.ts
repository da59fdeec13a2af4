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
          const pace = await measurePace(folder, level, avatars, { screen, angle, seconds: quick ? 3 : 8 });
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
  const { renderer, frameMs, scriptMs } = pace;
  const total = frameMs.reduce((sum, ms) => sum + ms, 0);
  return {
    name: `${name}, ${level}, ${avatars} avatars`,
    screen: name,
    pixels: `${width * density}x${height * density}`,
    processor_slowed: slower,
    level,
    avatars,
    renderer,
    frames_per_s: total === 0 ? null : (frameMs.length * 1000) / total,
    frame_p50_ms: percentile(frameMs, 50),
    frame_p99_ms: percentile(frameMs, 99),
    frame_script_ms: scriptMs,
  };
}

/** Frames a second over those that are wanted of such a screen. */
export function frameRatios(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const { name, screen, frames_per_s: drawn } of rows) {
    const wanted = screens.find((each) => each.name === screen)?.wanted;
    if (typeof drawn === "number" && wanted !== undefined) {
      ratios[`frames_per_s: ${name} / ${wanted} wanted`] = rounded(drawn / wanted);
    }
  }
  return ratios;
}
