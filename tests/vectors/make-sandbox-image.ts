/** Writes sandbox-image.json anew: `node tests/vectors/make-sandbox-image.ts`. Only after `interfaceVersion` or the hardener's version was counted up. */
import { writeFileSync } from "node:fs";
import { sandboxImage } from "./sandbox-image.ts";

const file = new URL("sandbox-image.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(await sandboxImage(), undefined, 1)}\n`);
