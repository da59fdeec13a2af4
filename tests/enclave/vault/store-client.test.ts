/** The worker's side of the store: what a gateway may say, in which order, and what is made of it. */
import { expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import { linkKinds } from "#protocol/link.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import {
  appendBytesMax,
  decodeQuestion,
  encodeAnswer,
  encodeOffer,
  lanes,
  type StoreAnswer,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import { noHead, recordMax, StoreError, type Append, type ChainId } from "#protocol/store.ts";
import { LinkedStore } from "#enclave/vault/store-client.ts";
import type { StoreLink } from "#enclave/vault/store-line.ts";

const chain = "room-1" as ChainId;
const head = new Uint8Array(32).fill(1);

const one = (length = 10): Append => ({ chain, expected: noHead, head, record: new Uint8Array(length) });

interface Heard {
  readonly number: number;
  readonly question: StoreQuestion;
}

/** A gateway by hand: what it was asked lies in `heard`. */
class HandGateway implements StoreLink {
  readonly heard: Heard[] = [];
  readonly #reader = new FragmentReader({ bytesMax: Number.MAX_SAFE_INTEGER, admit: () => undefined });
  readonly #store: LinkedStore;

  constructor(store: LinkedStore) {
    this.#store = store;
    store.offer(this, encodeOffer());
  }

  sendApart(kind: number, fragments: readonly Uint8Array[], done: () => void): void {
    expect(kind).toBe(linkKinds.storeQuestion);
    for (const fragment of fragments) {
      const whole = this.#reader.push(fragment);
      if (whole !== undefined) {
        this.heard.push({ number: whole.question, question: decodeQuestion(whole.message) });
      }
    }
    done();
  }

  say(number: number, message: Uint8Array): void {
    new FragmentSender((fragments, done) => {
      for (const fragment of fragments) this.#store.answer(this, fragment);
      done();
    }).push(number, message, true);
  }

  answer({ number, question }: Heard, answer: StoreAnswer): void {
    this.say(number, encodeAnswer(question, answer));
  }
}

function offered() {
  const store = new LinkedStore();
  return { store, gateway: new HandGateway(store) };
}

const failed = { code: "store-failed" };

test("without an offer nothing can be asked, and an offer is waited for", async () => {
  const store = new LinkedStore();
  expect(store.offered).toBe(false);
  await expect(store.state(chain)).rejects.toMatchObject(failed);
  const waiting = store.whenOffered();
  const gateway = new HandGateway(store);
  await waiting;
  const state = store.state(chain);
  gateway.answer(gateway.heard[0]!, { value: undefined });
  expect(await state).toBeUndefined();
});

test("answers find their questions in whatever order they come", async () => {
  const { store, gateway } = offered();
  const asked = [store.compact(chain, 1), store.save({ chain, index: 1, head, bytes: head }), store.append([one()])];
  const [compact, save, append] = gateway.heard;
  gateway.answer(append!, { value: [{ answer: "stored", index: 4 }] });
  gateway.answer(save!, { value: "stored" });
  gateway.answer(compact!, { value: "conflict" });
  expect(await Promise.all(asked)).toEqual(["conflict", "stored", [{ answer: "stored", index: 4 }]]);
});

test.for(["store-full", "store-failed", "store-damaged", "store-refused"] as const)(
  "%s is passed on",
  async (failure) => {
    const { store, gateway } = offered();
    const state = store.state(chain);
    gateway.answer(gateway.heard[0]!, { failure });
    await expect(state).rejects.toThrow(StoreError);
    await expect(state).rejects.toMatchObject({ code: failure });
  },
);

test("when the gateway goes, all that was asked of it fails, also what had not left yet", async () => {
  const { store, gateway } = offered();
  const asked = Array.from({ length: lanes.appends.questionsMax + 5 }, () => store.append([one()]));
  asked.push(...Array.from({ length: lanes.others.questionsMax + 5 }, () => store.state(chain) as Promise<never>));
  expect(gateway.heard).toHaveLength(lanes.appends.questionsMax + lanes.others.questionsMax);
  store.detach(gateway);
  for (const answer of await Promise.allSettled(asked)) {
    expect(answer).toMatchObject({ status: "rejected", reason: failed });
  }
  expect(store.offered).toBe(false);
  await expect(store.append([one()])).rejects.toMatchObject(failed);
});

test("whoever offered last is asked, and when it goes whoever offered before and is there", async () => {
  const { store, gateway: first } = offered();
  const second = new HandGateway(store);
  const third = new HandGateway(store);
  const asked: Promise<unknown>[] = [];
  const ask = (gateway: HandGateway): void => {
    asked.push(store.state(chain));
    expect(gateway.heard).toHaveLength(1);
  };
  ask(third);
  store.detach(second);
  store.detach(third);
  ask(first);
  first.answer(first.heard[0]!, { value: undefined });
  const [ofThird, ofFirst] = await Promise.allSettled(asked);
  expect(ofThird).toMatchObject({ status: "rejected", reason: failed });
  expect(ofFirst).toMatchObject({ status: "fulfilled" });
});

test("no more is asked at once than a gateway puts up with, and the rest as answers come", async () => {
  const { store, gateway } = offered();
  const count = lanes.others.questionsMax + 3;
  const asked = Array.from({ length: count }, () => store.state(chain));
  expect(gateway.heard).toHaveLength(lanes.others.questionsMax);
  const append = store.append([one()]);
  expect(gateway.heard.at(-1)!.question.name).toBe("append");
  gateway.answer(gateway.heard.at(-1)!, { value: [{ answer: "conflict" }] });
  await append;
  for (let answered = 0; answered < gateway.heard.length; answered++) {
    const heard = gateway.heard[answered]!;
    if (heard.question.name === "state") gateway.answer(heard, { value: undefined });
  }
  expect(await Promise.all(asked)).toHaveLength(count);
});

test("long snapshots wait for each other, and appends for none of them", async () => {
  const { store, gateway } = offered();
  const bytes = new Uint8Array(lanes.others.bytesMax / 2);
  const saves = [1, 2, 3].map((index) => store.save({ chain, index, head, bytes }));
  void store.append([one()]).catch(() => undefined);
  expect(gateway.heard.map(({ question }) => question.name)).toEqual(["save", "append"]);
  gateway.answer(gateway.heard[0]!, { value: "stored" });
  expect(await saves[0]).toBe("stored");
  expect(gateway.heard.map(({ question }) => question.name)).toEqual(["save", "append", "save"]);
  store.detach(gateway);
  await Promise.allSettled(saves);
});

test("a boundary with very much to say is several questions, answered as one", async () => {
  const { store, gateway } = offered();
  const each = appendBytesMax / recordMax;
  const answer = store.append(Array.from({ length: 2 * each + 1 }, () => one(recordMax)));
  expect(gateway.heard.map(({ question }) => question.name === "append" && question.given.length)).toEqual([
    each,
    each,
    1,
  ]);
  let index = 0;
  for (const heard of gateway.heard) {
    const { given } = heard.question as Extract<StoreQuestion, { name: "append" }>;
    gateway.answer(heard, { value: given.map(() => ({ answer: "stored", index: index++ })) });
  }
  expect((await answer).map((appended) => appended.answer === "stored" && appended.index)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ]);
});

