/** All models of a world, read and ready to be drawn. */
import { bake, type Baked } from "./baked.ts";
import { partNames, races, scenery, type Part, type Race, type Scenery } from "./catalogue.ts";
import { readGlb, type Glb } from "./glb.ts";
import { avatarOf, sceneryOf, unwornOf, type AvatarModel, type Shape } from "./shape.ts";

export interface Models {
  readonly baked: Baked;
  readonly avatars: Readonly<Record<Race, AvatarModel>>;
  /** Around their slots. */
  readonly parts: Readonly<Record<Part, Shape>>;
  readonly scenery: Readonly<Record<Scenery, Shape>>;
}

/** Names of the files that models of this detail are read from. */
export const filesFor = (detail: "full" | "low"): readonly string[] => [
  "rig-clips.glb",
  ...races.map((race) => avatarFile(race, detail)),
  ...scenery.map((name) => `scenery-${name}.glb`),
  ...partNames.map((part) => `part-${part}.glb`),
];

const avatarFile = (race: Race, detail: "full" | "low"): string =>
  detail === "full" ? `avatar-${race}.glb` : `avatar-${race}-low.glb`;

/**
 * @param file gives the bytes of a file, by its name.
 * @throws ModelError if one is not what its name says.
 */
export async function readModels(detail: "full" | "low", file: (name: string) => Promise<Uint8Array>): Promise<Models> {
  const read = async (name: string): Promise<Glb> => readGlb(await file(name));
  const [rig, avatars, partShapes, sceneryShapes] = await Promise.all([
    read("rig-clips.glb"),
    named(races, async (race) => avatarOf(await read(avatarFile(race, detail)))),
    named(partNames, async (part) => unwornOf(await read(`part-${part}.glb`))),
    named(scenery, async (name) => sceneryOf(await read(`scenery-${name}.glb`))),
  ]);
  return { baked: bake(rig), avatars, parts: partShapes, scenery: sceneryShapes };
}

async function named<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Promise<Value>,
): Promise<Record<Name, Value>> {
  const entries = await Promise.all(names.map(async (name) => [name, await value(name)] as const));
  return Object.fromEntries(entries) as Record<Name, Value>;
}
