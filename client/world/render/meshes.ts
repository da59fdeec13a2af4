/** Sketches and models as meshes of the scene. */
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import "@babylonjs/core/Meshes/thinInstanceMesh.js";
import { Matrix, Quaternion, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Sketch } from "../art/sketch.ts";
import type { Shape } from "../avatars/shape.ts";

export function meshOfSketch(scene: Scene, name: string, sketch: Sketch): Mesh {
  const { positions, normals, colours } = sketch.data();
  const count = positions.length / 3;
  const indices = count < 65_536 ? new Uint16Array(count) : new Uint32Array(count);
  return meshOf(scene, name, { positions, normals, colours, indices: indices.map((_, i) => i) });
}

/** A model that stands still. */
export const meshOfShape = (scene: Scene, name: string, shape: Shape): Mesh => meshOf(scene, name, shape);

/** A model whose corners follow bones and take dyes. */
export function dyedMesh(scene: Scene, name: string, shape: Shape): Mesh {
  const count = shape.bones.length;
  const indices = new Float32Array(count * 4);
  const weights = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) {
    indices[i * 4] = shape.bones[i]!;
    weights[i * 4] = 1;
  }
  const mesh = meshOf(scene, name, { ...shape, matricesIndices: indices, matricesWeights: weights });
  mesh.setVerticesData("dye", shape.dyes, false, 1);
  mesh.numBoneInfluencers = 1;
  return mesh;
}

interface Arrays {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly colours: Float32Array;
  readonly indices: Uint16Array | Uint32Array;
  readonly matricesIndices?: Float32Array;
  readonly matricesWeights?: Float32Array;
}

function meshOf(scene: Scene, name: string, arrays: Arrays): Mesh {
  const data = new VertexData();
  data.positions = arrays.positions;
  data.normals = arrays.normals;
  data.colors = arrays.colours;
  data.indices = arrays.indices;
  if (arrays.matricesIndices !== undefined) data.matricesIndices = arrays.matricesIndices;
  if (arrays.matricesWeights !== undefined) data.matricesWeights = arrays.matricesWeights;
  const mesh = new Mesh(name, scene);
  data.applyToMesh(mesh);
  // Without this Babylon drops the fourth number of the colours, which is the glow.
  mesh.hasVertexAlpha = true;
  mesh.isPickable = false;
  return mesh;
}

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly size: number;
  /** Radians around the vertical. */
  readonly turn: number;
}

/** Draws the mesh at all of these places, in one call. */
export function scatter(mesh: Mesh, places: readonly Placed[]): void {
  const matrices = new Float32Array(places.length * 16);
  const rotation = new Quaternion();
  places.forEach(({ x, y, z, size, turn }, i) => {
    Quaternion.FromEulerAnglesToRef(0, turn, 0, rotation);
    Matrix.Compose(new Vector3(size, size, size), rotation, new Vector3(x, y, z)).copyToArray(matrices, i * 16);
  });
  mesh.thinInstanceSetBuffer("matrix", matrices, 16, true);
  mesh.thinInstanceRefreshBoundingInfo();
}
