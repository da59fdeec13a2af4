/** Reads our GLB models into plain arrays, without an engine: what crowds are drawn from is numbers, not scene nodes. */
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { accessorsOf, type Gltf } from "./gltf.ts";
import { composed, identity, multiplied, type Matrix } from "./matrix.ts";

/** A file is not one of our models. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

export interface GlbNode {
  readonly name: string;
  readonly slot: string | undefined;
  readonly mesh: number | undefined;
  readonly skin: number | undefined;
  readonly parent: number | undefined;
  readonly local: Matrix;
  readonly world: Matrix;
}

export interface Glb {
  readonly json: Gltf;
  readonly nodes: readonly GlbNode[];
  /** Numbers of an accessor, normalised where the file says so. */
  accessor(index: number): Float32Array;
}

const magic = 0x46546c67;
const jsonChunk = 0x4e4f534a;
const binaryChunk = 0x004e4942;

/** Larger than any model may be, with room; see assets/pipeline/budgets.ts. */
const bytesMax = 4_000_000;

/** @throws ModelError. */
export async function readGlb(bytes: Uint8Array): Promise<Glb> {
  if (bytes.length < 20 || bytes.length > bytesMax) throw new ModelError("a model of this length cannot be");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== 2)
    throw new ModelError("not a GLB of version 2");
  const jsonLength = view.getUint32(12, true);
  if (view.getUint32(16, true) !== jsonChunk || 20 + jsonLength > bytes.length) throw new ModelError("no JSON chunk");
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength))) as Gltf;
  const rest = bytes.subarray(20 + jsonLength);
  await MeshoptDecoder.ready;
  return { json, nodes: nodesOf(json), accessor: accessorsOf(json, binaryOf(rest)) };
}

function binaryOf(rest: Uint8Array): Uint8Array {
  if (rest.length < 8) return new Uint8Array();
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== binaryChunk || 8 + length > rest.length) throw new ModelError("no binary chunk");
  return rest.subarray(8, 8 + length);
}

function nodesOf({ nodes = [] }: Gltf): GlbNode[] {
  const parents = new Map<number, number>();
  nodes.forEach(({ children = [] }, parent) => children.forEach((child) => parents.set(child, parent)));
  const locals = nodes.map(({ translation, rotation, scale }) => composed(translation, rotation, scale));
  const worldOf = (index: number): Matrix => {
    const parent = parents.get(index);
    return parent === undefined ? locals[index]! : multiplied(worldOf(parent), locals[index]!);
  };
  return nodes.map(({ name = "", mesh, skin, extras }, index) => ({
    name,
    slot: extras?.slot,
    mesh,
    skin,
    parent: parents.get(index),
    local: locals[index] ?? identity,
    world: worldOf(index),
  }));
}
