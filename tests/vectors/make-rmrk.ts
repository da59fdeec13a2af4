/** Writes `rmrk.json`: `node tests/vectors/make-rmrk.ts`. Only when what a remark says, or what it does, changes on purpose. */
import { writeFileSync } from "node:fs";
import { rmrkVectors } from "./rmrk-cases.ts";

writeFileSync(new URL("rmrk.json", import.meta.url), `${JSON.stringify(rmrkVectors(), undefined, 1)}\n`);
