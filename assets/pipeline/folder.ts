/** The folder of kept models, and the file of hashes beside them. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "./inspect.ts";
import type { Found, Kept } from "./validate.ts";

export const modelsFolder = fileURLToPath(new URL("../models/", import.meta.url));
export const hashesFile = fileURLToPath(new URL("../models/hashes.json", import.meta.url));

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export async function readModels(folder = modelsFolder): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const file of (await readdir(folder)).sort()) {
    if (!file.endsWith(".glb")) continue;
    const bytes = await readFile(`${folder}/${file}`);
    found.set(file, { sha256: sha256(bytes), bytes: bytes.length, facts: await inspect(bytes) });
  }
  return found;
}

export async function readHashes(): Promise<{ readonly [file: string]: Kept }> {
  return JSON.parse(await readFile(hashesFile, "utf8")) as { readonly [file: string]: Kept };
}

export const hashesOf = (found: ReadonlyMap<string, Found>): { readonly [file: string]: Kept } =>
  Object.fromEntries(
    [...found].map(([file, { sha256: hash, bytes, facts }]) => [
      file,
      { sha256: hash, bytes, triangles: facts.triangles },
    ]),
  );
