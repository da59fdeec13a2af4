/** Writes `upgrade.json`: `node tests/vectors/make-upgrade.ts`. Only when the format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { goldenOf } from "./golden.ts";
import { upgradeCases } from "./upgrade-cases.ts";

writeFileSync(
  new URL("upgrade.json", import.meta.url),
  `${JSON.stringify(upgradeCases().map(goldenOf), undefined, 1)}\n`,
);
