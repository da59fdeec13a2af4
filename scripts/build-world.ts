/** Builds the page of Phala World alone, with no place built in: for previews, benches and tests. `node scripts/build-world.ts folder`. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { rehearsal } from "#kit/page-config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function buildWorld(out: string): Promise<void> {
  // Whatever the environment says: a page that is built for another mode holds the paths of its sources.
  process.env["NODE_ENV"] = "production";
  await build({
    mode: rehearsal,
    configFile: join(root, "client/world/vite.config.ts"),
    logLevel: "error",
    build: { outDir: out },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("Say into which folder.");
  await buildWorld(resolve(folder));
}
