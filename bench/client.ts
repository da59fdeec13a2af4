/**
 * The page of Phala World in headless Chromium, drawn by the processor: what is loaded, when the first frame is there,
 * and what a frame costs with 20, 100 and 300 avatars at each level of quality.
 *
 * Software rendering says nothing about frames a second on anybody's graphics card; ratios between levels and crowds,
 * and the script's own share, are what can be compared. Processor time of the whole browser holds steady under load
 * where times on the clock do not.
 */
import type { Measured } from "./benches.ts";
import { measureCosts, type WindowTimes } from "./client/costs.ts";
import { withPage } from "./client/page.ts";
import type { Options } from "./options.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { rounded } from "./statistics.ts";

const levels = ["low", "medium", "high"] as const;
const crowds = [20, 100, 300] as const;

export const measureClient = ({ quick, page }: Options): Promise<Measured> =>
  withPage(page, async (folder) => {
    const rows: Row[] = [];
    for (const level of quick ? (["low", "medium"] as const) : levels) {
      for (const avatars of quick ? ([20, 100] as const) : crowds) {
        progress(`client: ${level}, ${avatars} avatars`);
        rows.push(clientRow(level, avatars, await measureCosts(folder, level, avatars, quick ? 5 : 20)));
      }
    }
    return { rows, ratios: clientRatios(rows) };
  });

export const clientRow = (level: string, avatars: number, times: WindowTimes): Row => ({
  name: `${level}, ${avatars} avatars`,
  level,
  avatars,
  first_frame_ms: times.firstFrameMs,
  ready_ms: times.readyMs,
  frames: times.frames,
  frame_cpu_ms: times.frames === 0 ? null : times.cpuMs / times.frames,
  frame_script_ms: times.scriptMs,
  heap_mib: times.heapBytes / 2 ** 20,
  network_kib_gzipped: times.networkBytes / 1024,
});

/** Each level over the lowest with as many avatars, and each crowd over the smallest at its level. */
export function clientRatios(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  const cost = (level: unknown, avatars: unknown): number | undefined => {
    const value = rows.find((row) => row["level"] === level && row["avatars"] === avatars)?.["frame_cpu_ms"];
    return typeof value === "number" ? value : undefined;
  };
  for (const { level, avatars, frame_cpu_ms: own } of rows) {
    if (typeof own !== "number") continue;
    const low = level === "low" ? undefined : cost("low", avatars);
    if (low !== undefined)
      ratios[`frame_cpu_ms: ${String(level)} / low, ${String(avatars)} avatars`] = rounded(own / low);
    const few = avatars === 20 ? undefined : cost(level, 20);
    if (few !== undefined)
      ratios[`frame_cpu_ms: ${String(avatars)} / 20 avatars, ${String(level)}`] = rounded(own / few);
  }
  return ratios;
}
