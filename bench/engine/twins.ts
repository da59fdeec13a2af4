/** Mover in both languages, as the worker loads it. */
import { fileURLToPath } from "node:url";
import { buildContract } from "../../server/cli/build-contract.ts";
import { contractEngine } from "../../server/enclave/sandbox/engine.ts";
import type { Twin } from "./port.ts";

const entries = { TypeScript: "mover.ts", AssemblyScript: "assembly/mover.ts" };

export async function moverTwins(): Promise<readonly Twin[]> {
  const engine = await contractEngine();
  const twins: Twin[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const path = fileURLToPath(new URL(`../../contracts/mover/${entry}`, import.meta.url));
    twins.push({ name: `mover, ${name}`, contract: await engine.load((await buildContract(path)).bundle) });
  }
  return twins;
}
