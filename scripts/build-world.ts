/** Builds the page of Phala World into dist/world, a static bundle. `node scripts/build-world.ts [folder]`. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function buildWorld(out = join(root, "dist/world")): Promise<void> {
  // Whatever the environment says: a page that is built for another mode holds the paths of its sources.
  process.env["NODE_ENV"] = "production";
  await build({
    mode: "production",
    configFile: join(root, "client/world/vite.config.ts"),
    logLevel: "error",
    build: { outDir: out },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  await buildWorld(folder === undefined ? undefined : resolve(folder));
}
