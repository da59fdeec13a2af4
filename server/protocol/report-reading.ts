/**
 * How a world's moderator asks a gateway for the reports that are kept there: by a statement that the moderator's key has
 * signed. The gateway can read none of them either way; the signature keeps others from counting them, who could learn by
 * that when somebody was reported. It names the address that is asked: whoever is there cannot ask another place with it.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes, lengthPrefixed, u32le } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { isRecord } from "./value.ts";

export interface ReportAsked {
  /** Origin of the gateway that is asked, as `https://play.example.org`. */
  readonly place: string;
  /** 64 hex digits. */
  readonly world: string;
  /** Leaves out so many of the oldest. */
  readonly after: number;
  /** When it was asked, in ms since 1970. */
  readonly at: number;
}

export interface ReportQuestion extends ReportAsked {
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

/** A name in the net has 253 characters at most. */
const placeLengthMax = 300;

/** @param secret Ed25519 seed of the moderator, 32 bytes. */
export const askReports = (secret: Uint8Array, asked: ReportAsked): ReportQuestion => ({
  ...asked,
  signature: bytesToHex(ed25519.sign(statementOf(asked), secret)),
});

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
  const { place, world, after, at, signature, ...more } = value;
  const isHex = (text: unknown, digits: number): text is string =>
    typeof text === "string" && text.length === digits && /^[0-9a-f]*$/.test(text);
  const isCount = (number: unknown): number is number => Number.isSafeInteger(number) && (number as number) >= 0;
  const isPlace = typeof place === "string" && place.length <= placeLengthMax && /^https?:\/\/[^/]+$/.test(place);
  if (!isPlace || !isHex(world, 64) || !isHex(signature, 128) || !isCount(after) || !isCount(at))
    throw new ProtocolError("malformed", "question");
  if (Object.keys(more).length > 0) throw new ProtocolError("malformed", "question");
  return { place, world, after, at, signature };
}

const statementOf = ({ place, world, after, at }: ReportAsked): Uint8Array =>
  lengthPrefixed("phatroom/1/read-reports", place, hexToBytes(world), wide(after), wide(at));

/** 64 bits, little-endian. */
const wide = (value: number): Uint8Array =>
  new Uint8Array([...u32le(value % 2 ** 32), ...u32le(Math.floor(value / 2 ** 32))]);
