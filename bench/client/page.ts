/** The world's page on disk. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @param built a folder with the page; without one it is built, and thrown away afterwards. */
export async function withPage<Result>(
  built: string | undefined,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  if (built !== undefined) return await use(built);
  const folder = mkdtempSync(join(tmpdir(), "phatroom-bench-world-"));
  try {
    const script = fileURLToPath(new URL("../../scripts/build-world.ts", import.meta.url));
    const { status } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script, folder], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error("the page could not be built");
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
