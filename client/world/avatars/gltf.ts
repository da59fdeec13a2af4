/** The parts of glTF 2.0 that our models use, and the numbers behind its accessors. */
import { MeshoptDecoder } from "meshoptimizer/decoder";

export interface Gltf {
  readonly nodes?: readonly {
    readonly name?: string;
    readonly children?: readonly number[];
    readonly mesh?: number;
    readonly skin?: number;
    readonly translation?: readonly number[];
    readonly rotation?: readonly number[];
    readonly scale?: readonly number[];
    readonly extras?: { readonly slot?: string };
  }[];
  readonly meshes?: readonly {
    readonly primitives: readonly {
      readonly attributes: { readonly [semantic: string]: number };
      readonly indices?: number;
    }[];
  }[];
  readonly skins?: readonly { readonly joints: readonly number[]; readonly inverseBindMatrices?: number }[];
  readonly animations?: readonly {
    readonly name?: string;
    readonly channels: readonly {
      readonly sampler: number;
      readonly target: { readonly node?: number; readonly path: string };
    }[];
    readonly samplers: readonly { readonly input: number; readonly output: number; readonly interpolation?: string }[];
  }[];
  readonly accessors?: readonly {
    readonly bufferView?: number;
    readonly byteOffset?: number;
    readonly componentType: number;
    readonly count: number;
    readonly type: string;
    readonly normalized?: boolean;
  }[];
  readonly bufferViews?: readonly {
    readonly byteOffset?: number;
    readonly byteLength: number;
    readonly byteStride?: number;
    readonly extensions?: { readonly EXT_meshopt_compression?: Compressed };
  }[];
}

/** EXT_meshopt_compression of a buffer view. */
interface Compressed {
  readonly byteOffset?: number;
  readonly byteLength: number;
  readonly byteStride: number;
  readonly count: number;
  readonly mode: string;
  readonly filter?: string;
}

interface Component {
  readonly bytes: number;
  read(view: DataView, at: number): number;
  /** What stands for 1 when numbers are normalised. */
  readonly most: number;
}

/** By glTF's `componentType`. */
const components: { readonly [type: number]: Component } = {
  5120: { bytes: 1, read: (view, at) => view.getInt8(at), most: 127 },
  5121: { bytes: 1, read: (view, at) => view.getUint8(at), most: 255 },
  5122: { bytes: 2, read: (view, at) => view.getInt16(at, true), most: 32_767 },
  5123: { bytes: 2, read: (view, at) => view.getUint16(at, true), most: 65_535 },
  5125: { bytes: 4, read: (view, at) => view.getUint32(at, true), most: 4_294_967_295 },
  5126: { bytes: 4, read: (view, at) => view.getFloat32(at, true), most: 1 },
};

/** Numbers to an element. */
export const widths: { readonly [type: string]: number } = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };

/** Reads accessors of one file. Call after `MeshoptDecoder.ready`. Throws RangeError where the file points outside itself. */
export function accessorsOf(json: Gltf, binary: Uint8Array): (index: number) => Float32Array {
  const views = new Map<number, Uint8Array>();
  const viewOf = (index: number): Uint8Array => {
    const known = views.get(index) ?? decoded(json.bufferViews![index]!, binary);
    views.set(index, known);
    return known;
  };
  return (index) => {
    const { bufferView, byteOffset = 0, componentType, count, type, normalized = false } = json.accessors![index]!;
    const component = components[componentType]!;
    const width = widths[type]!;
    const bytes = viewOf(bufferView!);
    const { byteStride, extensions } = json.bufferViews![bufferView!]!;
    const stride = extensions?.EXT_meshopt_compression?.byteStride ?? byteStride ?? width * component.bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const numbers = new Float32Array(count * width);
    for (let i = 0; i < numbers.length; i++) {
      const at = byteOffset + Math.floor(i / width) * stride + (i % width) * component.bytes;
      const value = component.read(view, at);
      numbers[i] = normalized ? Math.max(-1, value / component.most) : value;
    }
    return numbers;
  };
}

type BufferView = NonNullable<Gltf["bufferViews"]>[number];

function decoded(view: BufferView, binary: Uint8Array): Uint8Array {
  const compressed = view.extensions?.EXT_meshopt_compression;
  if (compressed === undefined) {
    return binary.subarray(view.byteOffset ?? 0, (view.byteOffset ?? 0) + view.byteLength);
  }
  const { byteOffset = 0, byteLength, byteStride, count, mode, filter } = compressed;
  const target = new Uint8Array(count * byteStride);
  const source = binary.subarray(byteOffset, byteOffset + byteLength);
  MeshoptDecoder.decodeGltfBuffer(target, count, byteStride, source, mode, filter);
  return target;
}
