/**
 * What a worker asks a store, field by field: of each question how it is written and read, and what answers fit it.
 *
 * ```text
 * chain = [length u8] [letters]     head = 32 bytes     count = u64 le, below 2⁵³     blob = [length u32 le] [bytes]
 * ```
 */
import { ProtocolError } from "./errors.ts";
import type { FieldReader, FieldWriter } from "./fields.ts";
import {
  batchMax,
  headLength,
  headsMax,
  isChainId,
  isChainPrefix,
  listMax,
  recordMax,
  recordsMax,
  snapshotMax,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type StoredRecord,
} from "./store.ts";

/** Bytes of records in one answer: what a recovery reads at a time. */
export const recordsBytesMax = 16 * 1024 * 1024;

export interface StoreQuestions {
  readonly append: { readonly given: readonly Append[]; readonly answer: readonly Appended[] };
  readonly save: { readonly given: Snapshot; readonly answer: "stored" | "conflict" };
  readonly state: { readonly given: ChainId; readonly answer: ChainState | undefined };
  readonly snapshot: {
    readonly given: { readonly chain: ChainId; readonly below: number };
    readonly answer: Snapshot | undefined;
  };
  readonly records: {
    /** `bytesMax` is at most `recordsBytesMax`. */
    readonly given: { readonly chain: ChainId; readonly from: number; readonly bytesMax: number };
    readonly answer: readonly StoredRecord[];
  };
  readonly heads: {
    /** `count` is at most `headsMax`. */
    readonly given: { readonly chain: ChainId; readonly from: number; readonly count: number };
    readonly answer: Uint8Array;
  };
  readonly compact: {
    readonly given: { readonly chain: ChainId; readonly below: number };
    readonly answer: "compacted" | "conflict";
  };
  readonly list: {
    /** `count` is at most `listMax`. */
    readonly given: { readonly prefix: string; readonly after: string; readonly count: number };
    readonly answer: readonly ChainState[];
  };
  readonly remove: { readonly given: ChainId; readonly answer: void };
}

export type StoreQuestionName = keyof StoreQuestions;

/** One kind of question. Readers throw ProtocolError "malformed". */
export interface QuestionFormat<Name extends StoreQuestionName> {
  readonly number: number;
  readonly writeGiven: (to: FieldWriter, given: StoreQuestions[Name]["given"]) => void;
  readonly readGiven: (from: FieldReader) => StoreQuestions[Name]["given"];
  readonly writeAnswer: (to: FieldWriter, answer: StoreQuestions[Name]["answer"]) => void;
  /** Refuses what cannot be an answer to this very question. */
  readonly readAnswer: (from: FieldReader, given: StoreQuestions[Name]["given"]) => StoreQuestions[Name]["answer"];
  /** Bytes that its answer has at most. */
  readonly answerMax: (given: StoreQuestions[Name]["given"]) => number;
}

/** More than the fields of fixed length of any answer that has only one of each. */
const fewBytes = 256;

/** In front of a record: index, head, length. */
const recordHeader = 8 + headLength + 4;

const append: QuestionFormat<"append"> = {
  number: 1,
  writeGiven(to, batch) {
    to.u16(batch.length);
    for (const { chain, expected, head, record } of batch) {
      to.word(chain);
      to.bytes(expected);
      to.bytes(head);
      to.blob(record);
    }
  },
  readGiven(from) {
    const count = within(from.u16(), 1, batchMax, "appends");
    return times(count, () => ({
      chain: readChain(from),
      expected: from.bytes(headLength),
      head: from.bytes(headLength),
      record: from.blob(recordMax),
    }));
  },
  writeAnswer(to, answers) {
    for (const answer of answers) {
      to.u8(answer.answer === "stored" ? 1 : 0);
      if (answer.answer === "stored") to.count(answer.index);
    }
  },
  readAnswer: (from, batch) =>
    batch.map(() => (readFlag(from) ? { answer: "stored", index: from.count() } : { answer: "conflict" })),
  answerMax: (batch) => fewBytes + 9 * batch.length,
};

const save: QuestionFormat<"save"> = {
  number: 2,
  writeGiven(to, { chain, ...snapshot }) {
    to.word(chain);
    writeSnapshot(to, snapshot);
  },
  readGiven: (from) => readSnapshot(from, readChain(from)),
  writeAnswer: (to, answer) => to.u8(answer === "stored" ? 1 : 0),
  readAnswer: (from) => (readFlag(from) ? "stored" : "conflict"),
  answerMax: () => fewBytes,
};

const state: QuestionFormat<"state"> = {
  number: 3,
  writeGiven: (to, chain) => to.word(chain),
  readGiven: readChain,
  writeAnswer(to, found) {
    to.u8(found === undefined ? 0 : 1);
    if (found !== undefined) writeState(to, found);
  },
  readAnswer(from, chain) {
    if (!readFlag(from)) return undefined;
    const found = readState(from);
    return found.chain === chain ? found : fail("another chain");
  },
  answerMax: () => fewBytes,
};

const snapshot: QuestionFormat<"snapshot"> = {
  number: 4,
  writeGiven(to, { chain, below }) {
    to.word(chain);
    to.count(below);
  },
  readGiven: (from) => ({ chain: readChain(from), below: from.count() }),
  writeAnswer(to, found) {
    to.u8(found === undefined ? 0 : 1);
    if (found !== undefined) writeSnapshot(to, found);
  },
  readAnswer(from, { chain, below }) {
    if (!readFlag(from)) return undefined;
    const found = readSnapshot(from, chain);
    return found.index < below ? found : fail("a snapshot that was not asked for");
  },
  answerMax: () => fewBytes + snapshotMax,
};

