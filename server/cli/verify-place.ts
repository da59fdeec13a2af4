/** Checks a place from outside, as a client does, and says what it found in the shield's own words. */
import { readFile } from "node:fs/promises";
import { checkPolicy } from "#attestation/check-policy.ts";
import { AttestationError } from "#attestation/errors.ts";
import { developmentPolicy, type Policy } from "#attestation/policy.ts";
import { type ClientErrorCode, sentenceOf } from "#client/errors.ts";
import { inspect, type Inspection } from "#client/inspect.ts";
import { createRoom, info, listRooms } from "#client/lobby.ts";
import { type ReportLine, reportOf } from "#client/report.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { HostedContract } from "#protocol/control.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";

export interface VerifyQuestion {
  readonly url: string;
  readonly policy: Policy;
  /** 64 hex digits. Missing: what the place says, which is then not compared with anything. */
  readonly world?: string | undefined;
  /** Name or 64 hex digits. Missing: the first that the place names. */
  readonly contract?: string | undefined;
  /** Missing: one that is listed, or a new one that nobody is told of. */
  readonly room?: string | undefined;
  /** 64 hex digits. Missing: the rules' own, which nobody may upgrade. */
  readonly lineage?: string | undefined;
}

/** What was looked at, and what was found. */
export interface InspectedPlace extends Inspection {
  /** 64 hex digits each. */
  readonly world: string;
  readonly contract: string;
  readonly room: RoomId;
}

export interface VerifyReport {
  readonly url: string;
  readonly accepted: boolean;
  /** Whether nothing but a development root vouches. */
  readonly development: boolean;
  readonly code: ClientErrorCode | null;
  /** The whole in a sentence. */
  readonly sentence: string;
  readonly lines: readonly ReportLine[];
  /** 64 hex digits each. */
  readonly world: string;
  readonly contract: string;
  readonly room: RoomId;
  /** ISO 8601. */
  readonly checkedAt: string;
}

/** A mistake of whoever asks; the message says which. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
}

/** @throws QuestionError; ClientError if it did not come to a proof. */
export async function inspectPlace(question: VerifyQuestion): Promise<InspectedPlace> {
  const { url, policy, lineage } = question;
  if (!URL.canParse(url)) throw new QuestionError("this is no address of a place, such as http://localhost:2567");
  const { ready } = await info(url);
  if (ready === null) throw new QuestionError("this place has no worker at the moment");
  const contract = contractOf(question.contract, ready.contracts);
  const world = question.world ?? ready.world;
  const room = await roomOf(question, contract.name);
  const expected = {
    world: hash(world, "--world"),
    contract: hash(contract.hash, "--contract"),
    ...(lineage === undefined ? {} : { lineage: hash(lineage, "--lineage") }),
  };
  const inspection = await inspect(url, { room, policy, ...expected });
  return { ...inspection, world, contract: contract.hash, room };
}

/** @throws as `inspectPlace`. */
export async function verifyPlace(question: VerifyQuestion): Promise<VerifyReport> {
  const { shield, refusal, world, contract, room } = await inspectPlace(question);
  const { url } = question;
  const uncompared = new Map([
    ["World", question.world === undefined],
    ["Rules (contract hash)", question.contract === undefined || !isHash(question.contract)],
  ]);
  return {
    url,
    accepted: refusal === null,
    development: shield.development,
    code: refusal?.code ?? null,
    sentence: refusal === null ? acceptance(shield.development) : sentenceOf(refusal.code),
    lines: reportOf(shield, refusal?.code ?? null).map((line) => (uncompared.get(line.name) ? doubted(line) : line)),
    world,
    contract,
    room,
    checkedAt: new Date(shield.checkedAt).toISOString(),
  };
}

/**
 * The policy in a file, or the one for development.
 *
 * @param fingerprint of a development root, as typed.
 * @throws QuestionError
 */
export async function policyFor(file: string | undefined, fingerprint: string | undefined): Promise<Policy> {
  const policy = file === undefined ? developmentPolicy : await readPolicy(file);
  if (fingerprint === undefined) return policy;
  const digits = fingerprint.replaceAll(/[\s:.-]/g, "").toLowerCase();
  if (!isHash(digits)) throw new QuestionError("a fingerprint has 64 digits and letters from a to f");
  if (policy.development === "refused") throw new QuestionError("this policy accepts no development machine");
  return { ...policy, development: { fingerprints: [digits] } };
}

async function readPolicy(file: string): Promise<Policy> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new QuestionError(`${file} cannot be read`);
  }
  try {
    return checkPolicy(JSON.parse(text), Date.now() / 1000);
  } catch (error) {
    if (error instanceof AttestationError)
      throw new QuestionError(`${file} is no policy: ${error.message} (docs/policy.md says what one has)`);
    throw new QuestionError(`${file} is not JSON`);
  }
}

const acceptance = (development: boolean): string =>
  development
    ? "A development machine: it protects nothing from the people who run it."
    : "Hardware vouches for this place, and this policy accepts it.";

/** What was compared with the place's own word only. */
const doubted = (line: ReportLine): ReportLine =>
  line.verdict === "pass"
    ? { ...line, verdict: "warn", sentence: "As the place says itself: nothing was named to compare it with." }
    : line;

function contractOf(wanted: string | undefined, hosted: readonly HostedContract[]): HostedContract {
  const found = hosted.find(({ name, hash: its }) => wanted === undefined || wanted === name || wanted === its);
  if (found !== undefined) return found;
  const names = hosted.map(({ name, hash: its }) => `${name} ${its}`).join(", ") || "nothing";
  throw new QuestionError(`this place does not host ${wanted ?? "anything"}; it hosts ${names}`);
}

async function roomOf({ url, room }: VerifyQuestion, contract: string): Promise<RoomId> {
  if (room !== undefined) {
    if (!isRoomId(room)) throw new QuestionError(`${room} is no room`);
    return room;
  }
  const listed = await listRooms(url, contract);
  return listed.find(({ phase }) => phase !== "ended")?.room ?? createRoom(url, { contract });
}

function hash(text: string, name: string): Uint8Array {
  if (!isHash(text)) throw new QuestionError(`${name} has 64 digits and letters from a to f`);
  return hexToBytes(text);
}

const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The same for a person at a terminal. */
export function asText(report: VerifyReport): string {
  const warnings = report.lines.filter(({ verdict }) => verdict === "warn").length;
  const verdict = report.accepted
    ? `accepted${warnings === 0 ? "" : `, with ${warnings} ${warnings === 1 ? "warning" : "warnings"}`}`
    : "REFUSED";
  const lines = report.lines.flatMap(({ name, value, verdict: its, sentence }) => [
    `  ${its.padEnd(11)}  ${name}${value === "" ? "" : `: ${value}`}`,
    `               ${sentence}`,
  ]);
  return [`${report.url}  ${verdict}`, report.sentence, "", ...lines, ""].join("\n");
}
