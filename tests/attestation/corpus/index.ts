/** Every attack that is known here, by what it attacks. */
import type { Attack } from "./attack.ts";
import { binding } from "./binding.ts";
import { certificates } from "./certificates.ts";
import { encodings } from "./encodings.ts";
import { eventLogs } from "./event-logs.ts";
import { flippedFields } from "./flipped-fields.ts";
import { lengths } from "./lengths.ts";
import { nitroChains } from "./nitro-chains.ts";
import { nitroDocuments } from "./nitro-documents.ts";
import { policies } from "./policies.ts";
import { quoting } from "./quoting.ts";
import { revocation } from "./revocation.ts";
import { roots } from "./roots.ts";
import { sevSnpChains } from "./sev-snp-chains.ts";
import { sevSnpReports } from "./sev-snp-reports.ts";
import { started } from "./started.ts";
import { statements } from "./statements.ts";
import { versions } from "./versions.ts";

export const corpus: Readonly<Record<string, readonly Attack[]>> = {
  encodings,
  flippedFields,
  lengths,
  roots,
  certificates,
  revocation,
  statements,
  quoting,
  versions,
  started,
  binding,
  eventLogs,
  policies,
  sevSnpReports,
  sevSnpChains,
  nitroDocuments,
  nitroChains,
};