const records: QuestionFormat<"records"> = {
  number: 5,
  writeGiven(to, { chain, from, bytesMax }) {
    to.word(chain);
    to.count(from);
    to.u32(bytesMax);
  },
  readGiven: (from) => ({
    chain: readChain(from),
    from: from.count(),
    bytesMax: within(from.u32(), 0, recordsBytesMax, "bytes of records"),
  }),
  writeAnswer(to, found) {
    to.u16(found.length);
    for (const { index, head, record } of found) {
      to.count(index);
      to.bytes(head);
      to.blob(record);
    }
  },
  readAnswer(from, asked) {
    const count = within(from.u16(), 0, recordsMax, "records");
    let next = 0;
    let bytes = 0;
    return times(count, (i) => {
      const index = from.count();
      if (i === 0 ? index < asked.from : index !== next) fail("records out of order");
      next = index + 1;
      const head = from.bytes(headLength);
      const record = from.blob(recordMax);
      bytes += record.length;
      if (i > 0 && bytes > asked.bytesMax) fail("more records than were asked for");
      return { index, head, record };
    });
  },
  answerMax: ({ bytesMax }) => fewBytes + recordsMax * recordHeader + Math.max(bytesMax, recordMax),
};

const heads: QuestionFormat<"heads"> = {
  number: 6,
  writeGiven(to, { chain, from, count }) {
    to.word(chain);
    to.count(from);
    to.u16(count);
  },
  readGiven: (from) => ({
    chain: readChain(from),
    from: from.count(),
    count: within(from.u16(), 0, headsMax, "heads"),
  }),
  writeAnswer(to, found) {
    to.u16(found.length / headLength);
    to.bytes(found);
  },
  readAnswer: (from, { count }) => from.bytes(within(from.u16(), 0, count, "heads") * headLength),
  answerMax: ({ count }) => fewBytes + headLength * count,
};

const compact: QuestionFormat<"compact"> = {
  number: 7,
  writeGiven: snapshot.writeGiven,
  readGiven: snapshot.readGiven,
  writeAnswer: (to, answer) => to.u8(answer === "compacted" ? 1 : 0),
  readAnswer: (from) => (readFlag(from) ? "compacted" : "conflict"),
  answerMax: () => fewBytes,
};

const list: QuestionFormat<"list"> = {
  number: 8,
  writeGiven(to, { prefix, after, count }) {
    to.word(prefix);
    to.word(after);
    to.u16(count);
  },
  readGiven: (from) => ({
    prefix: readPrefix(from),
    after: readPrefix(from),
    count: within(from.u16(), 0, listMax, "chains"),
  }),
  writeAnswer(to, found) {
    to.u16(found.length);
    for (const chain of found) writeState(to, chain);
  },
  readAnswer(from, { prefix, after, count }) {
    let last = after;
    return times(within(from.u16(), 0, count, "chains"), () => {
      const found = readState(from);
      if (!found.chain.startsWith(prefix) || found.chain <= last) fail("a chain that was not asked for");
      last = found.chain;
      return found;
    });
  },
  answerMax: ({ count }) => fewBytes + fewBytes * count,
};

const remove: QuestionFormat<"remove"> = {
  number: 9,
  writeGiven: (to, chain) => to.word(chain),
  readGiven: readChain,
  writeAnswer: () => undefined,
  readAnswer: () => undefined,
  answerMax: () => fewBytes,
};

export const questionFormats: { readonly [Name in StoreQuestionName]: QuestionFormat<Name> } = {
  append,
  save,
  state,
  snapshot,
  records,
  heads,
  compact,
  list,
  remove,
};

function writeSnapshot(to: FieldWriter, { index, head, bytes }: Omit<Snapshot, "chain">): void {
  to.count(index);
  to.bytes(head);
  to.blob(bytes);
}

function readSnapshot(from: FieldReader, chain: ChainId): Snapshot {
  const index = within(from.count(), 1, Number.MAX_SAFE_INTEGER, "an index");
  return { chain, index, head: from.bytes(headLength), bytes: from.blob(snapshotMax) };
}

function writeState(to: FieldWriter, { chain, length, first, changedAt, head }: ChainState): void {
  to.word(chain);
  to.count(length);
  to.count(first);
  to.count(changedAt);
  to.bytes(head);
}

function readState(from: FieldReader): ChainState {
  const chain = readChain(from);
  const length = within(from.count(), 1, Number.MAX_SAFE_INTEGER, "a length");
  const first = within(from.count(), 0, length, "a first record");
  return { chain, length, first, changedAt: from.count(), head: from.bytes(headLength) };
}

function readChain(from: FieldReader): ChainId {
  const text = from.word();
  return isChainId(text) ? text : fail("no name of a chain");
}

function readPrefix(from: FieldReader): string {
  const text = from.word();
  return isChainPrefix(text) ? text : fail("no beginning of a chain's name");
}

function readFlag(from: FieldReader): boolean {
  return within(from.u8(), 0, 1, "a flag") === 1;
}

function within(value: number, min: number, max: number, what: string): number {
  return value >= min && value <= max ? value : fail(what);
}

/** Not `Array.from`, which would make room for the number first. */
function times<T>(count: number, make: (index: number) => T): T[] {
  const made: T[] = [];
  for (let i = 0; i < count; i++) made.push(make(i));
  return made;
}

function fail(what: string): never {
  throw new ProtocolError("malformed", `store: ${what}`);
}