test("what breaks a limit is refused before it leaves", async () => {
  const { store, gateway } = offered();
  const refused = { code: "store-refused" };
  await expect(store.snapshot(chain, -1)).rejects.toMatchObject(refused);
  await expect(store.records(chain, 0.5, 10)).rejects.toMatchObject(refused);
  await expect(store.records(chain, 0, Number.NaN)).rejects.toMatchObject(refused);
  await expect(store.heads(chain, 0, Number.POSITIVE_INFINITY)).rejects.toMatchObject(refused);
  await expect(store.list("Room", "", 1)).rejects.toMatchObject(refused);
  await expect(store.compact("" as ChainId, 1)).rejects.toMatchObject(refused);
  expect(gateway.heard).toHaveLength(0);
});

test.for<[string, (gateway: HandGateway, heard: Heard, store: LinkedStore) => void]>([
  ["answers what nobody asked", (gateway) => gateway.say(99, Uint8Array.of(0, 0))],
  [
    "answers twice",
    (gateway, heard) => {
      gateway.answer(heard, { value: undefined });
      gateway.answer(heard, { value: undefined });
    },
  ],
  ["answers another question", (gateway, { number }) => gateway.say(number, Uint8Array.of(0, 1))],
  ["answers with what is no failure", (gateway, { number }) => gateway.say(number, Uint8Array.of(77))],
  ["begins an answer that is too long", (gateway, { number }) => gateway.say(number, new Uint8Array(100_000))],
  ["offers twice", (gateway, _, store) => store.offer(gateway, encodeOffer())],
  ["offers what is not known", (_, __, store) => store.offer({ sendApart: () => undefined }, Uint8Array.of(9))],
  ["answers without having offered", (_, __, store) => store.answer({ sendApart: () => undefined }, new Uint8Array(9))],
  ["says what is no fragment", (gateway, _, store) => store.answer(gateway, new Uint8Array(3))],
])("a gateway that %s is refused, and what was asked of it fails once it is closed", async ([, misbehave]) => {
  const { store, gateway } = offered();
  const asked = store.state(chain);
  const settled = Promise.allSettled([asked]);
  const [heard] = gateway.heard;
  expect(() => misbehave(gateway, heard!, store)).toThrow(ProtocolError);
  store.detach(gateway);
  const [outcome] = await settled;
  if (outcome.status === "rejected") expect(outcome.reason).toMatchObject(failed);
  else expect(outcome.value).toBeUndefined();
});

test("a gateway does not answer what another one was asked", async () => {
  const { store, gateway } = offered();
  const asked = store.state(chain);
  const other = new HandGateway(store);
  expect(() => other.answer(gateway.heard[0]!, { value: undefined })).toThrow(ProtocolError);
  gateway.answer(gateway.heard[0]!, { value: undefined });
  expect(await asked).toBeUndefined();
});

test("closing lets what was asked be answered, and nothing more be asked or waited for", async () => {
  const { store, gateway } = offered();
  const asked = store.state(chain);
  let closed = false;
  const closing = store.close().then(() => (closed = true));
  await expect(store.state(chain)).rejects.toMatchObject({ code: "store-closed" });
  await expect(store.whenOffered()).rejects.toMatchObject({ code: "store-closed" });
  expect(closed).toBe(false);
  gateway.answer(gateway.heard[0]!, { value: undefined });
  expect(await asked).toBeUndefined();
  await closing;
  const never = new LinkedStore();
  const waiting = never.whenOffered();
  await never.close();
  await expect(waiting).rejects.toMatchObject({ code: "store-closed" });
});
