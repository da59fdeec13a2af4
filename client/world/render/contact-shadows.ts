/** A soft dark spot under each avatar, all in one draw call. */
import type { Scene } from "@babylonjs/core/scene.js";
import { billboards, effectMaterial } from "./effect.ts";

const vertex = `
attribute vec3 position;
attribute vec2 uv;
attribute vec4 spot;
uniform mat4 viewProjection;
varying vec2 vUv;
void main() {
  vUv = uv * 2.0 - 1.0;
  // A little away from the sun.
  vec3 aside = vec3(position.x + 0.12, 0.0, position.y - 0.15) * spot.w;
  gl_Position = viewProjection * vec4(spot.xyz + aside, 1.0);
  gl_Position.z -= 0.0002 * gl_Position.w;
}`;

const fragment = `
varying vec2 vUv;
void main() {
  gl_FragColor = vec4(0.09, 0.05, 0.18, max(0.0, 1.0 - dot(vUv, vUv)) * 0.62);
}`;

export interface ContactShadows {
  /** Four numbers to an avatar: feet, and radius. */
  readonly spots: Float32Array;
  show(count: number): void;
}

export function contactShadows(scene: Scene, capacity: number): ContactShadows {
  const mesh = billboards(scene, "contact-shadow", capacity);
  const material = effectMaterial(scene, { name: "contactShadow", vertex, fragment, attributes: ["spot"] });
  material.disableDepthWrite = true;
  mesh.material = material;
  mesh.alphaIndex = 1;
  const spots = new Float32Array(capacity * 4);
  mesh.thinInstanceSetBuffer("spot", spots, 4, false);
  mesh.thinInstanceCount = 0;
  mesh.isVisible = false;
  return {
    spots,
    show(count) {
      // Without an instance the mesh itself would be drawn.
      mesh.isVisible = count > 0;
      mesh.thinInstanceCount = count;
      mesh.thinInstanceBufferUpdated("spot");
    },
  };
}
