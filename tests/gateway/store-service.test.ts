/** The gateway's side of the store: what a worker may ask, how much of it at once, and what the operator is told. */
import { expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import { fragmentMax, FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import {
  decodeAnswer,
  encodeQuestion,
  storeMessageMax,
  unansweredMax,
  type StoreAnswer,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import { noHead, StoreError, type ChainId, type Store } from "#protocol/store.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { StoreService } from "#gateway/store-service.ts";
import { StoreTraffic } from "#gateway/store-traffic.ts";
import { Happenings } from "./harness.ts";

const chain = "room-1" as ChainId;
const append: StoreQuestion = {
  name: "append",
  given: [1, 2].map((fill) => ({
    chain,
    expected: noHead,
    head: new Uint8Array(32).fill(fill),
    record: new Uint8Array(50),
  })),
};
const state: StoreQuestion = { name: "state", given: chain };
const snapshot: StoreQuestion = { name: "snapshot", given: { chain, below: 9 } };

/** A store in which only what a test gives it works. */
const storeOf = (methods: Partial<Store>): Store => methods as Store;
const never = (): Promise<never> => new Promise(() => undefined);

/** A worker by hand, and what reaches it. */
function asking(methods: Partial<Store>) {
  const it = { now: 1000 };
  const events: GatewayEvent[] = [];
  const traffic = new StoreTraffic();
  const log = (event: GatewayEvent): void => void events.push(event);
  const service = new StoreService({ store: storeOf(methods), traffic, log, now: () => it.now });
  const asked = new Map<number, StoreQuestion>();
  const answers = new Happenings<StoreAnswer & { readonly number: number }>();
  const turns: (() => void)[] = [];
  let held = false;
  const reader = new FragmentReader({ bytesMax: Number.MAX_SAFE_INTEGER, admit: () => undefined });
  const conversation = service.open({
    answerStore(fragments, done) {
      for (const fragment of fragments) {
        const whole = reader.push(fragment);
        if (whole !== undefined) {
          answers.push({ number: whole.question, ...decodeAnswer(asked.get(whole.question)!, whole.message) });
        }
      }
      if (held) turns.push(done);
      else done();
    },
  });
  const say = (number: number, message: Uint8Array): void => {
    new FragmentSender((fragments, done) => {
      for (const fragment of fragments) conversation.receive(fragment);
      done();
    }).push(number, message, true);
  };
  return {
    it,
    events,
    traffic,
    conversation,
    answers,
    say,
    ask: (number: number, question: StoreQuestion): void => {
      asked.set(number, question);
      say(number, encodeQuestion(question));
    },
    /** The system takes no answers any more, until `release`. */
    hold: () => void (held = true),
    release: (): void => {
      held = false;
      for (const done of turns.splice(0)) done();
    },
  };
}

test("a question is answered under its number", async () => {
  const { ask, answers } = asking({
    append: (batch) => Promise.resolve(batch.map((_, index) => ({ answer: "stored", index }))),
    state: () => Promise.resolve(undefined),
  });
  ask(7, append);
  ask(9, state);
  expect(await answers.next()).toEqual({
    number: 7,
    value: [
      { answer: "stored", index: 0 },
      { answer: "stored", index: 1 },
    ],
  });
  expect(await answers.next()).toEqual({ number: 9, value: undefined });
});

test("a number may be used again once it was answered, not before", async () => {
  const { ask, answers } = asking({ state: () => Promise.resolve(undefined), append: never });
  for (let i = 0; i < 3; i++) {
    ask(1, state);
    await answers.next();
  }
  ask(1, append);
  expect(() => ask(1, state)).toThrow(ProtocolError);
});

test("a worker that asks more than it may is refused, in questions and in bytes", () => {
  const many = asking({ append: never });
  for (let i = 0; i < unansweredMax; i++) many.ask(i, append);
  expect(() => many.ask(unansweredMax, append)).toThrow(expect.objectContaining({ code: "too-long" }));
  const long = asking({});
  const begin = (number: number): void => {
    const fragment = new Uint8Array(8 + fragmentMax);
    new DataView(fragment.buffer).setUint32(0, number, true);
    new DataView(fragment.buffer).setUint32(4, storeMessageMax, true);
    long.conversation.receive(fragment);
  };
  begin(1);
  begin(2);
  expect(() => begin(3)).toThrow(expect.objectContaining({ code: "too-long" }));
});

test.for<[string, Uint8Array]>([
  ["what is no question", Uint8Array.of(200)],
  ["a question that is cut short", encodeQuestion(append).slice(0, -1)],
  ["a question with something behind it", Uint8Array.of(...encodeQuestion(state), 0)],
])("%s is malformed, and nobody is asked", ([, message]) => {
  const { say } = asking({});
  expect(() => say(1, message)).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("long answers are read a few at a time, also when the worker takes none of them", async () => {
  let reading = 0;
  const found = { chain, index: 3, head: new Uint8Array(32), bytes: new Uint8Array(3 * fragmentMax) };
  const { ask, answers, hold, release } = asking({
    snapshot: () => {
      reading += 1;
      return Promise.resolve(found);
    },
    append: () => Promise.resolve([{ answer: "conflict" }, { answer: "conflict" }]),
  });
  hold();
  for (let number = 0; number < 10; number++) ask(number, snapshot);
  expect(reading).toBe(4);
  await new Promise((resolve) => setImmediate(resolve));
  expect(reading).toBe(4);
  ask(99, append);
  await new Promise((resolve) => setImmediate(resolve));
  release();
  const numbers: number[] = [];
  while (numbers.length < 11) numbers.push((await answers.next()).number);
  expect(reading).toBe(10);
  // It came last and waited for no snapshot but the one that was on its way.
  expect(numbers.indexOf(99)).toBeLessThan(2);
});

test("after the link is gone nothing is said and nothing more is read", async () => {
  const reads: ((found: undefined) => void)[] = [];
  const { ask, answers, conversation } = asking({ snapshot: () => new Promise((resolve) => reads.push(resolve)) });
  for (let number = 0; number < 6; number++) ask(number, snapshot);
  conversation.end();
  for (const resolve of reads) resolve(undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toHaveLength(4);
  expect(answers.count).toBe(0);
});

test.for<[string, unknown, string, object[]]>([
  [
    "a full disk",
    new StoreError("store-full", "database or disk is full"),
    "store-full",
    [{ event: "store-failing", code: "store-full", asked: "append", detail: "database or disk is full" }],
  ],
  [
    "a long story of a damaged file",
    new StoreError("store-damaged", "x".repeat(1000)),
    "store-damaged",
    [{ event: "store-failing", code: "store-damaged", detail: "x".repeat(200) }],
  ],
  ["a gateway that is stopping", new StoreError("store-closed", "append"), "store-failed", []],
  [
    "a defect",
    new TypeError("room-1 is not a function"),
    "store-failed",
    [{ event: "store-failing", code: "store-failed", detail: "TypeError" }],
  ],
])("%s: the worker is told a code, the operator a sentence", async ([, error, failure, logged]) => {
  const { ask, answers, events } = asking({ append: () => Promise.reject(error as Error) });
  ask(1, append);
  expect(await answers.next()).toEqual({ number: 1, failure });
  expect(events).toMatchObject(logged);
  expect(events).toHaveLength(logged.length);
});

test("a cause is logged once, and again when it lasts", async () => {
  const error = new StoreError("store-full", "database or disk is full");
  const fails = (): Promise<never> => Promise.reject(error);
  const { ask, answers, events, traffic, it } = asking({ append: fails, state: fails });
  for (let number = 0; number < 20; number++) {
    ask(number, append);
    await answers.next();
  }
  expect(events).toHaveLength(1);
  ask(20, state);
  await answers.next();
  expect(events.map((event) => event.event === "store-failing" && event.asked)).toEqual(["append", "state"]);
  it.now += 10 * 60_000;
  ask(21, append);
  await answers.next();
  expect(events).toHaveLength(3);
  expect(traffic.failures.get("store-full")).toBe(22);
});

test("what is stored is counted, and how long it takes until it is durable", async () => {
  const { ask, answers, traffic, it } = asking({
    append: (batch) => {
      it.now += 40;
      return Promise.resolve(batch.map(() => ({ answer: "conflict" })));
    },
    save: () => Promise.resolve("stored"),
  });
  ask(1, append);
  await answers.next();
  ask(2, { name: "save", given: { chain, index: 1, head: noHead, bytes: new Uint8Array(1000) } });
  await answers.next();
  expect(traffic).toMatchObject({ appends: 2, batches: 1, bytes: 1100 });
  const { values } = await traffic.appendSeconds.get();
  const below = (le: number) => values.find(({ labels }) => labels["le"] === le)?.value;
  expect([below(0.02), below(0.05)]).toEqual([0, 1]);
});
