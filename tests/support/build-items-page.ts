/**
 * Builds the page of items, or another one, around what a test has built in:
 * `node build-items-page.ts <built-in file> <folder> [folder below client]`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { rootFolder } from "./folders.ts";

const [builtIn, out, page = "inventory"] = process.argv.slice(2);
const id = "\0virtual:built-in";

process.env["NODE_ENV"] = "production";
await build({
  mode: "production",
  configFile: join(rootFolder, "client", page, "vite.config.ts"),
  logLevel: "error",
  plugins: [
    {
      name: "built-in-of-a-test",
      enforce: "pre",
      resolveId: (source) => (source === "virtual:built-in" ? id : undefined),
      load: (module) => (module === id ? `export default ${readFileSync(builtIn!, "utf8")};` : undefined),
    },
  ],
  build: { outDir: out! },
});
