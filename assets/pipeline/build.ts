/** Runs Blender and makes of its files what is kept. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { optimise } from "./optimise.ts";

const script = fileURLToPath(new URL("../blender/build.py", import.meta.url));

/** Debian's package, or where BLENDER says. */
const blender = process.env["BLENDER"] ?? "blender";

/** Whether Blender is here, with the numpy that its glTF exporter needs. */
export const hasBlender = (): boolean => spawnSync(blender, ["--version"], { stdio: "ignore" }).status === 0;

/**
 * Builds every model into `folder`.
 * @throws Error with Blender's last lines if it fails.
 */
export async function buildModels(folder: string): Promise<void> {
  const raw = await mkdtemp(join(tmpdir(), "phatroom-models-"));
  try {
    const { status, stdout, stderr } = spawnSync(blender, ["-b", "-noaudio", "-P", script, "--", raw], {
      encoding: "utf8",
    });
    // Blender ends with 0 even where the script threw.
    if (status !== 0 || stderr.includes("Traceback")) {
      throw new Error(`Blender failed:\n${stderr}${stdout.split("\n").slice(-20).join("\n")}`);
    }
    for (const file of (await readdir(raw)).sort()) {
      const bytes = await readFile(join(raw, file));
      await writeFile(join(folder, file), await optimise(bytes, "full"));
      if (file.startsWith("avatar-"))
        await writeFile(join(folder, file.replace(".glb", "-low.glb")), await optimise(bytes, "low"));
    }
  } finally {
    await rm(raw, { recursive: true, force: true });
  }
}
