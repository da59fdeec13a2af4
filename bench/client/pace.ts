/** How fast a window of the world's page draws on a graphics card. */
import type { Page } from "playwright-core";
import { openWindow, type Drawing } from "./window.ts";

export interface Pace {
  /** As the driver names the card. */
  readonly renderer: string;
  /** Between one frame and the next, ms. */
  readonly frameMs: readonly number[];
  /** Of the page's own script in one frame, ms. */
  readonly scriptMs: number;
}

/** What a laptop or a phone shows. */
export interface Screen extends Omit<Drawing, "flags"> {
  readonly name: string;
  /** How many times slower its processor is than this machine's. */
  readonly slower: number;
}

/** Names of renderers that draw by the processor. */
const software = /swiftshader|llvmpipe|softpipe|software/i;

/**
 * Frames are not held back to the rate of a screen: what is counted is what the card and the page can do.
 *
 * @param angle how Chromium reaches the card.
 * @throws Error if no card draws.
 */
export async function measurePace(
  folder: string,
  level: string,
  avatars: number,
  { screen, angle, seconds }: { readonly screen: Screen; readonly angle: string; readonly seconds: number },
): Promise<Pace> {
  const flags = ["--disable-frame-rate-limit", "--disable-gpu-vsync", `--use-angle=${angle}`];
  if (angle === "vulkan") flags.push("--enable-features=Vulkan", "--disable-vulkan-surface");
  const { page, close } = await openWindow(folder, level, avatars, { ...screen, flags });
  try {
    const renderer = await rendererOf(page);
    if (renderer === null || software.test(renderer)) {
      throw new Error(`No graphics card draws here, but ${renderer ?? "nothing"}: try another way with --angle.`);
    }
    if (screen.slower > 1) {
      const session = await page.context().newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: screen.slower });
      await page.waitForTimeout(1000);
    }
    const before = await scriptOf(page);
    const frameMs = await framesOf(page, seconds * 1000);
    const after = await scriptOf(page);
    const frames = after.frames - before.frames;
    return { renderer, frameMs, scriptMs: frames === 0 ? 0 : (after.scriptMs - before.scriptMs) / frames };
  } finally {
    await close();
  }
}

const rendererOf = (page: Page): Promise<string | null> =>
  page.evaluate(`(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    const names = gl?.getExtension("WEBGL_debug_renderer_info");
    return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : null;
  })()`);

const scriptOf = (page: Page): Promise<{ readonly frames: number; readonly scriptMs: number }> =>
  page.evaluate(`(() => {
    const { frames, scriptMs } = document.documentElement.dataset;
    return { frames: Number(frames), scriptMs: Number(scriptMs) };
  })()`);

const framesOf = (page: Page, ms: number): Promise<number[]> =>
  page.evaluate(`new Promise((resolve) => {
    const times = [];
    const from = performance.now();
    let last = from;
    const next = () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (now - from < ${ms}) requestAnimationFrame(next);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(next);
  })`);
