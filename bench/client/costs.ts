/** What a window of the world's page costs while it draws. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { openWindow, type Drawing } from "./window.ts";

export interface WindowTimes {
  readonly firstFrameMs: number;
  readonly readyMs: number;
  /** Drawn while it was measured. */
  readonly frames: number;
  /** Processor time of all of the browser's processes meanwhile. */
  readonly cpuMs: number;
  /** Of the page's own script, for each frame. */
  readonly scriptMs: number;
  readonly heapBytes: number;
  readonly networkBytes: number;
}

/** Mesa's software renderer is four times faster than Chromium's own. */
const mesa = "/usr/lib/x86_64-linux-gnu/libEGL_mesa.so.0";

/** By the processor, in a small window. */
const inSoftware = (): Drawing => ({
  flags: existsSync(mesa)
    ? ["--use-gl=angle", "--use-angle=gles-egl"]
    : ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  width: 640,
  height: 360,
  density: 1,
});

/** @throws Error if there is no Chromium. */
export async function measureCosts(
  folder: string,
  level: string,
  avatars: number,
  seconds: number,
): Promise<WindowTimes> {
  const { page, pid, bytes, close } = await openWindow(folder, level, avatars, inSoftware());
  try {
    const before = await look(page);
    const cpuBefore = cpuMsOf(pid);
    await page.waitForTimeout(seconds * 1000);
    const after = await look(page);
    const frames = after.frames - before.frames;
    return {
      firstFrameMs: after.firstFrameMs,
      readyMs: after.readyMs,
      frames,
      cpuMs: cpuMsOf(pid) - cpuBefore,
      scriptMs: frames === 0 ? 0 : (after.scriptMs - before.scriptMs) / frames,
      heapBytes: after.heapBytes,
      networkBytes: [...bytes.values()].reduce((sum, length) => sum + length, 0),
    };
  } finally {
    await close();
  }
}

interface Look {
  readonly frames: number;
  readonly firstFrameMs: number;
  readonly readyMs: number;
  readonly scriptMs: number;
  readonly heapBytes: number;
}

const look = (page: Page): Promise<Look> =>
  page.evaluate(`(() => {
    globalThis.gc?.();
    const { frames, firstFrameMs, readyMs, scriptMs } = document.documentElement.dataset;
    return {
      frames: Number(frames), firstFrameMs: Number(firstFrameMs), readyMs: Number(readyMs), scriptMs: Number(scriptMs),
      heapBytes: performance.memory.usedJSHeapSize,
    };
  })()`);

/** Of a process and all that came from it. Linux counts in hundredths of a second. */
function cpuMsOf(root: number): number {
  const parents = new Map<number, number>();
  const spent = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The second field is a name in brackets, which may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      parents.set(Number(name), Number(fields[1]));
      spent.set(Number(name), (Number(fields[11]) + Number(fields[12])) * 10);
    } catch {
      // It ended while we looked.
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)));
  return [...spent].reduce((sum, [pid, ms]) => sum + (isOurs(pid) ? ms : 0), 0);
}
