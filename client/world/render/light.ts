/** A low sun, a violet sky, and shadows of what never moves, drawn once. */
import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import "@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { sunDirection } from "./sky.ts";

export interface Light {
  /** @param share of the daylight that is left: at night the sky alone shines, and blue. */
  dim(share: number): void;
  /** Shadows of these on each other; call when the place stands. */
  castStillShadows(casters: readonly AbstractMesh[], receivers: readonly AbstractMesh[], side: number): void;
}

export function createLight(scene: Scene): Light {
  const sky = new HemisphericLight("sky-light", new Vector3(-0.2, 1, 0.15), scene);
  sky.diffuse = new Color3(0.62, 0.6, 0.92);
  sky.groundColor = new Color3(0.55, 0.34, 0.5);
  sky.intensity = 0.92;
  // Higher than it is drawn: shadows of the true sun would cover the whole island.
  const towards = sunDirection.add(new Vector3(0, 0.36, 0));
  const sun = new DirectionalLight("sun", towards.scale(-1).normalize(), scene);
  sun.diffuse = new Color3(1, 0.66, 0.42);
  sun.intensity = 1.7;
  return {
    dim(share) {
      // At night the planet shines from there.
      sun.intensity = 0.35 + 1.35 * share;
      sun.diffuse.set(0.5 + 0.5 * share, 0.53 + 0.13 * share, 0.8 - 0.38 * share);
      sky.intensity = 0.62 + 0.3 * share;
      sky.diffuse.set(0.43 + 0.19 * share, 0.46 + 0.14 * share, 0.76 + 0.16 * share);
    },
    castStillShadows(casters, receivers, side) {
      sun.position = towards.scale(70);
      sun.autoUpdateExtends = false;
      [sun.orthoLeft, sun.orthoRight, sun.orthoTop, sun.orthoBottom] = [-36, 36, 36, -36];
      [sun.shadowMinZ, sun.shadowMaxZ] = [10, 150];
      const shadows = new ShadowGenerator(side, sun);
      shadows.usePercentageCloserFiltering = true;
      shadows.filteringQuality = ShadowGenerator.QUALITY_LOW;
      shadows.bias = 0.004;
      shadows.normalBias = 0.02;
      shadows.setDarkness(0.18);
      for (const mesh of casters) shadows.addShadowCaster(mesh, false);
      for (const mesh of receivers) mesh.receiveShadows = true;
      shadows.getShadowMap()!.refreshRate = 0;
    },
  };
}
