/** The dusk: one function for the dome and for the haze of everything, so that what is far melts into the sky behind it. */
import { ShaderStore } from "@babylonjs/core/Engines/shaderStore.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import { CreateSphere } from "@babylonjs/core/Meshes/Builders/sphereBuilder.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Effect } from "./effect.ts";

/** Towards the sun, low in the north-west. */
export const sunDirection = new Vector3(-0.46, 0.1, 0.88).normalize();

const decimal = (value: number): string => value.toFixed(4);
export const sunGlsl = `vec3(${decimal(sunDirection.x)}, ${decimal(sunDirection.y)}, ${decimal(sunDirection.z)})`;

/** `vec3 duskSky(vec3 direction, float night)`: night is 0 by day and 1 at midnight. */
export const skyGlsl = `
vec3 duskSky(vec3 d, float night) {
  vec3 sun = ${sunGlsl};
  vec3 c = mix(vec3(1.0, 0.63, 0.46), vec3(0.80, 0.36, 0.52), smoothstep(0.0, 0.13, d.y));
  c = mix(c, vec3(0.36, 0.20, 0.52), smoothstep(0.08, 0.34, d.y));
  c = mix(c, vec3(0.085, 0.065, 0.22), smoothstep(0.28, 0.85, d.y));
  c = mix(c, vec3(0.47, 0.30, 0.55), smoothstep(0.0, -0.22, d.y));
  c = mix(c, vec3(0.25, 0.17, 0.40), smoothstep(-0.2, -0.8, d.y));
  vec3 flat3 = vec3(1.0, 1.35, 1.0);
  float toSun = max(dot(normalize(d * flat3), normalize(sun * flat3)), 0.0);
  float away = 0.5 - 0.5 * dot(normalize(d.xz + vec2(1e-5)), normalize(sun.xz));
  c = mix(c, c * vec3(0.50, 0.58, 0.98) + vec3(0.0, 0.015, 0.05), away * 0.62);
  c += vec3(1.0, 0.42, 0.18) * pow(toSun, 7.0) * 0.34 + vec3(1.0, 0.72, 0.42) * pow(toSun, 90.0) * 0.32;
  vec3 dark = mix(vec3(0.19, 0.16, 0.38), vec3(0.03, 0.03, 0.115), smoothstep(0.0, 0.55, d.y));
  dark = mix(dark, vec3(0.09, 0.08, 0.22), smoothstep(0.0, -0.4, d.y));
  return mix(c, dark + vec3(0.16, 0.10, 0.22) * pow(toSun, 5.0), night);
}`;

/** `float chance(vec2)` and smooth `float grain(vec2)`, both 0 to 1. */
export const noiseGlsl = `
float chance(vec2 p) {
  p = fract(p * vec2(123.34, 456.21));
  p += dot(p, p + 45.32);
  return fract(p.x * p.y);
}
float grain(vec2 p) {
  vec2 i = floor(p), g = fract(p);
  g = g * g * (3.0 - 2.0 * g);
  return mix(mix(chance(i), chance(i + vec2(1, 0)), g.x), mix(chance(i + vec2(0, 1)), chance(i + vec2(1, 1)), g.x), g.y);
}`;

ShaderStore.ShadersStore["duskVertexShader"] = `
precision highp float;
attribute vec3 position;
uniform mat4 worldViewProjection;
varying vec3 direction;
void main() {
  direction = position;
  vec4 p = worldViewProjection * vec4(position, 1.0);
  gl_Position = vec4(p.xy, p.w * 0.99999, p.w);
}`;

