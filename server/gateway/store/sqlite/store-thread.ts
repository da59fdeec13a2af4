/**
 * The thread that owns the files: it takes every append that waits, writes them in one transaction, and answers when the
 * disk has them. Large snapshots are written between them.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { StoreError, type Append, type Appended } from "#protocol/store.ts";
import { SqliteChains } from "./chains.ts";
import { describe } from "./errors.ts";
import { makeFolder } from "./folder.ts";
import type { Answer, Question, ThreadSetup } from "./questions.ts";

const port = parentPort!;
const { directory } = workerData as ThreadSetup;
let chains: SqliteChains | undefined;

/** Records in one transaction, of all calls together: keeps the time until the first of them is answered bounded. */
const groupMax = 16_384;

/** What waits, in the order in which it was asked. */
const queue: Question[] = [];
/** What takes a disk long and has begun: it goes on in steps, and whatever else is asked goes between them. */
const longWork: LongWork[] = [];

interface LongWork {
  readonly id: number;
  readonly steps: Generator<void, unknown>;
}

port.on("message", (first: Question) => {
  queue.push(first);
  take();
  for (let next = longWork[0]; next !== undefined; next = longWork[0]) {
    if (step(next)) longWork.shift();
    take();
  }
});

/** Everything that has come by now. */
function take(): void {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    queue.push(next.message as Question);
  }
  while (queue.length > 0) {
    const group = takeAppends(queue);
    if (group.length > 0) appendAll(group);
    else begin(queue.shift()!);
  }
}

function begin(question: Question): void {
  const steps = stepsOf(question);
  if (steps === undefined) return answer(question);
  const work = { id: question.id, steps };
  if (!step(work)) longWork.push(work);
}

/** Returns whether that was the last one, and it is answered. */
function step({ id, steps }: LongWork): boolean {
  try {
    const { done, value } = steps.next();
    if (done === true) reply({ id, value });
    return done === true;
  } catch (error) {
    fail(id, error);
    return true;
  }
}

/** Undefined for what is done at once. */
function stepsOf(question: Question): Generator<void, unknown> | undefined {
  switch (question.name) {
    case "save":
      return opened().save(question.given);
    case "remove":
      return opened().remove(question.given);
    case "close":
      return closing();
    default:
      return undefined;
  }
}

/** Behind everything that has begun. */
function* closing(): Generator<void, void> {
  yield;
  // The answer goes first; whoever closes waits for the end of this thread.
  opened().close(() => port.close());
}

type AppendQuestion = Extract<Question, { name: "append" }>;

/** Appends from the front of the queue: in order with everything else, so that a chain is written as it was asked. */
function takeAppends(queue: Question[]): AppendQuestion[] {
  const group: AppendQuestion[] = [];
  let records = 0;
  for (let next = queue[0]; next?.name === "append" && records < groupMax; next = queue[0]) {
    queue.shift();
    group.push(next);
    records += next.given.length;
  }
  return group;
}

function appendAll(group: readonly AppendQuestion[]): void {
  try {
    const appends: Append[] = group.flatMap(({ given }) => given);
    const answers: readonly Appended[] = opened().append(appends);
    let at = 0;
    for (const { id, given } of group) {
      reply({ id, value: answers.slice(at, at + given.length) });
      at += given.length;
    }
  } catch (error) {
    for (const { id } of group) fail(id, error);
  }
}

function answer(question: Question): void {
  try {
    reply({ id: question.id, value: answerOf(question) });
  } catch (error) {
    fail(question.id, error);
  }
}

function answerOf(question: Question): unknown {
  switch (question.name) {
    case "open":
      makeFolder(directory);
      chains = SqliteChains.open(directory);
      return undefined;
    case "append":
      return opened().append(question.given);
    case "state":
      return opened().state(question.given);
    case "snapshot":
      return opened().snapshot(question.given.chain, question.given.below);
    case "records":
      return opened().records(question.given.chain, question.given.from, question.given.bytesMax);
    case "heads":
      return opened().heads(question.given.chain, question.given.from, question.given.count);
    case "compact":
      return opened().compact(question.given.chain, question.given.below);
    case "list":
      return opened().list(question.given.prefix, question.given.after, question.given.count);
    default:
      throw new StoreError("store-failed", `nobody answers ${question.name}`);
  }
}

function opened(): SqliteChains {
  if (chains === undefined) throw new StoreError("store-closed", "it was never opened");
  return chains;
}

/** What was read belongs to whoever asked: it is handed over, not copied in their thread. */
const reply = (message: Answer): void => port.postMessage(message, "value" in message ? buffersIn(message.value) : []);

/** A snapshot's; of small things a copy costs less. */
function buffersIn(value: unknown): ArrayBuffer[] {
  const { bytes } = (typeof value === "object" && value !== null ? value : {}) as { readonly bytes?: unknown };
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

function fail(id: number, error: unknown): void {
  const { code, detail } = error instanceof StoreError ? error : describe(error);
  reply({ id, failure: { code, detail } });
}
