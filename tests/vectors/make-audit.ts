/** Writes `audit.json`: `node tests/vectors/make-audit.ts`. Only when a format changes on purpose, with its version. */
import { writeFileSync } from "node:fs";
import { auditCases } from "./audit-cases.ts";

writeFileSync(new URL("audit.json", import.meta.url), `${JSON.stringify(auditCases(), undefined, 1)}\n`);
