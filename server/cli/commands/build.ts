/** `phatroom build`: one contract to the files a worker serves, and the hash players check. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineCommand } from "citty";
import { encodeManifest } from "#protocol/manifest.ts";
import { BuildError, buildContract } from "../build-contract.ts";

export const buildCommand = defineCommand({
  meta: { name: "build", description: "Build a contract: bundle, manifest, source map and hash" },
  args: {
    entry: { type: "positional", description: "The contract: TypeScript, assembly/*.ts or *.wasm", required: true },
    out: { type: "string", description: "Folder for the files", default: "dist/contracts" },
  },
  async run({ args }) {
    try {
      await writeContract(args.entry, args.out);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  },
});

async function writeContract(entry: string, folder: string): Promise<void> {
  const { bundle, suffix, sourceMap, manifest, hash } = await buildContract(entry);
  const path = join(folder, manifest.name);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}${suffix}`, bundle);
  await writeFile(`${path}.manifest.json`, encodeManifest(manifest));
  if (sourceMap !== "") await writeFile(`${path}.map`, sourceMap);
  console.log(`${manifest.name}  ${(bundle.length / 1024).toFixed(1)} KB  ${hash}`);
}
