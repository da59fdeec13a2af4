/**
 * An upgrade on its way from one holder of a key to the next: JSON, hashes and keys in hex digits.
 *
 * ```json
 * { "lineage": "…", "from": "…", "to": "…", "number": 1, "noticeMs": 86400000, "signatures": [{ "key": "…", "signature": "…" }] }
 * ```
 */
import { readFile, writeFile } from "node:fs/promises";
import { bytesToHex, equalBytes, hexToBytes } from "#protocol/bytes.ts";
import { signUpgrade, type Upgrade, type UpgradeStatement } from "#protocol/upgrade.ts";
import { isRecord } from "#protocol/value.ts";
import { OperatorError } from "./operator.ts";

/** What a command line says of an upgrade that is not in a file yet. */
export interface UpgradeFlags {
  readonly lineage?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly number?: string | undefined;
  /** Hours. */
  readonly notice?: string | undefined;
}

/** @throws OperatorError that says what is missing or wrong. */
export function statementOf({ lineage, from, to, number, notice }: UpgradeFlags): UpgradeStatement {
  const missing = Object.entries({ lineage, from, to, notice }).filter(([, value]) => value === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name]) => `--${name}`).join(", ");
    throw new OperatorError("question", `There is no such file yet, and a new upgrade needs ${names}.`);
  }
  return {
    lineage: bytes(lineage, 32, "--lineage"),
    from: bytes(from, 32, "--from"),
    to: bytes(to, 32, "--to"),
    number: whole(Number(number), "--number"),
    noticeMs: noticeMs(notice!),
  };
}

/** Undefined if there is no such file. @throws OperatorError if it is something else. */
export async function readUpgrade(file: string): Promise<Upgrade | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  const fields = parse(text, file);
  const signatures = Array.isArray(fields["signatures"]) ? fields["signatures"] : [];
  return {
    lineage: bytes(fields["lineage"], 32, "lineage"),
    from: bytes(fields["from"], 32, "from"),
    to: bytes(fields["to"], 32, "to"),
    number: whole(fields["number"], "number"),
    noticeMs: whole(fields["noticeMs"], "noticeMs"),
    signatures: signatures.map((entry: unknown) => {
      const { key, signature } = isRecord(entry) ? entry : {};
      return { key: bytes(key, 32, "key"), signature: bytes(signature, 64, "signature") };
    }),
  };
}

export const writeUpgrade = (file: string, upgrade: Upgrade): Promise<void> => {
  const { lineage, from, to, number, noticeMs, signatures } = upgrade;
  const fields = {
    lineage: bytesToHex(lineage),
    from: bytesToHex(from),
    to: bytesToHex(to),
    number,
    noticeMs,
    signatures: signatures.map(({ key, signature }) => ({
      key: bytesToHex(key),
      signature: bytesToHex(signature),
    })),
  };
  return writeFile(file, `${JSON.stringify(fields, undefined, 2)}\n`);
};

/**
 * With one signature more, or the same one made again.
 *
 * @param secret 64 hex digits.
 * @param where they stand, for whoever has given others.
 */
export function signed(upgrade: Upgrade, secret: string, where = "a secret key"): Upgrade {
  const signature = signUpgrade(upgrade, bytes(secret.trim(), 32, where));
  const others = upgrade.signatures.filter(({ key }) => !equalBytes(key, signature.key));
  return { ...upgrade, signatures: [...others, signature] };
}

/** @param hours as they are typed. */
function noticeMs(hours: string): number {
  const ms = Number(hours) * msPerHour;
  if (hours.trim() !== "" && Number.isInteger(ms) && ms >= 0 && ms <= noticeMsMax) return ms;
  throw new OperatorError(
    "question",
    `--notice is in hours, from 0 to ${Math.floor(noticeMsMax / msPerHour)}, and not ${hours}.`,
  );
}

const msPerHour = 3_600_000;
/** As many as a u32 holds. */
const noticeMsMax = 0xffff_ffff;

function parse(text: string, file: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new OperatorError("question", `${file} is no upgrade: \`phatroom upgrade sign\` writes one.`);
}

function bytes(value: unknown, length: number, name: string): Uint8Array {
  if (typeof value === "string" && value.length === 2 * length && /^[0-9a-f]*$/.test(value)) return hexToBytes(value);
  throw new OperatorError("question", `${name} must be ${2 * length} hex digits.`);
}

function whole(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return value;
  throw new OperatorError("question", `${name} must be a whole number from 0 to ${0xffff_ffff}.`);
}
