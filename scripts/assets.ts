/**
 * Builds the models from their Blender scripts into assets/models, checks them and writes their hashes. `npm run assets`.
 * Needs Debian's `blender` and `python3-numpy`; players and tests need neither, since the built files are kept.
 */
import { writeFile } from "node:fs/promises";
import { buildModels, hasBlender } from "../assets/pipeline/build.ts";
import { hashesFile, hashesOf, modelsFolder, readModels } from "../assets/pipeline/folder.ts";
import { validate } from "../assets/pipeline/validate.ts";

if (!hasBlender()) {
  console.error("There is no Blender here: apt-get install blender python3-numpy, or set BLENDER to its path.");
  process.exit(1);
}
await buildModels(modelsFolder);
const found = await readModels();
const hashes = hashesOf(found);
const faults = validate(found, hashes);
for (const [file, fault] of faults) console.error(`${file}: ${fault}`);
if (faults.length > 0) process.exit(1);
await writeFile(hashesFile, `${JSON.stringify(hashes, null, 2)}\n`);
for (const [file, { bytes, triangles }] of Object.entries(hashes)) {
  console.log(`${file.padEnd(34)} ${String(triangles).padStart(5)} triangles ${String(bytes).padStart(7)} bytes`);
}
console.log(`${Object.values(hashes).reduce((sum, { bytes }) => sum + bytes, 0)} bytes together`);
