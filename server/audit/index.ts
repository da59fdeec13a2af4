/** `phatroom/audit`: repeats rooms from their logs, in Node and in pages. */
export { auditErrors, AuditError, type AuditErrorCode } from "./errors.ts";
export { decodeLogFile, encodeLogFile, type RoomLogFile } from "./log-file.ts";
export { momentAt, type MomentReport } from "./moment.ts";
export { pageEngine } from "./page-engine.ts";
export { replay } from "./replay.ts";
export type { Difference, Report, ReplayOptions } from "./report.ts";
