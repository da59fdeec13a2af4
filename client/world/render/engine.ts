/** The engine on a canvas, whatever the quality. */
import { Engine } from "@babylonjs/core/Engines/engine.js";

/** This browser gives no WebGL2. */
export class NoGraphicsError extends Error {
  override readonly name = "NoGraphicsError";
}

/**
 * @param smooth whether the canvas itself smooths edges. That holds for as long as it lives, so a page whose level may
 *   change smooths its pictures before they come to the canvas.
 * @throws NoGraphicsError.
 */
export function createEngine(canvas: HTMLCanvasElement, smooth: boolean): Engine {
  // Babylon throws plain Errors; asking first is how to tell this reason from any other.
  if (document.createElement("canvas").getContext("webgl2") === null) throw new NoGraphicsError("no WebGL2");
  return new Engine(canvas, smooth, { stencil: false, powerPreference: "high-performance" }, false);
}

/** As many pixels for each of the page's along one side, and no more than the screen has. */
export function fit(engine: Engine, pixels: number): void {
  const most = Math.min(pixels, globalThis.devicePixelRatio || 1);
  engine.setHardwareScalingLevel(1 / (pixels < 1 ? pixels : most));
  engine.resize();
}
