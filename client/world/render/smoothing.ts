/** Edges are smoothed, and nothing else. Loaded at levels that want it. */
import { PassPostProcess } from "@babylonjs/core/PostProcesses/passPostProcess.pure.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import { samples } from "./samples.ts";

/** Goes with the camera's scene. */
export function addSmoothing(camera: Camera): void {
  new PassPostProcess("smoothing", 1, camera).samples = samples;
}
