/** Writes `chain-link.json`: `node tests/vectors/make-chain-link.ts`. Only when a format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { goldenOf } from "./golden.ts";
import { chainLinkCases } from "./chain-link-cases.ts";

const vectors = chainLinkCases().map(goldenOf);
writeFileSync(new URL("chain-link.json", import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
