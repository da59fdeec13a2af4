/** Writes `store-link.json`: `node tests/vectors/make-store-link.ts`. Only when a format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { goldenOf } from "./golden.ts";
import { storeLinkCases } from "./store-link-cases.ts";

const vectors = storeLinkCases().map(goldenOf);
writeFileSync(new URL("store-link.json", import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
