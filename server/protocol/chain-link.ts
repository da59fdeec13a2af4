/**
 * A worker and the chain behind a gateway: questions and answers, whole. The gateway speaks to a node and is believed in
 * nothing: whoever asks proves what is answered. Every field is bounded, and an answer is read against its question.
 *
 * ```text
 * offer    = [version u8 = 1]
 * question = [number u8] [what is given]
 * answer   = [0 u8] [what is answered]   or   [failure u8]
 * ```
 * They travel as fragments (`store-fragments.ts`), which carry the number of the question.
 */
import { bytesToHex, hexToBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { FieldReader, FieldWriter } from "./fields.ts";

export const chainLinkVersion = 1;

export const chainLimits = {
  /** Questions of one worker without an answer. */
  unanswered: 16,
  /** A transaction with a full batch of remarks, and then some. */
  transaction: 512 * 1024,
  keys: 256,
  keyLength: 512,
  /** Of entries that a node is asked to name, in one answer. */
  named: 256,
  /** Headers of one answer, and extrinsics or nodes of a proof. */
  headers: 4096,
  parts: 65_536,
  /** One answer: the body of a full block, or a runtime's description. */
  answer: 10 * 1024 * 1024,
  /** Questions of a page in one request, and bytes of what is answered: more is asked again. */
  listed: 64,
  /** So long a gateway waits for something newer before it says that there is nothing, in ms. */
  newerMs: 5000,
} as const;

/** The longest question: a transaction, or keys. */
export const chainQuestionMax = 1 + chainLimits.transaction + 4;

export interface ChainBlock {
  /** 64 hexadecimal digits. */
  readonly hash: string;
  readonly number: number;
}

/** See `FinalityStep` and `ParachainStep` of the enclave's ledger. */
export interface LinkedFinality {
  readonly headers: readonly Uint8Array[];
  readonly justification: Uint8Array;
}
export type LinkedStep =
  | LinkedFinality
  | {
      readonly relay: LinkedFinality;
      readonly headProof: readonly Uint8Array[];
      readonly headers: readonly Uint8Array[];
    };

/** Where another chain finalizes this one. */
export interface LinkedRelay {
  readonly block: ChainBlock;
  /** Under which the relay chain's state has this chain's head. */
  readonly headKey: Uint8Array;
}

export type ChainQuestion =
  | { readonly name: "next"; readonly block: ChainBlock; readonly relay: LinkedRelay | undefined }
  | { readonly name: "body"; readonly block: string }
  | { readonly name: "storage"; readonly block: string; readonly keys: readonly Uint8Array[] }
  /** Which keys begin so: whoever asks proves what is behind them, and cannot tell whether one was left out. */
  | { readonly name: "keys"; readonly block: string; readonly prefix: Uint8Array }
  /** Of the runtime that the state of this block has. */
  | { readonly name: "metadata"; readonly block: string }
  | { readonly name: "submit"; readonly transaction: Uint8Array }
  /** Answered when there is a final block above this number, or after `newerMs`. */
  | { readonly name: "newer"; readonly number: number };

export interface ChainAnswers {
  readonly next: LinkedStep | undefined;
  readonly body: readonly Uint8Array[];
  readonly storage: readonly Uint8Array[];
  /** At most `chainLimits.named`. */
  readonly keys: readonly Uint8Array[];
  readonly metadata: Uint8Array;
  /** Where it is, as far as the node knows: a block that holds it may still be given up. */
  readonly submit: "waiting" | "in-block";
  readonly newer: boolean;
}

/**
 * - `chain-away`: there is no node to ask just now.
 * - `chain-failed`: it cannot answer this, or has answered something else.
 * - `chain-refused`: it does not take this transaction.
 */
export const chainFailures = ["chain-away", "chain-failed", "chain-refused"] as const;
export type ChainFailure = (typeof chainFailures)[number];

export type ChainAnswer<Name extends keyof ChainAnswers = keyof ChainAnswers> =
  | { readonly value: ChainAnswers[Name] }
  | { readonly failure: ChainFailure };

export const encodeChainOffer = (): Uint8Array => Uint8Array.of(chainLinkVersion);

/** @throws ProtocolError "malformed", as every decoder here. */
export function decodeChainOffer(body: Uint8Array): void {
  if (body.length !== 1 || body[0] !== chainLinkVersion) throw malformed("an offer");
}

const numbers = { next: 1, body: 2, storage: 3, metadata: 4, submit: 5, newer: 6, keys: 7 } as const;

/** What it gives was bounded by whoever asks. */
export function encodeChainQuestion(question: ChainQuestion): Uint8Array {
  const to = new FieldWriter();
  to.u8(numbers[question.name]);
  switch (question.name) {
    case "next":
      writeBlock(to, question.block);
      to.u8(question.relay === undefined ? 0 : 1);
      if (question.relay === undefined) break;
      writeBlock(to, question.relay.block);
      to.blob(question.relay.headKey);
      break;
    case "storage":
      to.bytes(hexToBytes(question.block));
      writeList(to, question.keys);
      break;
    case "keys":
      to.bytes(hexToBytes(question.block));
      to.blob(question.prefix);
      break;
    case "body":
    case "metadata":
      to.bytes(hexToBytes(question.block));
      break;
    case "submit":
      to.blob(question.transaction);
      break;
    case "newer":
      to.u32(question.number);
  }
  return to.take();
}

/** Byte strings are views. */
export function decodeChainQuestion(bytes: Uint8Array): ChainQuestion {
  const from = new FieldReader(bytes);
  const question = readQuestion(from);
  from.end();
  return question;
}

function readQuestion(from: FieldReader): ChainQuestion {
  const { keys, keyLength, transaction } = chainLimits;
  switch (from.u8()) {
    case numbers.next: {
      const block = readBlock(from);
      const relay = readFlag(from) ? { block: readBlock(from), headKey: from.blob(keyLength) } : undefined;
      return { name: "next", block, relay };
    }
    case numbers.body:
      return { name: "body", block: readHash(from) };
    case numbers.storage: {
      const block = readHash(from);
      const list = readList(from, keys, keyLength);
      if (list.length === 0) throw malformed("no keys");
      return { name: "storage", block, keys: list };
    }
    case numbers.keys: {
      const block = readHash(from);
      return { name: "keys", block, prefix: from.blob(keyLength) };
    }
    case numbers.metadata:
      return { name: "metadata", block: readHash(from) };
    case numbers.submit:
      return { name: "submit", transaction: from.blob(transaction) };
    case numbers.newer:
      return { name: "newer", number: from.u32() };
    default:
      throw malformed("a question");
  }
}

/** @param answer to a question of this name. */
export function encodeChainAnswer(name: keyof ChainAnswers, answer: ChainAnswer): Uint8Array {
  const to = new FieldWriter();
  if ("failure" in answer) {
    to.u8(1 + chainFailures.indexOf(answer.failure));
    return to.take();
  }
  to.u8(0);
  const { value } = answer;
  if (name === "next") writeStep(to, value as ChainAnswers["next"]);
  else if (name === "metadata") to.blob(value as Uint8Array);
  else if (name === "submit") to.u8(value === "in-block" ? 1 : 0);
  else if (name === "newer") to.u8(value === true ? 1 : 0);
  else writeList(to, value as readonly Uint8Array[]);
  return to.take();
}

/** Byte strings are views. @throws ProtocolError "malformed", also for what is no answer to such a question. */
export function decodeChainAnswer<Name extends keyof ChainAnswers>(name: Name, bytes: Uint8Array): ChainAnswer<Name> {
  const from = new FieldReader(bytes);
  const outcome = from.u8();
  if (outcome === 0) {
    const value = readAnswer(name, from) as ChainAnswers[Name];
    from.end();
    return { value };
  }
  from.end();
  const failure = chainFailures[outcome - 1];
  if (failure === undefined) throw malformed("a failure");
  return { failure };
}

function readAnswer(name: keyof ChainAnswers, from: FieldReader): ChainAnswers[keyof ChainAnswers] {
  switch (name) {
    case "next":
      return readStep(from);
    case "body":
    case "storage":
      return readList(from, chainLimits.parts, chainLimits.answer);
    case "keys":
      return readList(from, chainLimits.named, chainLimits.keyLength);
    case "metadata":
      return from.blob(chainLimits.answer);
    case "submit":
      return readFlag(from) ? "in-block" : "waiting";
    case "newer":
      return readFlag(from);
  }
}

/** Bytes of the longest answer to a question of this name. */
export const chainAnswerMax = (name: keyof ChainAnswers): number =>
  name === "submit" || name === "newer" ? 2 : chainLimits.answer;

function writeStep(to: FieldWriter, step: LinkedStep | undefined): void {
  if (step === undefined) return to.u8(0);
  if ("relay" in step) {
    to.u8(2);
    writeFinality(to, step.relay);
    writeList(to, step.headProof);
    return writeList(to, step.headers);
  }
  to.u8(1);
  writeFinality(to, step);
}

function readStep(from: FieldReader): LinkedStep | undefined {
  const { headers, parts, answer } = chainLimits;
  switch (from.u8()) {
    case 0:
      return undefined;
    case 1:
      return readFinality(from);
    case 2: {
      const relay = readFinality(from);
      const headProof = readList(from, parts, answer);
      return { relay, headProof, headers: readList(from, headers, answer) };
    }
    default:
      throw malformed("a step");
  }
}

function writeFinality(to: FieldWriter, { headers, justification }: LinkedFinality): void {
  writeList(to, headers);
  to.blob(justification);
}

function readFinality(from: FieldReader): LinkedFinality {
  const headers = readList(from, chainLimits.headers, chainLimits.answer);
  return { headers, justification: from.blob(chainLimits.answer) };
}

function writeBlock(to: FieldWriter, { hash, number }: ChainBlock): void {
  to.bytes(hexToBytes(hash));
  to.u32(number);
}

function readBlock(from: FieldReader): ChainBlock {
  const hash = readHash(from);
  return { hash, number: from.u32() };
}

const readHash = (from: FieldReader): string => bytesToHex(from.bytes(32));

function readFlag(from: FieldReader): boolean {
  const flag = from.u8();
  if (flag > 1) throw malformed("a flag");
  return flag === 1;
}

function writeList(to: FieldWriter, list: readonly Uint8Array[]): void {
  to.u32(list.length);
  for (const bytes of list) to.blob(bytes);
}

function readList(from: FieldReader, countMax: number, lengthMax: number): Uint8Array[] {
  const count = from.u32();
  if (count > countMax) throw malformed("a list that is too long");
  const list: Uint8Array[] = [];
  for (let left = count; left > 0; left--) list.push(from.blob(lengthMax));
  return list;
}

/** Several messages as one, for those who ask by HTTP. */
export function encodeChainList(messages: readonly Uint8Array[]): Uint8Array {
  const to = new FieldWriter();
  writeList(to, messages);
  return to.take();
}

/** @param countMax of messages. Byte strings are views. @throws ProtocolError "malformed". */
export function decodeChainList(bytes: Uint8Array, countMax: number): readonly Uint8Array[] {
  const from = new FieldReader(bytes);
  const list = readList(from, countMax, chainLimits.answer);
  from.end();
  return list;
}

const malformed = (detail: string): ProtocolError => new ProtocolError("malformed", `chain: ${detail}`);
