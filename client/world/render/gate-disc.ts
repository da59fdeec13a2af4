/** What turns inside a gate's ring. */
import { CreateDisc } from "@babylonjs/core/Meshes/Builders/discBuilder.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Colour } from "../art/vectors.ts";
import { colourOf, effectMaterial, tickOf, type Effect } from "./effect.ts";
import { noiseGlsl } from "./sky.ts";

const fragment = `
varying vec2 vUv;
uniform float time;
uniform vec3 tint;
${noiseGlsl}
float swirl(float r, float a, float turn, float scale) {
  return grain(vec2(cos(a + turn), sin(a + turn)) * scale + time * 0.2);
}
void main() {
  vec2 p = vUv * 2.0 - 1.0;
  float r = length(p), a = atan(p.y, p.x);
  float s = swirl(r, a, r * 3.2 - time * 0.6, 1.6 + r * 2.0) * 0.7 + swirl(r, a, -r * 5.0 + time * 0.35, 3.0 + r * 3.0) * 0.5;
  float rim = smoothstep(0.55, 1.0, r), core = exp(-r * r * 3.2);
  vec3 c = tint * (0.22 + s * 0.75) + pow(s, 4.0) * 0.55 + tint * rim * 1.1 + mix(tint, vec3(1.0), 0.65) * core * 0.35;
  float alpha = smoothstep(1.0, 0.97, r) * (0.62 + 0.38 * s + rim * 0.3);
  gl_FragColor = vec4(c, clamp(alpha, 0.0, 1.0) * 0.95);
}`;

export function gateDisc(scene: Scene, colour: Colour): Effect {
  const mesh = CreateDisc("gate-disc", { radius: 2.8, tessellation: 40 }, scene);
  const material = effectMaterial(scene, { name: "gateDisc", fragment, uniforms: ["tint"] });
  material.setColor3("tint", colourOf(colour));
  mesh.material = material;
  mesh.isPickable = false;
  return { mesh, tick: tickOf(material) };
}
