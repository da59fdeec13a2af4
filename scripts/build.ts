/**
 * Builds what `npm start` runs and a page ships: contracts into .cache/contracts, then the page into dist/page, with the
 * world, the contract hashes and the policy inside. `npm run build`.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as buildWithVite } from "vite";
import { developmentPolicy, type Policy } from "#attestation/policy.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import { buildContract } from "#cli/build-contract.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export const contractsFolder = join(root, ".cache/contracts");
export const pageFolder = join(root, "dist/page");

/** The world that `npm start` runs. Its name is part of its id. */
export const developmentWorld: WorldManifest = { name: "phatroom development", development: true };

/** What a page has built in; it believes nothing else about contracts. */
interface BuiltIn {
  readonly world: string;
  readonly contracts: { readonly [name: string]: string };
  readonly policy: Policy;
}

/** Builds every contract of this repository. Returns the hashes by name. */
export async function buildContracts(): Promise<BuiltIn["contracts"]> {
  await rm(contractsFolder, { recursive: true, force: true });
  await mkdir(contractsFolder, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const name of await contractNames()) {
    const { bundle, sourceMap, manifest, hash } = await buildContract(join(root, "contracts", name, `${name}.ts`));
    await writeFile(join(contractsFolder, `${manifest.name}.bundle.js`), bundle);
    await writeFile(join(contractsFolder, `${manifest.name}.map`), sourceMap);
    hashes[manifest.name] = hash;
  }
  return hashes;
}

async function contractNames(): Promise<string[]> {
  const entries = await readdir(join(root, "contracts"), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && entry.name !== "sdk" ? [entry.name] : [])).sort();
}

/** Builds the page around these hashes. */
export async function buildPage(contracts: BuiltIn["contracts"], policy: Policy = developmentPolicy): Promise<void> {
  const builtIn: BuiltIn = { world: bytesToHex(worldId(developmentWorld)), contracts, policy };
  await mkdir(join(root, ".cache/page"), { recursive: true });
  await writeFile(join(root, ".cache/page/built-in.json"), `${JSON.stringify(builtIn, null, 2)}\n`);
  await buildWithVite({ configFile: join(root, "client/page/vite.config.ts"), logLevel: "warn" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const contracts = await buildContracts();
  for (const [name, hash] of Object.entries(contracts)) console.log(`${name} ${hash}`);
  if (!process.argv.includes("--contracts-only")) await buildPage(contracts);
}
