/** Whether a room may go on by other rules where its log says that it does. */
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { LineageTerms } from "#protocol/manifest.ts";
import { checkUpgrade, decodeUpgrade, type Upgrade } from "#protocol/upgrade.ts";
import type { Course } from "#enclave/room/course.ts";
import { AuditError } from "./errors.ts";

/** Hashes are 32 bytes. */
export interface ChangeOfRules {
  /** Of the opening that names the new ones. */
  readonly index: number;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly lineage: Uint8Array;
  readonly terms: LineageTerms | undefined;
}

/**
 * The keys that signed it, in hex.
 *
 * @throws AuditError "not-upgraded" unless an upgrade to these rules was announced in the log, its notice has run, and the
 *   lineage's keys want it; without terms, those keys that it names.
 */
export function checkedUpgrade(course: Course, { index, from, to, lineage, terms }: ChangeOfRules): readonly string[] {
  const refused = (detail: string): AuditError => new AuditError("not-upgraded", index, detail);
  if (course.upgrade === undefined) throw refused("none was announced");
  const upgrade = decodeUpgrade(course.upgrade.bytes);
  if (!equalBytes(upgrade.to, to)) throw refused(`announced: ${bytesToHex(upgrade.to)}`);
  if (!course.upgradeDue) throw refused(`announced for tick ${course.upgrade.at}, at tick ${course.tick}`);
  try {
    checkUpgrade(upgrade, { lineage, terms: terms ?? termsOf(upgrade), contract: from, newest: upgrade.number - 1 });
  } catch (error) {
    throw error instanceof ProtocolError ? refused(error.code) : error;
  }
  return upgrade.signatures.map(({ key }) => bytesToHex(key));
}

/** As if whoever signed had every right to. */
const termsOf = ({ signatures, noticeMs }: Upgrade): LineageTerms => ({
  upgradeKeys: signatures.map(({ key }) => key),
  threshold: Math.max(1, signatures.length),
  noticeMs,
});
