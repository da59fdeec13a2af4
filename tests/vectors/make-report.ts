/** Writes `report.json`: `node tests/vectors/make-report.ts`. Only when the format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { goldenOf } from "./golden.ts";
import { reportCases } from "./report-cases.ts";

writeFileSync(
  new URL("report.json", import.meta.url),
  `${JSON.stringify(reportCases().map(goldenOf), undefined, 1)}\n`,
);
