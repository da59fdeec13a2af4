/** The kept models, read as a page reads them, but from the disk. */
import { readFile } from "node:fs/promises";
import { readModels, type Models } from "#world/avatars/models.ts";
import { modelsFolder } from "../../../assets/pipeline/folder.ts";

export const keptFile = (name: string): Promise<Uint8Array> => readFile(`${modelsFolder}${name}`);

const known = new Map<string, Promise<Models>>();

export function keptModels(detail: "full" | "low"): Promise<Models> {
  const models = known.get(detail) ?? readModels(detail, keptFile);
  known.set(detail, models);
  return models;
}