ShaderStore.ShadersStore["duskFragmentShader"] = `
precision highp float;
varying vec3 direction;
uniform float time, night;
${skyGlsl}
${noiseGlsl}
vec3 withSun(vec3 c, vec3 d) {
  float s = dot(d, ${sunGlsl});
  float up = 1.0 - night;
  c = mix(c, vec3(1.0, 0.93, 0.78), smoothstep(0.9982, 0.9986, s) * up);
  return c + vec3(1.0, 0.6, 0.35) * pow(max(s, 0.0), 420.0) * 0.5 * up;
}
vec3 withStars(vec3 c, vec3 d) {
  vec2 p = vec2(atan(d.z, d.x) * 36.0, d.y * 78.0);
  float which = chance(floor(p));
  vec2 aside = vec2(chance(floor(p) + 7.0), chance(floor(p) + 3.0)) - 0.5;
  float star = smoothstep(0.11, 0.0, length(fract(p) - 0.5 - aside * 0.7)) * step(0.8, which);
  return c + star * vec3(0.95, 0.9, 1.0) * smoothstep(mix(0.16, 0.0, night), mix(0.6, 0.25, night), d.y) * (0.45 + 0.55 * sin(time * 1.7 + which * 90.0));
}
vec3 withPlanet(vec3 c, vec3 d) {
  const float radius = 0.115;
  vec3 middle = normalize(vec3(0.44, 0.20, 0.88));
  vec3 across = normalize(cross(vec3(0.0, 1.0, 0.0), middle)), up = cross(middle, across);
  vec2 m = vec2(dot(d, across), dot(d, up));
  float front = step(0.0, dot(d, middle)), l = length(m);
  vec2 tilted = mat2(0.93, 0.37, -0.37, 0.93) * m;
  float ring = length(tilted * vec2(1.0, 3.7));
  float band = smoothstep(0.155, 0.165, ring) * smoothstep(0.25, 0.24, ring);
  band *= 0.45 + 0.55 * smoothstep(0.3, 0.7, grain(vec2(ring * 120.0, 3.0)));
  band *= 1.0 - 0.75 * smoothstep(0.203, 0.207, ring) * smoothstep(0.215, 0.211, ring);
  float disc = smoothstep(radius, radius - 0.003, l);
  vec3 n = vec3(m / radius, sqrt(max(0.0, 1.0 - dot(m / radius, m / radius))));
  float lit = clamp(dot(n, normalize(vec3(-0.75, 0.15, 0.55))), 0.0, 1.0);
  float storms = grain(vec2(n.x * 2.0 + 4.0, n.y * 11.0 + grain(n.xy * 5.0) * 1.2));
  vec3 ground = mix(vec3(0.36, 0.22, 0.56), vec3(1.0, 0.78, 0.72), lit) * (0.92 + 0.14 * storms);
  vec3 ringColour = vec3(1.0, 0.82, 0.78);
  c = mix(c, ringColour, band * 0.55 * front * (1.0 - disc));
  c = mix(c, ground, disc * front * 0.88);
  c = mix(c, ringColour, band * 0.75 * front * disc * step(0.0, -tilted.y));
  return c + vec3(0.55, 0.35, 0.5) * exp(-max(0.0, l - radius) * 14.0) * 0.16 * front;
}
vec3 withAurora(vec3 c, vec3 d) {
  float around = atan(d.z, d.x);
  float above = d.y - 0.34 - grain(vec2(around * 2.2 + time * 0.03, 2.0)) * 0.16;
  float curtain = smoothstep(0.0, 0.03, above) * exp(-max(0.0, above) * 7.0);
  curtain *= 0.35 + 0.65 * grain(vec2(around * 26.0 + time * 0.15, above * 2.0));
  float where = smoothstep(0.2, 0.9, 0.5 - 0.5 * dot(normalize(d.xz), normalize(vec2(-0.2, 0.98))));
  return c + mix(vec3(0.55, 1.0, 0.45), vec3(0.3, 0.5, 1.0), smoothstep(0.0, 0.3, above)) * curtain * 0.34 * (0.25 + where);
}
vec3 withClouds(vec3 c, vec3 d) {
  if (d.y <= 0.015) return c;
  vec2 k = d.xz / (d.y + 0.12);
  float thick = grain(k * 1.1 + time * 0.006) * 0.6 + grain(k * 2.7 - time * 0.004) * 0.3 + grain(k * 6.0) * 0.14;
  thick = smoothstep(0.52, 0.86, thick) * smoothstep(0.02, 0.12, d.y) * smoothstep(0.75, 0.2, d.y);
  float s = max(dot(d, ${sunGlsl}), 0.0);
  vec3 lit = mix(vec3(0.66, 0.36, 0.56), vec3(1.0, 0.70, 0.52), pow(s, 3.0) * 0.8 + 0.2 * (1.0 - d.y));
  return mix(c, mix(lit, vec3(0.16, 0.14, 0.34), night), thick * 0.55);
}
void main() {
  vec3 d = normalize(direction);
  gl_FragColor = vec4(withClouds(withAurora(withPlanet(withStars(withSun(duskSky(d, night), d), d), d), d), d), 1.0);
}`;

export function createSky(scene: Scene): Effect {
  const dome = CreateSphere("sky", { diameter: 900, segments: 12, sideOrientation: 1 }, scene);
  const material = new ShaderMaterial("dusk", scene, "dusk", {
    attributes: ["position"],
    uniforms: ["worldViewProjection", "time", "night"],
  });
  material.backFaceCulling = false;
  material.disableDepthWrite = true;
  dome.material = material;
  dome.infiniteDistance = true;
  dome.isPickable = false;
  dome.alwaysSelectAsActiveMesh = true;
  return {
    mesh: dome,
    tick: ({ time, night }) => {
      material.setFloat("time", time);
      material.setFloat("night", night);
    },
  };
}
