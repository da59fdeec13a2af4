/** How fast a window of the world's page draws on a graphics card. */
import type { Page } from "playwright-core";
import { openWindow, type Drawing } from "./window.ts";

export interface Pace {
  /** As the driver names the card. */
  readonly renderer: string;
  /** As it is played, sixty times a second at most: from one frame to the next, ms. */
  readonly playedMs: readonly number[];
  /** Of the page's own script in one such frame, ms. */
  readonly scriptMs: number;
  /** Of frames each of which waits until the card has drawn it: from one to the next, ms. What a frame costs in all. */
  readonly aloneMs: readonly number[];
}

/** What a laptop or a phone shows. */
export interface Screen extends Omit<Drawing, "flags"> {
  readonly name: string;
  /** How many times slower its processor is than this machine's. */
  readonly slower: number;
}

/** Names of renderers that draw by the processor. */
const software = /swiftshader|llvmpipe|softpipe|software/i;

export interface PaceOptions {
  readonly screen: Screen;
  /** How Chromium reaches the card. */
  readonly angle: string;
  /** Of each of the two windows. */
  readonly seconds: number;
}

/** @throws Error if no card draws. */
export async function measurePace(folder: string, level: string, avatars: number, options: PaceOptions): Promise<Pace> {
  const played = await inWindow(folder, level, avatars, options, [], async (page, ms) => {
    const renderer = await rendererOf(page);
    const before = await scriptOf(page);
    const playedMs = await framesOf(page, ms, false);
    const after = await scriptOf(page);
    const frames = after.frames - before.frames;
    return { renderer, playedMs, scriptMs: frames === 0 ? 0 : (after.scriptMs - before.scriptMs) / frames };
  });
  const unlimited = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];
  const aloneMs = await inWindow(folder, level, avatars, options, unlimited, (page, ms) => framesOf(page, ms, true));
  return { ...played, aloneMs };
}

async function inWindow<Result>(
  folder: string,
  level: string,
  avatars: number,
  { screen, angle, seconds }: PaceOptions,
  more: readonly string[],
  measure: (page: Page, ms: number) => Promise<Result>,
): Promise<Result> {
  const flags = [...more, `--use-angle=${angle}`];
  if (angle === "vulkan") flags.push("--enable-features=Vulkan", "--disable-vulkan-surface");
  const { page, close } = await openWindow(folder, level, avatars, { ...screen, flags });
  try {
    if (screen.slower > 1) {
      const session = await page.context().newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: screen.slower });
    }
    // Shaders are made when they are first needed.
    await page.waitForTimeout(2000);
    return await measure(page, seconds * 1000);
  } finally {
    await close();
  }
}

/** @throws Error if the processor draws. */
async function rendererOf(page: Page): Promise<string> {
  const renderer = await page.evaluate<string | null>(`(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    const names = gl?.getExtension("WEBGL_debug_renderer_info");
    return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : null;
  })()`);
  if (renderer === null || software.test(renderer)) {
    throw new Error(`No graphics card draws here, but ${renderer ?? "nothing"}: try another way with --angle.`);
  }
  return renderer;
}

const scriptOf = (page: Page): Promise<{ readonly frames: number; readonly scriptMs: number }> =>
  page.evaluate(`(() => {
    const { frames, scriptMs } = document.documentElement.dataset;
    return { frames: Number(frames), scriptMs: Number(scriptMs) };
  })()`);

/** Reading a pixel back waits until everything before it is drawn. The page's own frame is always made before ours is called. */
const framesOf = (page: Page, ms: number, waits: boolean): Promise<number[]> =>
  page.evaluate(`new Promise((resolve) => {
    const gl = document.querySelector("canvas").getContext("webgl2");
    const pixel = new Uint8Array(4);
    const drawn = () => {
      const bound = gl.getParameter(gl.FRAMEBUFFER_BINDING);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      gl.bindFramebuffer(gl.FRAMEBUFFER, bound);
    };
    const times = [];
    const from = performance.now();
    let last = from;
    const next = () => {
      if (${waits}) drawn();
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (now - from < ${ms}) requestAnimationFrame(next);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(next);
  })`);
