/**
 * Makes what `npm pack` ships: dist/lib with the same files as the sources, types stripped, and their declarations.
 * Lines stay where they were, so a stack trace of the package points into the repository.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { javaScriptOf, renamed, root, sources } from "./library.ts";

const out = join(root, "dist/lib");
const types = join(root, ".cache/types");

/** Folders that the package consists of. */
const shipped = [
  "client/sdk",
  "contracts/sdk",
  "server/attestation",
  "server/audit",
  "server/chain",
  "server/cli",
  "server/enclave",
  "server/gateway",
  "server/protocol",
  "server/rmrk",
  "server/testing",
];

/** AssemblyScript, which `phatroom build` compiles into contracts: as it is. */
const assembly = "contracts/assembly";

async function write(file: string, text: string): Promise<void> {
  const path = join(out, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", ...shipped], {
  cwd: root,
  stdio: "inherit",
});
await rm(out, { recursive: true, force: true });
for (const file of shipped.flatMap(sources)) {
  if (file.endsWith(".d.ts")) {
    await write(file, renamed(await readFile(join(root, file), "utf8"), file));
    continue;
  }
  await write(file.replace(/\.ts$/, ".js"), await javaScriptOf(file));
  const declaration = file.replace(/\.ts$/, ".d.ts");
  await write(declaration, renamed(await readFile(join(types, declaration), "utf8"), file));
}
for (const file of sources(assembly)) await write(file, await readFile(join(root, file), "utf8"));
