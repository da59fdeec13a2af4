/** A place in a process of its own, which tests may kill: prints its log, and last a line with its address. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPlace } from "#cli/place.ts";
import { contractsFolder } from "./folders.ts";

const place = await startPlace({
  world: { name: "phatroom under attack", development: true },
  contracts: contractsFolder,
  directory: mkdtempSync(join(tmpdir(), "phatroom-place-")),
});
process.stdout.write(`${JSON.stringify({ url: place.url })}\n`);
process.on("SIGTERM", () => void place.close().then(() => process.exit()));
