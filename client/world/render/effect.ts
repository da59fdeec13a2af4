/** What moves by a shader alone: a mesh, and what it is told each frame. */
import { ShaderStore } from "@babylonjs/core/Engines/shaderStore.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import "@babylonjs/core/Meshes/thinInstanceMesh.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Matrix, type Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Colour } from "../art/vectors.ts";

export interface Moment {
  /** Seconds of what moves by itself; slower where less motion is asked for. */
  readonly time: number;
  /** 0 by day, 1 at midnight. */
  readonly night: number;
  /** Where the camera is. */
  readonly eye: Vector3;
  /** The middle of whom it follows; of the first person, the eye itself. */
  readonly whom: Vector3;
  /** Metres from the camera to them; 0 to the first person. */
  readonly reach: number;
}

export interface Effect {
  readonly mesh: Mesh;
  tick(moment: Moment): void;
}

/** Babylon's number for colours that are added to what is behind. */
export const additive = 1;

interface Shaders {
  /** Of the pair, and of the material. */
  readonly name: string;
  /** Leave out for the usual one: `uv` and `at`, the place in the world. */
  readonly vertex?: string;
  readonly fragment: string;
  readonly attributes?: readonly string[];
  readonly uniforms?: readonly string[];
  readonly opaque?: boolean;
}

ShaderStore.ShadersStore["worldUvVertexShader"] = `
precision highp float;
attribute vec3 position;
attribute vec2 uv;
uniform mat4 world, viewProjection;
varying vec2 vUv;
varying vec3 at;
void main() {
  vUv = uv;
  vec4 p = world * vec4(position, 1.0);
  at = p.xyz;
  gl_Position = viewProjection * p;
}`;

export function effectMaterial(scene: Scene, shaders: Shaders): ShaderMaterial {
  const { name, vertex, fragment, attributes = [], uniforms = [], opaque = false } = shaders;
  ShaderStore.ShadersStore[`${name}FragmentShader`] = `precision highp float;\n${fragment}`;
  if (vertex !== undefined) ShaderStore.ShadersStore[`${name}VertexShader`] = `precision highp float;\n${vertex}`;
  const material = new ShaderMaterial(
    name,
    scene,
    { vertex: vertex === undefined ? "worldUv" : name, fragment: name },
    {
      attributes: ["position", "uv", ...attributes],
      uniforms: ["world", "view", "viewProjection", "time", "night", "eye", ...uniforms],
      needAlphaBlending: !opaque,
    },
  );
  material.backFaceCulling = false;
  return material;
}

/** Tells the material the time, how much of it is night, and where the camera is. */
export const tickOf =
  (material: ShaderMaterial) =>
  ({ time, night, eye }: Moment): void => {
    material.setFloat("time", time);
    material.setFloat("night", night);
    material.setVector3("eye", eye);
  };

export const colourOf = ([r, g, b]: Colour): Color3 => new Color3(r, g, b);

/** A mesh of a few triangles, never culled and never picked. */
export function simpleMesh(scene: Scene, name: string, positions: number[], uvs: number[], indices: number[]): Mesh {
  const mesh = new Mesh(name, scene);
  const data = new VertexData();
  data.positions = positions;
  data.uvs = uvs;
  data.indices = indices;
  data.applyToMesh(mesh);
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  return mesh;
}

/** A square for billboards, with room for `capacity` instances that a shader places by attributes of its own. */
export function billboards(scene: Scene, name: string, capacity: number): Mesh {
  const mesh = simpleMesh(
    scene,
    name,
    [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0],
    [0, 0, 1, 0, 1, 1, 0, 1],
    [0, 1, 2, 0, 2, 3],
  );
  const matrices = new Float32Array(capacity * 16);
  for (let i = 0; i < capacity; i++) Matrix.IdentityReadOnly.copyToArray(matrices, i * 16);
  mesh.thinInstanceSetBuffer("matrix", matrices, 16, true);
  return mesh;
}
