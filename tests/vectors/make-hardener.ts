/** Writes `hardener.json`: `node tests/vectors/make-hardener.ts`. Only together with `hardenerVersion`. */
import { writeFileSync } from "node:fs";
import { hardenerVersion } from "#enclave/sandbox/hardener/harden.ts";
import { goldenModules, quickJsGolden } from "../enclave/sandbox/hardener/golden.ts";

const vectors = { version: hardenerVersion, modules: goldenModules(), quickJs: quickJsGolden() };
writeFileSync(new URL("hardener.json", import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
