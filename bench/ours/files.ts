/** What a worker needs on disk, in a folder that is deleted afterwards: the contract's bundle, and where it listens. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildContract } from "../../server/cli/build-contract.ts";

export interface Files {
  /** Path of the link's socket. */
  readonly link: string;
  /** Another one, for whoever listens in between. */
  readonly tappedLink: string;
  /** Folder with the bundle of Dot4, and nothing else of that kind. */
  readonly contracts: string;
  /** The contract hash, 64 hex digits. */
  readonly contract: string;
  remove(): Promise<void>;
}

const entry = fileURLToPath(new URL("../../contracts/dot4/dot4.ts", import.meta.url));

export async function writeFiles(): Promise<Files> {
  const contracts = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  const { bundle, hash } = await buildContract(entry, { sourceMap: false });
  await writeFile(join(contracts, "dot4.bundle.js"), bundle);
  return {
    link: join(contracts, "link"),
    tappedLink: join(contracts, "tapped"),
    contracts,
    contract: hash,
    remove: () => rm(contracts, { recursive: true, force: true }),
  };
}
