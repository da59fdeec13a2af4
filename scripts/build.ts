/**
 * Builds what `npm start` runs and what is shipped: contracts into .cache/contracts, then the pages into dist/page, with
 * the world, the contract hashes and the policy inside. `npm run build`.
 */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build as buildWithVite } from "vite";
import { checkPolicy } from "#attestation/check-policy.ts";
import { developmentPolicy, type Policy } from "#attestation/policy.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import { buildContract } from "#cli/build-contract.ts";
import { lineagesIn } from "#cli/built-in-lineages.ts";
import type { BuiltInChain } from "#cli/chain-terms.ts";
import { builtInOf } from "#kit/page-config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export const contractsFolder = join(root, ".cache/contracts");
/** What a gateway serves: the front page, and in folders beside it the others. */
export const pageFolder = join(root, "dist/page");

/** Pages by their folder below `client/`, with where each goes. The first one empties the whole. */
const pages: readonly (readonly [source: string, at: string])[] = [
  ["front", ""],
  ["world", "world"],
  ["page", "dot4"],
  ["skirmish", "skirmish"],
  ["replay", "replay"],
  ["inventory", "items"],
];

/** The world that `npm start` runs, with a moderator of its own. Its name is part of its id. */
export const developmentWorld: WorldManifest = { name: "phatroom development", development: true };

/** What each page has built in; it believes nothing else about contracts. */
interface BuiltIn {
  readonly world: string;
  readonly contracts: { readonly [name: string]: string };
  /** Modules by which pages predict, in hex. */
  readonly predictors: { readonly [name: string]: string };
  /** Of those whose rules may be upgraded. */
  readonly lineages?: Awaited<ReturnType<typeof lineagesIn>>;
  readonly policy: Policy;
  /** Where its items are; nowhere, if it is not there. */
  readonly chain?: BuiltInChain;
}

/** What `npm start` serves. The others there are twins in another language and what tests play with. */
const served = ["phala-world/phala-world.ts", "dot4/dot4.ts", "skirmish/assembly/skirmish.ts"].map((name) =>
  join(root, "contracts", name),
);

/** Builds what is served. Returns the hashes by name. */
export async function buildContracts(entries: readonly string[] = served): Promise<BuiltIn["contracts"]> {
  // Whoever reads the folder meanwhile finds the old ones or the new ones, and never half of them.
  const draft = `${contractsFolder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const entry of entries) {
    const { bundle, suffix, sourceMap, manifest, predict, hash } = await buildContract(entry);
    await writeFile(join(draft, `${manifest.name}${suffix}`), bundle);
    if (sourceMap !== "") await writeFile(join(draft, `${manifest.name}.map`), sourceMap);
    if (predict !== undefined) await writeFile(join(draft, predictorOf(manifest.name)), predict);
    hashes[manifest.name] = hash;
  }
  // A folder is not replaced by renaming: the old one steps aside first.
  await rename(contractsFolder, `${draft}-old`).catch(() => undefined);
  await rename(draft, contractsFolder);
  await rm(`${draft}-old`, { recursive: true, force: true });
  return hashes;
}

/** By which the pages of a contract predict, if it has such a module. */
const predictorOf = (name: string): string => `${name}.predict.wasm`;

async function builtPredictors(names: readonly string[]): Promise<BuiltIn["predictors"]> {
  const predictors: Record<string, string> = {};
  for (const name of names) {
    const module = await readFile(join(contractsFolder, predictorOf(name))).catch(() => undefined);
    if (module !== undefined) predictors[name] = bytesToHex(module);
  }
  return predictors;
}

interface PagesOptions {
  /** Default: the development world, without a moderator. */
  readonly world?: WorldManifest;
  readonly policy?: Policy;
  /** A worker's folder of contracts: who may upgrade them, and to what. Without it nobody may. */
  readonly lineages?: string;
  readonly chain?: BuiltInChain | undefined;
  /** Default: dist/page. */
  readonly out?: string;
  /** By their folders below `client/`. Default: all. */
  readonly only?: readonly string[];
}

/** Builds all pages around these hashes. */
export async function buildPages(
  contracts: BuiltIn["contracts"],
  { world = developmentWorld, policy = developmentPolicy, lineages, chain, out = pageFolder, only }: PagesOptions = {},
): Promise<void> {
  const builtIn: BuiltIn = {
    world: bytesToHex(worldId(world)),
    contracts,
    predictors: await builtPredictors(Object.keys(contracts)),
    ...(lineages === undefined ? {} : { lineages: await lineagesIn(lineages, world, contracts) }),
    policy,
    ...(chain === undefined ? {} : { chain }),
  };
  const json = `${JSON.stringify(builtIn, null, 2)}\n`;
  // Pages that go elsewhere are another place's: whoever reads of this folder's pages meanwhile finds what is true of them.
  if (resolve(out) === pageFolder) await replaceFile(join(root, ".cache/page/built-in.json"), json);
  // Whatever the environment says: a page that is built for another mode holds the paths of its sources.
  process.env["NODE_ENV"] = "production";
  for (const [source, at] of pages) {
    if (only !== undefined && !only.includes(source)) continue;
    await buildWithVite({
      mode: "production",
      configFile: join(root, "client", source, "vite.config.ts"),
      logLevel: "warn",
      plugins: [builtInOf(json)],
      build: { outDir: join(out, at) },
    });
  }
}

/** Whoever reads it meanwhile finds the old one or the new one, and never half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      "contracts-only": { type: "boolean", default: false },
      /** A file with the policy of the pages. */
      policy: { type: "string" },
      /** A worker's folder of contracts, for pages of rooms whose rules may be upgraded. */
      lineages: { type: "string" },
      /** Where the pages go. */
      out: { type: "string" },
      /** These pages alone, by their folders below client/. */
      page: { type: "string", multiple: true },
    },
  });
  const contracts = await buildContracts();
  for (const [name, hash] of Object.entries(contracts)) console.log(`${name} ${hash}`);
  const { policy, lineages, out, page } = values;
  if (!values["contracts-only"]) {
    await buildPages(contracts, {
      ...(policy === undefined
        ? {}
        : { policy: checkPolicy(JSON.parse(await readFile(policy, "utf8")), Date.now() / 1000) }),
      ...(lineages === undefined ? {} : { lineages }),
      ...(out === undefined ? {} : { out: resolve(out) }),
      ...(page === undefined ? {} : { only: page }),
    });
  }
}
