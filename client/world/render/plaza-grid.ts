/** The acid green grid on the plaza: rings, ticks, dots and squares of a display, with a slow sweep. */
import { CreateDisc } from "@babylonjs/core/Meshes/Builders/discBuilder.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Colour } from "../art/vectors.ts";
import { additive, colourOf, effectMaterial, tickOf, type Effect } from "./effect.ts";

const fragment = `
varying vec3 at;
uniform float time, radius;
uniform vec3 tint, eye;
float line(float distance, float width) {
  float soft = fwidth(distance) * 1.2;
  return smoothstep(width + soft, width, abs(distance));
}
void main() {
  float r = length(at.xz), a = atan(at.z, at.x);
  float turns = a / 6.28318;
  // Rings, the outer one broken into dashes.
  float ink = line(r - radius * 0.93, 0.035) * step(0.12, fract(turns * 24.0));
  ink += line(r - radius * 0.86, 0.012) * 0.8;
  ink += line(r - radius * 0.62, 0.015) * 0.7 * step(0.5, fract(turns * 60.0));
  // Ticks between the outer rings, a long one in every sixth.
  float tick = abs(fract(turns * 72.0) - 0.5) * r * 6.28318 / 72.0;
  float tall = step(0.5, fract(turns * 12.0 + 0.5 / 6.0)) ;
  ink += smoothstep(0.03, 0.015, tick) * step(radius * 0.885, r) * step(r, radius * (0.895 + 0.02 * tall));
  // A grid of dots, with a square at some of its crossings.
  vec2 cell = fract(at.xz / 0.9) - 0.5, which = floor(at.xz / 0.9);
  float dots = smoothstep(0.06, 0.035, length(cell));
  float chosen = step(0.93, fract(sin(dot(which, vec2(12.9898, 78.233))) * 43758.5453));
  vec2 box = abs(cell);
  float square = step(max(box.x, box.y), 0.22) * step(0.16, max(box.x, box.y));
  float inside = step(r, radius * 0.84) * step(radius * 0.46, r);
  ink += (dots * 0.5 + chosen * square * 0.9) * inside;
  // A sweep, as of a radar that does not hurry.
  float behind = fract(turns - time * 0.03);
  ink *= 0.55 + 0.9 * pow(behind, 6.0);
  ink += pow(behind, 24.0) * 0.1 * step(r, radius * 0.93) * step(radius * 0.42, r);
  float near = smoothstep(46.0, 14.0, length(at - eye));
  gl_FragColor = vec4(tint * ink * (0.3 + 0.5 * near), 1.0);
}`;

export function plazaGrid(scene: Scene, colour: Colour, radius: number): Effect {
  const mesh = CreateDisc("plaza-grid", { radius, tessellation: 48 }, scene);
  mesh.rotation.x = Math.PI / 2;
  mesh.position.y = 0.035;
  mesh.isPickable = false;
  const material = effectMaterial(scene, { name: "plazaGrid", fragment, uniforms: ["tint", "radius"] });
  material.alphaMode = additive;
  material.disableDepthWrite = true;
  material.setColor3("tint", colourOf(colour));
  material.setFloat("radius", radius);
  mesh.material = material;
  return { mesh, tick: tickOf(material) };
}
