/**
 * A worker and the store behind a gateway: questions and answers, whole. Both ends distrust each other: every field is
 * bounded, and an answer is read against the very question it answers.
 *
 * ```text
 * offer    = [version u8 = 1] ([1 u8] if other workers are offered the same store)
 * question = [number u8] [what is given]
 * answer   = [0 u8] [what is answered]   or   [failure u8]
 * ```
 * They travel as fragments (`store-fragments.ts`), which carry the number of the question.
 */
import { ProtocolError } from "./errors.ts";
import { FieldReader, FieldWriter } from "./fields.ts";
import {
  questionFormats,
  type QuestionFormat,
  type StoreQuestionName,
  type StoreQuestions,
} from "./store-questions.ts";
import { snapshotMax, type StoreErrorCode } from "./store.ts";

export const storeLinkVersion = 1;

/** A snapshot and what names it: nothing is longer. */
export const storeMessageMax = snapshotMax + 1024;

/** Bytes of records in one question, unless one record alone is longer: a boundary with more becomes several. */
export const appendBytesMax = 16 * 1024 * 1024;

/** Questions without an answer, and their bytes: of appends, and of everything else. A link has one of each. */
export const lanes = {
  appends: { questionsMax: 192, bytesMax: storeMessageMax },
  others: { questionsMax: 64, bytesMax: storeMessageMax },
} as const;

/** Of both lanes together: what a gateway puts up with, and so the memory that a worker can make it use. */
export const unansweredMax = lanes.appends.questionsMax + lanes.others.questionsMax;
export const unansweredBytesMax = lanes.appends.bytesMax + lanes.others.bytesMax;

export type StoreQuestion = {
  [Name in StoreQuestionName]: { readonly name: Name; readonly given: StoreQuestions[Name]["given"] };
}[StoreQuestionName];

/** `value` is of the question's kind: `StoreQuestions[name]["answer"]`. */
export type StoreAnswer = { readonly value: unknown } | { readonly failure: StoreFailure };

/** A gateway that closes its store, or could not open it, is to a worker like one whose store fails. */
export type StoreFailure = Exclude<StoreErrorCode, "store-closed" | "store-in-use">;

const failures: readonly StoreFailure[] = ["store-full", "store-failed", "store-damaged", "store-refused"];

/** @param shared whether other workers have rooms there, too: then the gateway says which to bring back. */
export const encodeOffer = (shared = false): Uint8Array =>
  shared ? Uint8Array.of(storeLinkVersion, 1) : Uint8Array.of(storeLinkVersion);

/** @throws ProtocolError "malformed", as every decoder here. */
export function decodeOffer(body: Uint8Array): { readonly shared: boolean } {
  const [version, shared] = body;
  if (version !== storeLinkVersion || body.length > 2 || (body.length === 2 && shared !== 1)) {
    throw new ProtocolError("malformed", "store: an offer");
  }
  return { shared: shared === 1 };
}

/** What it gives was checked by the functions of `store.ts`. */
export function encodeQuestion({ name, given }: StoreQuestion): Uint8Array {
  const to = new FieldWriter();
  const format = formatOf(name);
  to.u8(format.number);
  format.writeGiven(to, given);
  return to.take();
}

/** Byte strings are views. */
export function decodeQuestion(bytes: Uint8Array): StoreQuestion {
  const from = new FieldReader(bytes);
  const number = from.u8();
  const name = names.find((each) => questionFormats[each].number === number);
  if (name === undefined) throw new ProtocolError("malformed", "store: a question");
  const given = formatOf(name).readGiven(from);
  from.end();
  return { name, given } as StoreQuestion;
}

/** @param answer to this question. */
export function encodeAnswer({ name }: StoreQuestion, answer: StoreAnswer): Uint8Array {
  const to = new FieldWriter();
  if ("failure" in answer) {
    to.u8(1 + failures.indexOf(answer.failure));
  } else {
    to.u8(0);
    formatOf(name).writeAnswer(to, answer.value as never);
  }
  return to.take();
}

/** Byte strings are views. @throws ProtocolError "malformed", also for what is no answer to this question. */
export function decodeAnswer({ name, given }: StoreQuestion, bytes: Uint8Array): StoreAnswer {
  const from = new FieldReader(bytes);
  const outcome = from.u8();
  if (outcome === 0) {
    const value = formatOf(name).readAnswer(from, given);
    from.end();
    return { value };
  }
  from.end();
  const failure = failures[outcome - 1];
  if (failure === undefined) throw new ProtocolError("malformed", "store: a failure");
  return { failure };
}

/** Bytes of the longest answer to this question. */
export const answerMax = ({ name, given }: StoreQuestion): number => formatOf(name).answerMax(given);

const names = Object.keys(questionFormats) as StoreQuestionName[];

/** A name and what is given belong together, which the type of a question says and its parts do not. */
type AnyFormat = Omit<QuestionFormat<StoreQuestionName>, "writeGiven" | "readAnswer" | "answerMax"> & {
  writeGiven(to: FieldWriter, given: unknown): void;
  readAnswer(from: FieldReader, given: unknown): unknown;
  answerMax(given: unknown): number;
};

const formatOf = (name: StoreQuestionName): AnyFormat => questionFormats[name] as unknown as AnyFormat;
