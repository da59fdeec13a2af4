/** Water, light and cloud: the falls at the edge, the beam of the Origin, the sea of clouds below. */
import { CreateGround } from "@babylonjs/core/Meshes/Builders/groundBuilder.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Colour } from "../art/vectors.ts";
import { additive, colourOf, effectMaterial, simpleMesh, tickOf, type Effect } from "./effect.ts";
import { noiseGlsl, skyGlsl } from "./sky.ts";

const fallFragment = `
varying vec2 vUv;
uniform float time;
${noiseGlsl}
void main() {
  float y = 1.0 - vUv.y;
  float n = grain(vec2(vUv.x * 9.0, y * 5.0 - time * 1.5)) * 0.6 + grain(vec2(vUv.x * 22.0, y * 11.0 - time * 2.6)) * 0.4;
  n = floor(n * 5.0) / 5.0;
  float edge = smoothstep(0.0, 0.14, vUv.x) * smoothstep(1.0, 0.86, vUv.x);
  vec3 c = mix(vec3(0.55, 0.62, 0.95), vec3(1.0, 0.93, 0.95), smoothstep(0.35, 0.8, n));
  gl_FragColor = vec4(c, edge * (0.45 + 0.5 * n) * smoothstep(1.0, 0.35, y) * 0.85);
}`;

/** Falls along +z and down, from the mesh's own place. */
export function waterfall(scene: Scene, width: number, height: number): Effect {
  const steps = 10;
  const [positions, uvs, indices]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const half = (width * (1 + t * 0.5)) / 2;
    const y = -(t ** 1.35) * height + (i === 0 ? 0.12 : 0);
    const out = Math.min(1, t * 3) * 0.9 + t * 0.4;
    positions.push(-half, y, out, half, y, out);
    uvs.push(0, 1 - t, 1, 1 - t);
    const k = i * 2;
    if (i > 0) indices.push(k - 2, k - 1, k, k - 1, k + 1, k);
  }
  const mesh = simpleMesh(scene, "fall", positions, uvs, indices);
  const material = effectMaterial(scene, { name: "fall", fragment: fallFragment });
  mesh.material = material;
  return { mesh, tick: tickOf(material) };
}

const beamFragment = `
varying vec2 vUv;
varying vec3 at;
uniform float time;
uniform vec3 tint, eye;
${noiseGlsl}
void main() {
  float fade = pow(1.0 - vUv.y, 2.2);
  vec3 normal = vec3(cos(vUv.x * 6.28318), 0.0, sin(vUv.x * 6.28318));
  vec3 view = eye - at;
  view.y = 0.0;
  float facing = abs(dot(normal, normalize(view)));
  float streak = 0.6 + 0.4 * grain(vec2(vUv.x * 16.0, vUv.y * 2.0 - time * 0.25));
  gl_FragColor = vec4(tint * fade * streak * facing * facing * facing * 0.2, 1.0);
}`;

export function beam(scene: Scene, colour: Colour, low: number, high: number, height: number): Effect {
  const sides = 28;
  const [positions, uvs, indices]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i <= sides; i++) {
    const angle = (i / sides) * Math.PI * 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    positions.push(c * low, 0, s * low, c * high, height, s * high);
    uvs.push(i / sides, 0, i / sides, 1);
    const k = i * 2;
    if (i > 0) indices.push(k - 2, k - 1, k, k - 1, k + 1, k);
  }
  const mesh = simpleMesh(scene, "beam", positions, uvs, indices);
  const material = effectMaterial(scene, { name: "beam", fragment: beamFragment, uniforms: ["tint"] });
  material.alphaMode = additive;
  material.disableDepthWrite = true;
  material.setColor3("tint", colourOf(colour));
  mesh.material = material;
  return { mesh, tick: tickOf(material) };
}

const seaFragment = `
varying vec3 at;
uniform float time, night;
uniform vec3 eye;
${skyGlsl}
${noiseGlsl}
float billow(vec2 p) {
  return grain(p) * 0.5 + grain(p * 2.03 + 7.0) * 0.27 + grain(p * 4.1 - 3.0) * 0.15 + grain(p * 8.3) * 0.08;
}
void main() {
  vec2 p = at.xz * 0.016;
  float warp = billow(p + time * 0.006);
  float n = smoothstep(0.25, 0.8, billow(p * 1.4 + vec2(warp * 1.3, -warp) + time * 0.01));
  vec3 toPoint = at - eye;
  float far = length(toPoint);
  vec3 d = toPoint / far;
  float sun = pow(max(dot(normalize(d.xz), normalize(vec2(-0.46, 0.88))), 0.0), 3.0);
  vec3 lit = mix(vec3(0.82, 0.56, 0.72), vec3(1.0, 0.70, 0.55), sun);
  vec3 shaded = mix(vec3(0.27, 0.19, 0.46), vec3(0.50, 0.27, 0.50), sun * 0.7);
  lit = mix(lit, vec3(0.24, 0.21, 0.46), night);
  shaded = mix(shaded, vec3(0.07, 0.06, 0.19), night);
  float haze = 1.0 - exp(-pow(far / 260.0, 2.0) * 2.2);
  gl_FragColor = vec4(mix(mix(shaded, lit, n), duskSky(normalize(vec3(d.x, max(d.y, -0.06), d.z)), night), haze), 1.0);
}`;

export function cloudSea(scene: Scene, y: number): Effect {
  const mesh = CreateGround("cloud-sea", { width: 1400, height: 1400, subdivisions: 1 }, scene);
  mesh.position.y = y;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  const material = effectMaterial(scene, { name: "cloudSea", fragment: seaFragment, opaque: true });
  mesh.material = material;
  return { mesh, tick: tickOf(material) };
}
