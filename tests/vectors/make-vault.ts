/** Writes `vault.json`: `node tests/vectors/make-vault.ts`. Only when a format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { vaultCases } from "../enclave/vault/vault-cases.ts";

writeFileSync(new URL("vault.json", import.meta.url), `${JSON.stringify(vaultCases(), undefined, 1)}\n`);
