/** Pages whose tests have places of their own, built once, with a mark where they have a place built in: see page-for.ts. */
import { join } from "node:path";
import { build } from "vite";
import { builtInOf } from "#kit/page-config.ts";
import { rootFolder, templatesFolder } from "./folders.ts";
import { mark, templates } from "./page-for.ts";

process.env["NODE_ENV"] = "production";
for (const page of templates) {
  await build({
    mode: "production",
    configFile: join(rootFolder, "client", page, "vite.config.ts"),
    logLevel: "error",
    plugins: [builtInOf(`JSON.parse(${JSON.stringify(mark)})`)],
    build: { outDir: join(templatesFolder, page) },
  });
}
