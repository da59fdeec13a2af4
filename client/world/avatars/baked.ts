/** All frames of all clips as bone matrices: a texture of them moves every avatar of the crowd at once. */
import { bones, clipNames, clipRate, clips, type Clip } from "./catalogue.ts";
import { ModelError, type Glb } from "./glb.ts";
import type { Gltf } from "./gltf.ts";
import { composed, identity, inverted, mirrored, multiplied, type Matrix } from "./matrix.ts";

export interface Baked {
  /**
   * One row to a frame: a matrix for each bone and a last one that changes nothing, sixteen numbers each, in columns.
   * It is the layout that Babylon's baked vertex animation reads.
   */
  readonly rows: Float32Array;
  readonly rowLength: number;
  /** First row of each clip; as many follow as the clip has frames. */
  readonly from: Readonly<Record<Clip, number>>;
}

/** @throws ModelError if a bone or a clip is missing. */
export function bake(glb: Glb): Baked {
  const nodes = bones.map((bone) => {
    const index = glb.nodes.findIndex(({ name }) => name === bone);
    if (index < 0) throw new ModelError(`the rig has no bone ${bone}`);
    return index;
  });
  const undone = nodes.map((node) => inverted(glb.nodes[node]!.world));
  const rowLength = (bones.length + 1) * 16;
  const rows = new Float32Array(rowLength * clipNames.reduce((sum, clip) => sum + clips[clip].frames, 0));
  const from: Partial<Record<Clip, number>> = {};
  let row = 0;
  for (const clip of clipNames) {
    from[clip] = row;
    const tracks = tracksOf(glb, clip);
    for (let frame = 0; frame < clips[clip].frames; frame++, row++) {
      const worlds = worldsAt(glb, tracks, frame / clipRate);
      nodes.forEach((node, bone) => {
        rows.set(mirrored(multiplied(worlds(node), undone[bone]!)), row * rowLength + bone * 16);
      });
      rows.set(identity, row * rowLength + bones.length * 16);
    }
  }
  return { rows, rowLength, from: from as Record<Clip, number> };
}

/** Keys of what moves: by node, then by what of it. */
type Tracks = ReadonlyMap<number, { readonly translation?: Track; readonly rotation?: Track }>;

interface Track {
  readonly times: Float32Array;
  readonly values: Float32Array;
}

type Animation = NonNullable<Gltf["animations"]>[number];

function tracksOf(glb: Glb, clip: Clip): Tracks {
  const animation: Animation | undefined = glb.json.animations?.find(({ name }) => name === clip);
  if (animation === undefined) throw new ModelError(`the rig cannot ${clip}`);
  const tracks = new Map<number, { translation?: Track; rotation?: Track }>();
  for (const { sampler, target } of animation.channels) {
    const { input, output, interpolation = "LINEAR" } = animation.samplers[sampler]!;
    if (target.node === undefined || (target.path !== "translation" && target.path !== "rotation")) continue;
    if (interpolation === "CUBICSPLINE") throw new ModelError("keys are joined by lines here");
    const known = tracks.get(target.node) ?? {};
    known[target.path] = { times: glb.accessor(input), values: glb.accessor(output) };
    tracks.set(target.node, known);
  }
  return tracks;
}

/** Matrices of nodes at a moment, each computed once. */
function worldsAt(glb: Glb, tracks: Tracks, time: number): (node: number) => Matrix {
  const known = new Map<number, Matrix>();
  const worldOf = (node: number): Matrix => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const local = localAt(glb, node, tracks.get(node), time);
    const { parent } = glb.nodes[node]!;
    const world = parent === undefined ? local : multiplied(worldOf(parent), local);
    known.set(node, world);
    return world;
  };
  return worldOf;
}

function localAt(glb: Glb, node: number, tracks: ReturnType<Tracks["get"]>, time: number): Matrix {
  if (tracks === undefined) return glb.nodes[node]!.local;
  const { translation, rotation, scale } = glb.json.nodes![node]!;
  const turn = tracks.rotation === undefined ? rotation : normalised(sampled(tracks.rotation, 4, time));
  return composed(tracks.translation === undefined ? translation : sampled(tracks.translation, 3, time), turn, scale);
}

/** On the line between the keys around `time`. */
function sampled({ times, values }: Track, width: number, time: number): number[] {
  let after = times.findIndex((at) => at >= time);
  if (after < 0) after = times.length - 1;
  const before = Math.max(0, after - 1);
  const span = times[after]! - times[before]!;
  const share = span === 0 ? 0 : Math.max(0, Math.min(1, (time - times[before]!) / span));
  const key = (index: number): Float32Array => values.subarray(index * width, index * width + width);
  const [a, b] = [Array.from(key(before)), key(after)];
  // Both signs of a quaternion mean the same turn; lines lead between those of one side.
  const side = width === 4 && a.reduce((sum, value, i) => sum + value * b[i]!, 0) < 0 ? -1 : 1;
  return a.map((value, i) => value + (b[i]! * side - value) * share);
}

function normalised(turn: readonly number[]): number[] {
  const length = Math.hypot(...turn) || 1;
  return turn.map((value) => value / length);
}
