/** Before stages that open pages, and before all of them by itself. */
import { fileURLToPath } from "node:url";
import { buildEverything as setup } from "./built.ts";

export { setup };

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
