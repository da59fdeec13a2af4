/**
 * The thread that owns the files: it takes every append that waits, writes them in one transaction, and answers when the
 * disk has them.
 */
import { mkdirSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { StoreError, type Append, type Appended } from "../store.ts";
import { LmdbChains } from "./chains.ts";
import type { Answer, Question, ThreadSetup } from "./questions.ts";

const port = parentPort!;
const { directory, sizeMax } = workerData as ThreadSetup;
let chains: LmdbChains | undefined;

/** Records in one transaction, of all calls together: keeps the time until the first of them is answered bounded. */
const groupMax = 16_384;

port.on("message", (first: Question) => {
  const queue: Question[] = [first];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    queue.push(next.message as Question);
  }
  while (queue.length > 0) {
    const group = takeAppends(queue);
    if (group.length > 0) appendAll(group);
    else void answer(queue.shift()!);
  }
});

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

async function answer(question: Question): Promise<void> {
  try {
    const value = answerOf(question);
    // Only closing takes its time; everything else is answered before the next question is looked at.
    if (value instanceof Promise) await value;
    reply({ id: question.id, value: value instanceof Promise ? undefined : value });
    if (question.name === "close") port.close();
  } catch (error) {
    fail(question.id, error);
  }
}

function answerOf(question: Question): unknown {
  switch (question.name) {
    case "open":
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      chains = LmdbChains.open(directory, sizeMax);
      return undefined;
    case "append":
      return opened().append(question.given);
    case "save":
      return opened().save(question.given);
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
    case "remove":
      return opened().remove(question.given);
    case "close":
      return opened().close();
  }
}

function opened(): LmdbChains {
  if (chains === undefined) throw new StoreError("store-closed", "it was never opened");
  return chains;
}

const reply = (message: Answer): void => port.postMessage(message);

function fail(id: number, error: unknown): void {
  const { code, detail } = error instanceof StoreError ? error : describe(error);
  reply({ id, failure: { code, detail } });
}

/** LMDB's and the system's errors, in our words. */
function describe(error: unknown): StoreError {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|No space left|MDB_MAP_FULL/i.test(text)) return new StoreError("store-full", text);
  if (/MDB_CORRUPTED|MDB_PAGE_NOTFOUND|MDB_INVALID|MDB_VERSION_MISMATCH/.test(text))
    return new StoreError("store-damaged", text);
  return new StoreError("store-failed", text);
}
