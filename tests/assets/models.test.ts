/** The models that are kept are the ones that were built, cost what they may, and have what the client asks of them. */
import { beforeAll, describe, expect, test } from "vitest";
import { modelFiles } from "#world/avatars/catalogue.ts";
import { budgets, bytesTogetherMax, kindOf } from "../../assets/pipeline/budgets.ts";
import { hashesOf, readHashes, readModels } from "../../assets/pipeline/folder.ts";
import type { Facts } from "../../assets/pipeline/inspect.ts";
import { validate, type Fault, type Found, type Kept } from "../../assets/pipeline/validate.ts";

let found: ReadonlyMap<string, Found>;
let kept: { readonly [file: string]: Kept };
beforeAll(async () => {
  [found, kept] = await Promise.all([readModels(), readHashes()]);
});

test("the kept models have no fault", () => {
  expect(validate(found, kept)).toEqual([]);
  expect([...found.keys()].sort()).toEqual([...modelFiles].sort());
});

test("all models together are a third of what they may be", () => {
  const together = [...found.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  expect(together).toBeLessThan(bytesTogetherMax / 2);
});

describe("a model is refused", () => {
  const changed = (file: string, facts: Partial<Facts>, rest: Partial<Found> = {}): [string, Fault][] => {
    const before = found.get(file)!;
    const models = new Map(found).set(file, { ...before, ...rest, facts: { ...before.facts, ...facts } });
    return validate(models, { ...kept, ...hashesOf(new Map([[file, models.get(file)!]])) });
  };

  test.for<[Fault, string, Partial<Facts>]>([
    ["too-many-triangles", "part-blade.glb", { triangles: budgets.part.triangles + 1 }],
    ["too-large-texture", "part-blade.glb", { textures: [2048] }],
    ["unknown-extension", "scenery-lamp.glb", { extensions: ["KHR_draco_mesh_compression"] }],
    ["more-than-one-mesh", "scenery-lamp.glb", { meshes: 2 }],
    ["more-than-one-material", "avatar-xgene.glb", { materials: 2 }],
    ["wrong-slots", "part-blade.glb", { slots: ["head"] }],
    ["wrong-slots", "avatar-cyborg.glb", { slots: ["head", "face", "chest", "back", "hand.L"] }],
    ["wrong-bones", "avatar-cyborg-low.glb", { bones: ["root", "body"] }],
    ["wrong-clips", "rig-clips.glb", { clips: new Map([["idle", 2]]) }],
    ["wrong-clips", "avatar-spectre.glb", { clips: new Map([["idle", 2]]) }],
    ["unknown-surface", "part-blade.glb", { alphas: new Set([0.8]) }],
    ["out-of-reach", "part-blade.glb", { high: [0, 0, 9] }],
    ["out-of-reach", "avatar-pandroid.glb", { low: [-0.5, -0.4, -0.3] }],
  ])("for %s: %s", ([fault, file, facts]) => {
    expect(changed(file, facts)).toEqual([[file, fault]]);
  });

  test("for its bytes, alone and together", () => {
    expect(changed("part-blade.glb", {}, { bytes: bytesTogetherMax })).toEqual([
      ["part-blade.glb", "too-many-bytes"],
      ["", "too-many-bytes-together"],
    ]);
  });

  test("where it is not the one that was kept, is missing, or is nobody's", () => {
    const other = { ...found.get("part-blade.glb")!, sha256: "00" };
    expect(validate(new Map(found).set("part-blade.glb", other), kept)).toEqual([
      ["part-blade.glb", "not-the-kept-bytes"],
    ]);
    const fewer = new Map(found);
    fewer.delete("scenery-lamp.glb");
    expect(validate(fewer, kept)).toEqual([["scenery-lamp.glb", "missing-file"]]);
    expect(validate(new Map(found).set("part-crown.glb", other), kept)).toEqual([["part-crown.glb", "unknown-file"]]);
  });
});

test.for([
  ["avatar-xgene.glb", "avatar"],
  ["avatar-xgene-low.glb", "avatar-low"],
  ["part-monk-halo.glb", "part"],
  ["rig-clips.glb", "rig"],
  ["readme.glb", undefined],
  ["part-blade.gltf", undefined],
] as const)("%s is of the kind %s", ([file, kind]) => {
  expect(kindOf(file)).toBe(kind);
});
