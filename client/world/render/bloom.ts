/** Bright things bleed. Loaded when somebody's machine can afford it. */
import { DefaultRenderingPipeline } from "@babylonjs/core/PostProcesses/RenderPipeline/Pipelines/defaultRenderingPipeline.js";
import "@babylonjs/core/PostProcesses/RenderPipeline/postProcessRenderPipelineManagerSceneComponent.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Scene } from "@babylonjs/core/scene.js";

/** @returns what takes it away. */
export function addBloom(scene: Scene, camera: Camera): () => void {
  const pipeline = new DefaultRenderingPipeline("bloom", true, scene, [camera]);
  pipeline.bloomEnabled = true;
  pipeline.bloomThreshold = 0.94;
  pipeline.bloomWeight = 0.2;
  pipeline.bloomKernel = 48;
  pipeline.bloomScale = 0.4;
  pipeline.samples = 4;
  // Materials here bring their own tone; a second one would wash the dusk out.
  pipeline.imageProcessingEnabled = false;
  return () => pipeline.dispose();
}
