/** Models as the client reads them, against what Babylon's own loader makes of the same files; looks; baked clips. */
import { LoadAssetContainerAsync, RegisterSceneLoaderPlugin } from "@babylonjs/core/Loading/sceneLoader.js";
import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { MeshoptCompression } from "@babylonjs/core/Meshes/Compression/meshoptCompression.js";
import { VertexBuffer } from "@babylonjs/core/Buffers/buffer.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { GLTFFileLoader } from "@babylonjs/loaders/glTF/glTFFileLoader.js";
import "@babylonjs/loaders/glTF/2.0/glTFLoader.js";
import "@babylonjs/loaders/glTF/2.0/Extensions/EXT_meshopt_compression.js";
import "@babylonjs/loaders/glTF/2.0/Extensions/KHR_mesh_quantization.js";
import "@babylonjs/loaders/glTF/2.0/Extensions/ExtrasAsMetadata.js";
import * as fc from "fast-check";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bake } from "#world/avatars/baked.ts";
import { bones, clipNames, clips, partNames, parts, races, slots, type Part } from "#world/avatars/catalogue.ts";
import { ModelError, readGlb } from "#world/avatars/glb.ts";
import { coats, decodeLook, encodeLook, lights, plainLook, withPart, type Look } from "#world/avatars/look.ts";
import { dyes } from "#world/avatars/shape.ts";
import { keptFile, keptModels } from "./kept-models.ts";

let engine: NullEngine;
let scene: Scene;
beforeAll(() => {
  // Babylon would fetch this from its makers' servers.
  (MeshoptCompression as unknown as { _Default: unknown })._Default = {
    dispose: () => undefined,
    decodeGltfBufferAsync: async (source: Uint8Array, count: number, stride: number, mode: string, filter?: string) => {
      await MeshoptDecoder.ready;
      const target = new Uint8Array(count * stride);
      MeshoptDecoder.decodeGltfBuffer(target, count, stride, source, mode, filter);
      return target;
    },
  };
  RegisterSceneLoaderPlugin(new GLTFFileLoader());
  engine = new NullEngine();
  scene = new Scene(engine);
});
afterAll(() => {
  engine.dispose();
  (MeshoptCompression as unknown as { _Default: unknown })._Default = null;
});

async function byBabylon(name: string) {
  const container = await LoadAssetContainerAsync(await keptFile(name), scene, { pluginExtension: ".glb", name });
  container.addAllToScene();
  const mesh = container.meshes.find((candidate) => candidate.getTotalVertices() > 0)!;
  const holders = [...container.transformNodes, ...container.meshes].filter(
    (node) => (node.metadata as { gltf?: { extras?: { slot?: string } } } | null)?.gltf?.extras?.slot !== undefined,
  );
  return { container, mesh, holders };
}

describe.for(races)("a %s", (race) => {
  test("stands as Babylon's loader says, slot by slot", async () => {
    const { shape, slots: places } = (await keptModels("full")).avatars[race];
    const { container, mesh, holders } = await byBabylon(`avatar-${race}.glb`);
    expect(shape.indices.length).toBe(mesh.getTotalIndices());
    expect(shape.bones.length).toBe(mesh.getTotalVertices());
    expect(holders.length).toBe(slots.length);
    for (const holder of holders) {
      holder.computeWorldMatrix(true);
      const { slot } = (holder.metadata as { gltf: { extras: { slot: (typeof slots)[number] } } }).gltf.extras;
      const { matrix } = places[slot];
      // Both look along +z; Babylon's loader turns glTF around, ours mirrors it.
      const there = holder.getAbsolutePosition();
      const ours = new Vector3(-matrix[12]!, matrix[13]!, matrix[14]!);
      expect(Vector3.Distance(ours, there)).toBeLessThan(2e-3);
    }
    container.dispose();
  });

  test("has its feet near the ground, its head at a person's height, and every bone in use", async () => {
    const { shape } = (await keptModels("low")).avatars[race];
    const heights = Array.from({ length: shape.bones.length }, (_, i) => shape.positions[i * 3 + 1]!);
    expect(Math.min(...heights)).toBeGreaterThan(-0.03);
    expect(Math.min(...heights)).toBeLessThan(0.15);
    expect(Math.max(...heights)).toBeGreaterThan(1.5);
    expect(new Set(shape.bones).size).toBe(bones.length - 1);
    expect(new Set(shape.dyes)).toEqual(new Set([dyes.none, dyes.coat, dyes.light]));
    for (let i = 0; i < shape.normals.length; i += 3) {
      expect(Math.hypot(...shape.normals.subarray(i, i + 3))).toBeCloseTo(1, 3);
    }
  });
});

