/** What can be wrong with a log, and what to do about it. */

export const auditErrors = {
  "not-a-log": "This is no room's log, or not all of it. Get it again.",
  "another-version": "This log is of another version of phatroom. Replay it with that version.",
  "other-contract": "The room was played by other rules. Give the bundle whose contract hash the log names.",
  "rules-missing": "The room was upgraded on its way. Give the bundle of the rules by which it went on, too.",
  "not-upgraded": "The room goes on by other rules, and nothing in its log allows that.",
  "other-terms": "Whoever may upgrade these rooms is not who was named: world and lineage of the log say otherwise.",
  "out-of-place": "A record is not where it belongs: one is missing, repeated or moved.",
  "not-opened": "A record does not open: it was changed, or belongs to another log.",
  unreadable: "A record opens and says nothing that this version understands.",
  "no-keys": "The log was never revealed, and nobody gave its keys.",
  "not-the-end": "The log does not end where its room did.",
  "another-end": "The log ends with another head than the enclave said: it is not the log that the players know.",
  "other-room": "The last record speaks of another room, or of other rules, than the log.",
  "contract-failed": "The rules could not open the room, or not go on with it.",
  "result-differs": "Repeated, the room ends otherwise than the enclave said.",
  "awards-differ": "Repeated, the room gives other awards than the enclave said.",
  "memory-differs": "Repeated, the rules end in another memory than the enclave said.",
} as const satisfies Record<string, string>;

export type AuditErrorCode = keyof typeof auditErrors;

/** `detail` says what was found, and where it is known what was expected. */
export class AuditError extends Error {
  readonly code: AuditErrorCode;
  /** Of the record; null if it is none in particular. */
  readonly index: number | null;
  readonly detail: string;

  constructor(code: AuditErrorCode, index: number | null, detail: string) {
    super(code);
    this.name = "AuditError";
    this.code = code;
    this.index = index;
    this.detail = detail;
  }
}
