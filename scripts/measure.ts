/**
 * Prints what a policy and an operator compare: `npm run measure`. The files of the worker's image go to
 * dist/image/worker.
 *
 * ```text
 * --policy <file>        build the page with this policy
 * --contract <file>      serves this contract instead of those of the development world; may be given again
 * --worker <image>       by digest, with --gateway: writes dist/image/app-compose.json and prints its compose hash
 * --gateway <image>      by digest
 * --check <folder>       compares the files of an unpacked image with what is measured here; may be given again
 * --json
 * ```
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkPolicy } from "#attestation/check-policy.ts";
import { appComposeOf, composeHashOf, isByDigest, withImages } from "#cli/app-compose.ts";
import { buildContracts, buildPages, contractsFolder, pageFolder } from "./build.ts";
import { root } from "./library.ts";
import { measureFolder, measureWorker, unlike, writeContent } from "./measurement.ts";

interface Report {
  /** Content hashes, 64 hex digits each. */
  readonly worker: string;
  readonly page: string;
  /** Contract hashes by name. */
  readonly contracts: Readonly<Record<string, string>>;
  /** What a policy names, once there are images. */
  readonly composeHash?: string;
}

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    policy: text,
    worker: text,
    gateway: text,
    check: { ...text, multiple: true },
    contract: { ...text, multiple: true },
    json: { type: "boolean", default: false },
  },
});

for (const image of [values.worker, values.gateway]) {
  if (image === undefined || isByDigest(image)) continue;
  console.error(`${image} is no image by digest: name@sha256:…`);
  process.exit(1);
}
const contracts = await buildContracts(values.contract?.map((entry) => resolve(entry)));
const worker = await measureWorker(await bundlesOf(contractsFolder));
if (values.check === undefined) print(await measure());
else for (const folder of values.check) await compare(folder);

async function measure(): Promise<Report> {
  const { policy, worker: workerImage, gateway: gatewayImage } = values;
  await writeContent(join(root, "dist/image/worker"), worker);
  const chosen = policy === undefined ? undefined : checkPolicy(JSON.parse(await readFile(policy, "utf8")), now());
  await buildPages(contracts, chosen === undefined ? {} : { policy: chosen });
  const page = await measureFolder(pageFolder);
  const report: Report = { worker: worker.hash, page: page.hash, contracts };
  if (workerImage === undefined || gatewayImage === undefined) return report;
  const compose = await readFile(join(root, "deploy/dstack/compose.yaml"), "utf8");
  const appCompose = appComposeOf("phatroom", withImages(compose, { worker: workerImage, gateway: gatewayImage }));
  await mkdir(join(root, "dist/image"), { recursive: true });
  await writeFile(join(root, "dist/image/app-compose.json"), appCompose);
  return { ...report, composeHash: composeHashOf(appCompose) };
}

/** What the worker's image serves; source maps stay with the author. */
async function bundlesOf(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const bundles = new Map<string, Uint8Array>();
  for (const name of (await readdir(folder)).filter((file) => !file.endsWith(".map")).sort()) {
    bundles.set(name, await readFile(join(folder, name)));
  }
  return bundles;
}

async function compare(folder: string): Promise<void> {
  const different = await unlike(folder, worker);
  if (different.length === 0) return console.log(`${folder} is worker ${worker.hash}`);
  console.log(`${folder} is not this worker:\n${different.join("\n")}`);
  process.exitCode = 1;
}

function print(report: Report): void {
  if (values.json) return console.log(JSON.stringify(report, undefined, 2));
  console.log(`worker    ${report.worker}   content of its image, in dist/image/worker`);
  console.log(`page      ${report.page}   content of dist/page`);
  for (const [name, hash] of Object.entries(report.contracts)) console.log(`contract  ${hash}   ${name}`);
  if (report.composeHash !== undefined) console.log(`compose   ${report.composeHash}   for a policy`);
}

function now(): number {
  return Date.now() / 1000;
}
