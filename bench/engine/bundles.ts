/** Contracts as files, for the process that hosts them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAssembly } from "../../server/cli/build-assembly.ts";
import { bundleScript } from "../../server/cli/build-script.ts";
import { workloadsScript } from "./portable.ts";

export const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const arenaAssembly = (): Promise<Uint8Array> => compileAssembly(fileOf("assembly/room.ts"));

export async function arenaScript(): Promise<Uint8Array> {
  const script = await workloadsScript();
  const { bundle } = await bundleScript(fileOf("arena-room.ts"), () =>
    [
      `import { serve } from "phatroom/guest";`,
      `import { arenaRoom } from "./arena-room.ts";`,
      `serve({ default: arenaRoom((globalThis) => { ${script}; return globalThis.workloads; }) });`,
    ].join("\n"),
  );
  return bundle;
}

/** Writes bundles to a folder for as long as `work` takes. */
export async function withFiles<T>(
  bundles: readonly Uint8Array[],
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  try {
    const paths = bundles.map((_, i) => join(folder, `${i}.bundle`));
    for (const [i, path] of paths.entries()) await writeFile(path, bundles[i]!);
    return await work(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
