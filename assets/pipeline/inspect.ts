/** What a GLB holds, as the validator asks: counted from its decoded contents, not from what it says about itself. */
import type { Document, Node, Primitive } from "@gltf-transform/core";
import { glbFiles } from "./glb.ts";

export interface Facts {
  readonly triangles: number;
  /** The longer side of each texture, in pixels. */
  readonly textures: readonly number[];
  readonly extensions: readonly string[];
  readonly meshes: number;
  readonly materials: number;
  /** Nodes with a `slot`, in order of the file. */
  readonly slots: readonly string[];
  /** Joints of the skin. */
  readonly bones: readonly string[];
  /** Clip → seconds. */
  readonly clips: ReadonlyMap<string, number>;
  /** Corners of the box around all, in metres, as the file stands. */
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  /** Alphas of corners' colours. */
  readonly alphas: ReadonlySet<number>;
}

/** @throws Error if these bytes are no GLB, or one with parts that no reader here knows. */
export async function inspect(bytes: Uint8Array): Promise<Facts> {
  const document = await (await glbFiles()).readBinary(bytes);
  const root = document.getRoot();
  const primitives = root.listMeshes().flatMap((mesh) => mesh.listPrimitives());
  const { low, high } = boxOf(document);
  return {
    triangles: primitives.reduce((sum, primitive) => sum + trianglesOf(primitive), 0),
    textures: root.listTextures().map((texture) => Math.max(...(texture.getSize() ?? [Infinity]))),
    extensions: root.listExtensionsUsed().map(({ extensionName }) => extensionName),
    meshes: primitives.length,
    materials: root.listMaterials().length,
    slots: root.listNodes().flatMap((node) => slotOf(node) ?? []),
    bones: root.listSkins().flatMap((skin) => skin.listJoints().map((joint) => joint.getName())),
    clips: new Map(root.listAnimations().map((animation) => [animation.getName(), lengthOf(animation)])),
    low,
    high,
    alphas: new Set(primitives.flatMap(alphasOf)),
  };
}

const trianglesOf = (primitive: Primitive): number =>
  (primitive.getIndices() ?? primitive.getAttribute("POSITION"))!.getCount() / 3;

function slotOf(node: Node): string | undefined {
  const { slot } = node.getExtras();
  return typeof slot === "string" ? slot : undefined;
}

type Animation = ReturnType<ReturnType<Document["getRoot"]>["listAnimations"]>[number];

const lengthOf = (animation: Animation): number =>
  Math.max(0, ...animation.listSamplers().map((sampler) => sampler.getInput()!.getMax([])[0]!));

function alphasOf(primitive: Primitive): number[] {
  const colours = primitive.getAttribute("COLOR_0");
  if (colours === null) return [Number.NaN];
  return Array.from({ length: colours.getCount() }, (_, i) => colours.getElement(i, [])[3]!);
}

/** The box in metres. A skin's bind matrices undo quantisation, a still mesh's node does. */
function boxOf(document: Document): {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
} {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const node of document.getRoot().listNodes()) {
    const mesh = node.getMesh();
    if (mesh === null) continue;
    const joint = node.getSkin()?.listJoints()[0];
    const bind = node
      .getSkin()
      ?.getInverseBindMatrices()
      ?.getElement(0, [] as number[]);
    const matrices: readonly (readonly number[])[] =
      joint && bind ? [joint.getWorldMatrix(), bind] : [node.getWorldMatrix()];
    for (const primitive of mesh.listPrimitives()) {
      const positions = primitive.getAttribute("POSITION")!;
      for (let i = 0; i < positions.getCount(); i++) {
        const at = matrices.reduceRight<readonly number[]>(
          (point, matrix) => moved(matrix, point),
          positions.getElement(i, []),
        );
        for (const axis of [0, 1, 2] as const) {
          low[axis] = Math.min(low[axis], at[axis]!);
          high[axis] = Math.max(high[axis], at[axis]!);
        }
      }
    }
  }
  return { low, high };
}

const moved = (m: readonly number[], p: readonly number[]): number[] =>
  [0, 1, 2].map((row) => m[row]! * p[0]! + m[row + 4]! * p[1]! + m[row + 8]! * p[2]! + m[row + 12]!);
