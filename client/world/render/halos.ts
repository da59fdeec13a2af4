/** Glow that costs little: billboards that are added to the picture, and motes that rise. One draw call each. */
import type { Scene } from "@babylonjs/core/scene.js";
import type { Colour } from "../art/vectors.ts";
import { additive, billboards, effectMaterial, tickOf, type Effect } from "./effect.ts";

export interface Halo {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly size: number;
  readonly colour: Colour;
  /** 0 to 1. */
  readonly strength: number;
}

const haloVertex = `
attribute vec3 position;
attribute vec2 uv;
attribute vec4 place;
attribute vec4 tint;
uniform mat4 viewProjection, view;
uniform float time;
uniform vec3 eye;
varying vec2 vUv;
varying vec4 vTint;
void main() {
  vUv = uv * 2.0 - 1.0;
  vec3 right = vec3(view[0][0], view[1][0], view[2][0]), up = vec3(view[0][1], view[1][1], view[2][1]);
  float size = place.w * (1.0 + 0.07 * sin(time * 2.2 + place.x * 3.0 + place.z));
  vTint = tint;
  // Nobody is blinded who stands in one.
  vTint.a *= smoothstep(place.w * 0.8, place.w * 3.2, length(place.xyz - eye));
  gl_Position = viewProjection * vec4(place.xyz + (right * position.x + up * position.y) * size, 1.0);
  gl_Position.z -= 0.0006 * gl_Position.w;
}`;

const haloFragment = `
varying vec2 vUv;
varying vec4 vTint;
void main() {
  float l = dot(vUv, vUv), g = max(0.0, 1.0 - l);
  gl_FragColor = vec4(vTint.rgb * (g * g * g * 0.55 + exp(-l * 26.0) * 0.5) * vTint.a, 1.0);
}`;

export const halos = (scene: Scene, list: readonly Halo[]): Effect =>
  scattered(
    scene,
    "halo",
    haloVertex,
    haloFragment,
    list.map(({ x, y, z, size, colour, strength }) => ({
      place: [x, y, z, size],
      tint: [...colour, strength],
    })),
  );

export interface Mote {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly colour: Colour;
  /** Metres that it rises. */
  readonly rise: number;
  /** 0 to 1: tells motes of one place apart. */
  readonly phase: number;
}

const moteVertex = `
attribute vec3 position;
attribute vec2 uv;
attribute vec4 place;
attribute vec4 tint;
uniform mat4 viewProjection, view;
uniform float time;
varying vec2 vUv;
varying vec4 vTint;
void main() {
  vUv = uv * 2.0 - 1.0;
  vec3 right = vec3(view[0][0], view[1][0], view[2][0]), up = vec3(view[0][1], view[1][1], view[2][1]);
  float phase = place.w * 91.7;
  float life = fract(time * (0.05 + 0.05 * fract(phase * 1.3)) + fract(phase));
  vec3 at = place.xyz + vec3(sin(time * 0.7 + phase) * 0.7, life * tint.a, cos(time * 0.55 + phase * 1.7) * 0.7);
  float twinkle = 0.5 + 0.5 * sin(time * (2.0 + fract(phase) * 3.0) + phase);
  vTint = vec4(tint.rgb, smoothstep(0.0, 0.12, life) * smoothstep(1.0, 0.75, life) * twinkle);
  float size = (0.055 + 0.05 * fract(phase * 3.1)) * 2.4;
  gl_Position = viewProjection * vec4(at + (right * position.x + up * position.y) * size, 1.0);
}`;

const moteFragment = `
varying vec2 vUv;
varying vec4 vTint;
void main() {
  float l = dot(vUv, vUv), g = max(0.0, 1.0 - l);
  gl_FragColor = vec4(vTint.rgb * (exp(-l * 20.0) * 1.2 + g * g * 0.28) * vTint.a, 1.0);
}`;

export const motes = (scene: Scene, list: readonly Mote[]): Effect =>
  scattered(
    scene,
    "mote",
    moteVertex,
    moteFragment,
    list.map(({ x, y, z, colour, rise, phase }) => ({
      place: [x, y, z, phase],
      tint: [...colour, rise],
    })),
  );

interface Instance {
  readonly place: readonly number[];
  readonly tint: readonly number[];
}

function scattered(scene: Scene, name: string, vertex: string, fragment: string, list: readonly Instance[]): Effect {
  const mesh = billboards(scene, name, list.length);
  const material = effectMaterial(scene, { name, vertex, fragment, attributes: ["place", "tint"] });
  material.alphaMode = additive;
  material.disableDepthWrite = true;
  mesh.material = material;
  mesh.alphaIndex = 1000;
  mesh.thinInstanceSetBuffer("place", Float32Array.from(list.flatMap(({ place }) => place)), 4, true);
  mesh.thinInstanceSetBuffer("tint", Float32Array.from(list.flatMap(({ tint }) => tint)), 4, true);
  return { mesh, tick: tickOf(material) };
}
