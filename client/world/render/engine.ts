/** The engine on a canvas, at a quality. */
import { Engine } from "@babylonjs/core/Engines/engine.js";
import type { Quality } from "../quality/levels.ts";

/** This browser gives no WebGL2. */
export class NoGraphicsError extends Error {
  override readonly name = "NoGraphicsError";
}

/** @throws NoGraphicsError. */
export function createEngine(canvas: HTMLCanvasElement, { antialias }: Quality): Engine {
  // Babylon throws plain Errors; asking first is how to tell this reason from any other.
  if (document.createElement("canvas").getContext("webgl2") === null) throw new NoGraphicsError("no WebGL2");
  return new Engine(canvas, antialias, { stencil: false, powerPreference: "high-performance" }, false);
}

/** As many pixels for each of the page's along one side, and no more than the screen has. */
export function fit(engine: Engine, pixels: number): void {
  const most = Math.min(pixels, globalThis.devicePixelRatio || 1);
  engine.setHardwareScalingLevel(1 / (pixels < 1 ? pixels : most));
  engine.resize();
}
