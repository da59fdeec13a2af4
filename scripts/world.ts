/** Builds everything and runs it on this machine: what `npm start` does. PORT chooses the port; default 2567. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPlace } from "#cli/place.ts";
import { buildContracts, buildPage, contractsFolder, developmentWorld, pageFolder } from "./build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

console.log("Building contracts and page …");
await buildPage(await buildContracts());

const place = await startPlace({
  world: developmentWorld,
  contracts: contractsFolder,
  directory: join(root, ".phatroom"),
  inspect: true,
  gateway: { page: pageFolder, port: Number(process.env["PORT"] ?? 2567) },
});

console.log(`
  phatroom is running:  ${place.url}

  Open it in two browser windows and play Dot4; a third may watch.

  DEVELOPMENT PLATFORM: it protects nothing from whoever runs this machine.
  Ctrl-C stops it.
`);

let closing: Promise<void> | undefined;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    closing ??= place.close().then(() => process.exit(0));
  });
}
