/** Writes `wallet.json`: `node tests/vectors/make-wallet.ts`. Only when the format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { goldenOf } from "./golden.ts";
import { walletCases } from "./wallet-cases.ts";

writeFileSync(
  new URL("wallet.json", import.meta.url),
  `${JSON.stringify(walletCases().map(goldenOf), undefined, 1)}\n`,
);
