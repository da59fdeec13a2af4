/**
 * Builds the page of items, or another one, around what a test has built in:
 * `node build-items-page.ts <built-in file> <folder> [folder below client]`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { builtInOf } from "#kit/page-config.ts";
import { rootFolder } from "./folders.ts";

const [builtIn, out, page = "inventory"] = process.argv.slice(2);

process.env["NODE_ENV"] = "production";
await build({
  mode: "production",
  configFile: join(rootFolder, "client", page, "vite.config.ts"),
  logLevel: "error",
  plugins: [builtInOf(readFileSync(builtIn!, "utf8"))],
  build: { outDir: out! },
});