test.for(partNames)("the part %s is around its slot, with the corners that Babylon's loader finds", async (part) => {
  const shape = (await keptModels("full")).parts[part];
  const { container, mesh, holders } = await byBabylon(`part-${part}.glb`);
  expect(holders).toHaveLength(1);
  expect(shape.indices.length).toBe(mesh.getTotalIndices());
  const theirs = mesh.getVerticesData(VertexBuffer.PositionKind)!;
  mesh.computeWorldMatrix(true);
  const at = Vector3.TransformCoordinates(Vector3.FromArray(theirs as number[], 0), mesh.getWorldMatrix());
  expect(Math.hypot(at.x, at.y, at.z)).toBeCloseTo(Math.hypot(...shape.positions.subarray(0, 3)), 2);
  container.dispose();
});

describe("baked clips", () => {
  test("are finite, move, and leave the last matrix of a row alone", async () => {
    const { rows, rowLength, from } = bake(await readGlb(await keptFile("rig-clips.glb")));
    expect(rows.length / rowLength).toBe(clipNames.reduce((sum, clip) => sum + clips[clip].frames, 0));
    expect(rows.every(Number.isFinite)).toBe(true);
    for (const clip of clipNames) {
      const row = (frame: number): Float32Array =>
        rows.subarray((from[clip] + frame) * rowLength, (from[clip] + frame + 1) * rowLength);
      const moved = Math.max(
        ...row(0).map((value, i) => Math.abs(value - row(Math.floor(clips[clip].frames / 4))[i]!)),
      );
      expect(moved).toBeGreaterThan(0.005);
      expect([...row(0).subarray(-16)]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    }
  });

  test("only turn and move: nobody is stretched", async () => {
    const { rows } = (await keptModels("low")).baked;
    for (let i = 0; i < rows.length; i += 16) {
      for (const column of [0, 4, 8])
        expect(Math.hypot(...rows.subarray(i + column, i + column + 3))).toBeCloseTo(1, 2);
    }
  });
});

describe("a file that is no model", () => {
  test.for([
    ["is short", new Uint8Array(4)],
    ["has another beginning", new Uint8Array(64).fill(7)],
    [
      "says more JSON than there is",
      Uint8Array.of(0x67, 0x6c, 0x54, 0x46, 2, 0, 0, 0, 24, 0, 0, 0, 0xff, 0, 0, 0, 0x4a, 0x53, 0x4f, 0x4e, 1, 2, 3, 4),
    ],
  ] as const)("is refused where it %s", async ([, bytes]) => {
    await expect(readGlb(bytes)).rejects.toBeInstanceOf(ModelError);
  });
});

describe("a look", () => {
  const look: fc.Arbitrary<Look> = fc
    .record({
      race: fc.constantFrom(...races),
      coat: fc.nat(coats.length - 1),
      light: fc.nat(lights.length - 1),
      wanted: fc.array(fc.constantFrom(...partNames), { maxLength: 12 }),
    })
    .map(({ wanted, ...rest }) =>
      wanted.reduce<Look>((worn, part) => (worn.parts.includes(part) ? worn : withPart(worn, part)), {
        ...rest,
        parts: [],
      }),
    );

  test("is the same after its code", () => {
    fc.assert(
      fc.property(look, (given) => {
        expect(decodeLook(encodeLook(given))).toEqual(given);
      }),
    );
  });

  test("never has two parts in one slot", () => {
    fc.assert(
      fc.property(look, fc.constantFrom(...partNames), (given, part) => {
        const worn = withPart(given, part).parts.map((name) => parts[name]);
        expect(new Set(worn).size).toBe(worn.length);
      }),
    );
  });

  test.for([
    "",
    "pandroid",
    "pandroid.0",
    "dragon.0.0",
    "pandroid.8.0",
    "pandroid.-1.0",
    "pandroid.00.0",
    "pandroid.0.0.crown",
    "pandroid.0.0.blade+blade",
    "pandroid.0.0.blade+wizard-staff",
    "pandroid.0.0.blade.more",
    `pandroid.0.0.${"blade+".repeat(60)}`,
  ])("is not %j", (text) => {
    expect(decodeLook(text)).toBeUndefined();
  });

  test("is put on and taken off", () => {
    const armed = withPart(withPart(plainLook, "blade"), "wizard-hood");
    expect(withPart(armed, "wizard-staff").parts).toEqual(["wizard-hood", "wizard-staff"] satisfies Part[]);
    expect(withPart(armed, "blade").parts).toEqual(["wizard-hood"] satisfies Part[]);
  });
});
