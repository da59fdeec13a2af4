/** Models as arrays for a graphics card, in the scene's mirrored space. */
import { bones, slotBones, slots, surfaces, type Slot } from "./catalogue.ts";
import { ModelError, type Glb, type GlbNode } from "./glb.ts";
import { composed, movePoint, multiplied, turnNormal, type Matrix } from "./matrix.ts";

/** Whose colour a corner takes, and how strongly. */
export const dyes = { none: 0, coat: 1, light: 2 } as const;

export interface Shape {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Four to a corner, as a screen shows them; the fourth is 1 minus the glow. */
  readonly colours: Float32Array;
  /** One to a corner: a value of `dyes`. */
  readonly dyes: Float32Array;
  /** One to a corner: an index into `bones`. */
  readonly bones: Float32Array;
  readonly indices: Uint32Array;
}

/** Where a slot is, in the space of the whole avatar at rest. */
export interface SlotPlace {
  readonly bone: number;
  readonly matrix: Matrix;
}

export interface AvatarModel {
  readonly shape: Shape;
  readonly slots: Readonly<Record<Slot, SlotPlace>>;
}

/** @throws ModelError. */
export function avatarOf(glb: Glb): AvatarModel {
  const skin = glb.json.skins?.[0];
  if (skin?.inverseBindMatrices === undefined) throw new ModelError("an avatar has one skin");
  const binds = glb.accessor(skin.inverseBindMatrices);
  // At rest a corner is where its bone's bind matrix puts it; that undoes quantisation too.
  const rests = skin.joints.map((joint, i) =>
    multiplied(glb.nodes[joint]!.world, Float64Array.from(binds.subarray(i * 16, i * 16 + 16))),
  );
  const indexOf = skin.joints.map((joint) => boneIndex(glb.nodes[joint]!.name));
  const { joints, ...parts } = arraysOf(glb);
  if (joints === undefined) throw new ModelError("an avatar's corners have bones");
  const boneOf = (corner: number): number => joints[corner * 4]!;
  return {
    shape: placed(
      parts,
      (corner) => rests[boneOf(corner)]!,
      (corner) => indexOf[boneOf(corner)]!,
    ),
    slots: slotsOf(glb.nodes),
  };
}

/** A part around its slot, on that slot's bone. @throws ModelError if it names no slot. */
export function unwornOf(glb: Glb): Shape {
  const slot = glb.nodes.find((node) => node.slot !== undefined)?.slot as Slot | undefined;
  const node = glb.nodes.find(({ mesh }) => mesh !== undefined);
  if (slot === undefined || !slots.includes(slot) || node === undefined)
    throw new ModelError("a part is a mesh for a slot");
  const bone = boneIndex(slotBones[slot]);
  return placed(
    arraysOf(glb),
    () => node.world,
    () => bone,
  );
}

/** What stands by itself, on its own ground. @throws ModelError if there is no mesh. */
export function sceneryOf(glb: Glb): Shape {
  const node = glb.nodes.find(({ mesh }) => mesh !== undefined);
  if (node === undefined) throw new ModelError("scenery is a mesh");
  return placed(
    arraysOf(glb),
    () => node.world,
    () => 0,
  );
}

interface Arrays {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly colours: Float32Array;
  readonly joints?: Float32Array;
  readonly indices: Uint32Array;
}

function arraysOf(glb: Glb): Arrays {
  const primitive = glb.json.meshes?.[0]?.primitives[0];
  const { POSITION, NORMAL, COLOR_0, JOINTS_0 } = primitive?.attributes ?? {};
  if (primitive?.indices === undefined || POSITION === undefined || NORMAL === undefined || COLOR_0 === undefined) {
    throw new ModelError("a mesh has indices, positions, normals and colours");
  }
  return {
    positions: glb.accessor(POSITION),
    normals: glb.accessor(NORMAL),
    colours: glb.accessor(COLOR_0),
    ...(JOINTS_0 === undefined ? {} : { joints: glb.accessor(JOINTS_0) }),
    indices: Uint32Array.from(glb.accessor(primitive.indices)),
  };
}

/** Puts each corner in its place and mirrors it. Mirroring turns triangles around, which is what the scene expects. */
function placed(arrays: Arrays, matrixOf: (corner: number) => Matrix, boneOf: (corner: number) => number): Shape {
  const count = arrays.positions.length / 3;
  const width = arrays.colours.length / count;
  const shape: Shape = {
    positions: new Float32Array(count * 3),
    normals: new Float32Array(count * 3),
    colours: new Float32Array(count * 4),
    dyes: new Float32Array(count),
    bones: new Float32Array(count),
    indices: arrays.indices,
  };
  for (let i = 0; i < count; i++) {
    const matrix = matrixOf(i);
    const [x, y, z] = movePoint(
      matrix,
      arrays.positions[i * 3]!,
      arrays.positions[i * 3 + 1]!,
      arrays.positions[i * 3 + 2]!,
    );
    shape.positions.set([-x, y, z], i * 3);
    const [nx, ny, nz] = turnNormal(
      matrix,
      arrays.normals[i * 3]!,
      arrays.normals[i * 3 + 1]!,
      arrays.normals[i * 3 + 2]!,
    );
    shape.normals.set([-nx, ny, nz], i * 3);
    const alpha = width === 4 ? arrays.colours[i * width + 3]! : surfaces.painted;
    const glowing = alpha < 0.25;
    for (let k = 0; k < 3; k++) shape.colours[i * 4 + k] = shown(arrays.colours[i * width + k]!);
    shape.colours[i * 4 + 3] = glowing ? 0 : 1;
    shape.dyes[i] = glowing ? dyes.light : alpha < 0.75 ? dyes.coat : dyes.none;
    shape.bones[i] = boneOf(i);
  }
  return shape;
}

/** Linear light as a screen shows it. */
const shown = (linear: number): number => (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);

function slotsOf(nodes: readonly GlbNode[]): Record<Slot, SlotPlace> {
  const found = nodes.flatMap((node): [Slot, SlotPlace][] => {
    if (node.slot === undefined || node.parent === undefined) return [];
    const slot = node.slot as Slot;
    if (nodes[node.parent]!.name !== slotBones[slot]) throw new ModelError(`${slot} hangs on a bone of another name`);
    return [[slot, { bone: boneIndex(slotBones[slot]), matrix: upright(node.world) }]];
  });
  const places = Object.fromEntries(found) as Partial<Record<Slot, SlotPlace>>;
  if (slots.some((slot) => places[slot] === undefined)) throw new ModelError("an avatar has every slot");
  return places as Record<Slot, SlotPlace>;
}

/** Slots are upright at rest; what is left of a bone's own turn is noise. */
const upright = (m: Matrix): Matrix =>
  composed(
    [m[12]!, m[13]!, m[14]!],
    undefined,
    Array.from({ length: 3 }, (_, i) => Math.hypot(m[i * 4]!, m[i * 4 + 1]!, m[i * 4 + 2]!)),
  );

function boneIndex(name: string): number {
  const index = (bones as readonly string[]).indexOf(name);
  if (index < 0) throw new ModelError(`no bone of ours is called ${name}`);
  return index;
}
