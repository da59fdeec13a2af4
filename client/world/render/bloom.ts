/** Bright things bleed, and edges are smoothed on the way. Loaded when somebody's machine can afford it. */
import { DefaultRenderingPipeline } from "@babylonjs/core/PostProcesses/RenderPipeline/Pipelines/defaultRenderingPipeline.js";
import "@babylonjs/core/PostProcesses/RenderPipeline/postProcessRenderPipelineManagerSceneComponent.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { samples } from "./samples.ts";

/** Goes with the scene. */
export function addBloom(scene: Scene, camera: Camera): void {
  const pipeline = new DefaultRenderingPipeline("bloom", true, scene, [camera]);
  pipeline.bloomEnabled = true;
  pipeline.bloomThreshold = 0.94;
  pipeline.bloomWeight = 0.1;
  pipeline.bloomKernel = 48;
  pipeline.bloomScale = 0.4;
  pipeline.samples = samples;
  // Materials here bring their own tone; a second one would wash the dusk out.
  pipeline.imageProcessingEnabled = false;
}
