/**
 * How a world's moderator asks a gateway for the reports that are kept there: by a statement that the moderator's key has
 * signed. The gateway can read none of them either way; the signature keeps others from counting them, who could learn by
 * that when somebody was reported.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes, lengthPrefixed, u32le } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { isRecord } from "./value.ts";

export interface ReportQuestion {
  /** 64 hex digits. */
  readonly world: string;
  /** Leaves out so many of the oldest. */
  readonly after: number;
  /** When it was asked, in ms since 1970. */
  readonly at: number;
  /** Ed25519, 128 hex digits. */
  readonly signature: string;
}

export interface KeptReport {
  /** From 1 on, oldest first. */
  readonly number: number;
  /** As `sealReport` made it. */
  readonly sealed: Uint8Array;
}

/** A clock may be off by so much, and an answer be under way for so long. */
export const askedWithinMs = 120_000;

/** Bytes of reports in one answer, as they are kept; one at least. */
export const answerBytesMax = 256 * 1024;

/** @param secret Ed25519 seed of the moderator, 32 bytes. */
export function askReports(secret: Uint8Array, world: string, after: number, at: number): ReportQuestion {
  return { world, after, at, signature: bytesToHex(ed25519.sign(statementOf({ world, after, at }), secret)) };
}

/** Whether the moderator asks this, and now. @param moderator Ed25519 public key, 32 bytes. */
export function isAskedBy(moderator: Uint8Array, question: ReportQuestion, now: number): boolean {
  if (Math.abs(now - question.at) > askedWithinMs) return false;
  try {
    return ed25519.verify(hexToBytes(question.signature), statementOf(question), moderator, { zip215: false });
  } catch {
    return false;
  }
}

/** @throws ProtocolError "malformed". */
export function parseReportQuestion(value: unknown): ReportQuestion {
  if (!isRecord(value)) throw new ProtocolError("malformed", "question");
  const { world, after, at, signature, ...more } = value;
  const isHex = (text: unknown, digits: number): text is string =>
    typeof text === "string" && text.length === digits && /^[0-9a-f]*$/.test(text);
  const isCount = (number: unknown): number is number => Number.isSafeInteger(number) && (number as number) >= 0;
  if (!isHex(world, 64) || !isHex(signature, 128) || !isCount(after) || !isCount(at) || Object.keys(more).length > 0)
    throw new ProtocolError("malformed", "question");
  return { world, after, at, signature };
}

const statementOf = ({ world, after, at }: Omit<ReportQuestion, "signature">): Uint8Array =>
  lengthPrefixed("phatroom/1/read-reports", hexToBytes(world), wide(after), wide(at));

/** 64 bits, little-endian. */
const wide = (value: number): Uint8Array =>
  new Uint8Array([...u32le(value % 2 ** 32), ...u32le(Math.floor(value / 2 ** 32))]);
