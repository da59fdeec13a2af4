/** What a contract asks the world outside: at most once, when nothing can undo the question, and the answer is history. */
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { accept, refuse, type Contract, type OutsideAnswer } from "#contract/index.ts";
import { requestLimits } from "#protocol/request.ts";
import { Course } from "#enclave/room/course.ts";
import { decodeCourse } from "#enclave/room/course-codec.ts";
import { inProcess } from "#testing/in-process.ts";
import { alice, bob, openRoom, type RoomUnderTest } from "./harness.ts";

interface Heard {
  readonly answers: (readonly [id: string, what: string | number])[];
}

type AskerMove =
  | { readonly ask: string }
  | { readonly refuse: string }
  | { readonly fault: string }
  | { readonly end: string };

const url = "https://api.example/best";

/** Asks what it is told to, and shows what it heard. */
const asker: Contract<Heard, AskerMove, unknown> = {
  name: "asker",
  players: { min: 1, max: 2 },
  presence: "all",
  requests: ["https://api.example/"],
  moves: v.union([
    v.strictObject({ ask: v.string() }),
    v.strictObject({ refuse: v.string() }),
    v.strictObject({ fault: v.string() }),
    v.strictObject({ end: v.string() }),
  ]) as unknown as Contract<Heard, AskerMove, unknown>["moves"],
  open: () => ({ answers: [] }),
  apply(state, move, context) {
    for (const id of Object.values(move)[0]!.split(" ")) context.request(id, { url });
    if ("refuse" in move) return refuse("no");
    if ("fault" in move) throw new Error("boom");
    if ("end" in move) context.end(null);
    return accept(state);
  },
  answer: (state, { id, answer }) => void state.answers.push([id, "failed" in answer ? answer.failed : answer.status]),
  save: (state) => state as never,
  migrate: (saved) => saved as unknown as Heard,
  view: ({ answers }) => ({ answers }),
};

const loaded = inProcess(asker);
const ok: OutsideAnswer = { status: 200, contentType: "text/plain", body: Uint8Array.of(1) };

function played(contract: Contract<Heard, AskerMove, unknown> = asker): RoomUnderTest {
  const it = openRoom(contract);
  it.enter(1, alice);
  it.pass(100);
  return it;
}

function heard(it: RoomUnderTest): unknown {
  return (it.view(1) as { readonly answers: unknown } | undefined)?.answers;
}

const ids = (it: RoomUnderTest): string[] => it.asked.map(({ id }) => id);

const rulesOf = (contract = loaded) => ({
  contract,
  options: {},
  seed: new Uint8Array(32).fill(1),
  fault: () => undefined,
});

/** As a worker does that reads the log back. */
function repeated(it: RoomUnderTest): Course {
  const course = new Course(rulesOf());
  for (const boundary of it.boundaries) course.step(boundary);
  return course;
}

test("an answer is heard once, at a boundary of its own, and is in the log", () => {
  const it = played();
  it.move(1, 1, { ask: "best" });
  it.pass(100);
  expect(it.asked).toEqual([{ id: "best", request: { url, method: "GET" } }]);
  expect(heard(it)).toEqual([]);
  it.room.outside.answer("best", ok);
  it.pass(100);
  expect(heard(it)).toEqual([["best", 200]]);
  expect(it.boundaries.at(-1)!.inputs).toEqual([{ input: "answer", id: "best", answer: ok }]);
});

test.for([
  ["comes twice", ["best", "best"]],
  ["was never asked for", ["other", "best"]],
] as const)("an answer that %s is not heard", ([, answered]) => {
  const it = played();
  it.move(1, 1, { ask: "best" });
  it.pass(100);
  for (const id of answered) it.room.outside.answer(id, ok);
  it.pass(100);
  expect(heard(it)).toEqual([["best", 200]]);
});

test("nothing is asked before it is durable, and then once", () => {
  const it = played();
  it.journal.lag = 1;
  it.move(1, 1, { ask: "best" });
  it.pass(1000);
  it.room.release();
  expect(it.asked).toEqual([]);
  it.journal.lag = 0;
  it.room.release();
  it.room.release();
  it.pass(1000);
  expect(ids(it)).toEqual(["best"]);
});

test("a room that is frozen while its question waits asks when it is durable; one that is rolled back never", () => {
  for (const [reason, asked] of [
    ["store-unavailable", ["best"]],
    ["rolled-back", []],
  ] as const) {
    const it = played();
    it.journal.lag = 1;
    it.move(1, 1, { ask: "best" });
    it.pass(100);
    it.room.freeze(reason, it.now);
    it.journal.lag = 0;
    it.room.release();
    it.pass(1000);
    expect(ids(it)).toEqual(asked);
  }
});

test("a frozen room takes no answer, and hears it once it thaws", () => {
  const it = played();
  it.move(1, 1, { ask: "best" });
  it.pass(100);
  it.room.freeze("store-unavailable", it.now);
  it.room.outside.answer("best", ok);
  it.pass(1000);
  expect(heard(it)).toEqual([]);
  it.room.thaw(it.now);
  it.pass(100);
  expect(heard(it)).toEqual([["best", 200]]);
});

test("a room that waits for somebody hears the answer when that player is back", () => {
  const it = played();
  it.move(1, 1, { ask: "best" });
  it.pass(100);
  it.enter(2, bob);
  it.pass(100);
  it.room.drop(2, it.now);
  it.pass(100);
  it.room.outside.answer("best", ok);
  it.pass(1000);
  expect(heard(it)).toEqual([]);
  it.enter(3, bob);
  it.pass(100);
  expect(heard(it)).toEqual([["best", 200]]);
});

test.for([{ refuse: "best" }, { fault: "best" }])("a move that did not happen asks nothing: %j", (move) => {
  const it = played();
  it.move(1, 1, move);
  it.pass(100);
  expect(it.asked).toEqual([]);
  expect(repeated(it).underWay).toEqual([]);
});

test("a question that waits for its answer is not asked again; one that has it may be", () => {
  const it = played();
  it.move(1, 1, { ask: "best best" });
  it.move(1, 2, { ask: "best" });
  it.pass(100);
  expect(ids(it)).toEqual(["best"]);
  it.room.outside.answer("best", ok);
  it.pass(100);
  it.move(1, 3, { ask: "best" });
  it.pass(100);
  expect(ids(it)).toEqual(["best", "best"]);
});

test.for([
  [requestLimits.ids, "playing"],
  [requestLimits.ids + 1, "ended"],
] as const)("with %i questions that wait a room is %s", ([count, phase]) => {
  const it = played();
  it.move(1, 1, { ask: Array.from({ length: count }, (_, i) => `q${i}`).join(" ") });
  it.pass(100);
  expect(it.room.phase).toBe(phase);
  expect(it.asked.length).toBe(requestLimits.ids);
});

test("a room that is over hears nothing any more", () => {
  const it = played();
  it.move(1, 1, { end: "best" });
  it.pass(100);
  expect(ids(it)).toEqual(["best"]);
  it.room.outside.answer("best", ok);
  it.pass(100);
  expect(heard(it)).toEqual([]);
  expect(repeated(it).underWay).toEqual([]);
});

describe("a room that is repeated", () => {
  function interrupted(): RoomUnderTest {
    const it = played();
    it.move(1, 1, { ask: "first second" });
    it.pass(100);
    it.room.outside.answer("first", ok);
    it.pass(100);
    return it;
  }

  test("asks nobody, hears the same answers, and that the one on its way was interrupted: once", () => {
    const before = interrupted();
    const course = repeated(before);
    expect(course.views.of(0)!.value).toEqual({ answers: [["first", 200]] });
    const after = openRoom(asker, { course });
    after.enter(1, alice);
    after.pass(100);
    expect(after.asked).toEqual([]);
    expect(heard(after)).toEqual([
      ["first", 200],
      ["second", "interrupted"],
    ]);
    // Its first worker's answer comes late.
    after.room.outside.answer("second", ok);
    after.pass(100);
    expect(heard(after)).toHaveLength(2);
  });

  test("knows what is under way from a snapshot, too", () => {
    const saved = decodeCourse(interrupted().room.save());
    const course = new Course(rulesOf(), saved);
    expect(course.underWay).toEqual(["second"]);
    const after = openRoom(asker, { course });
    after.enter(1, alice);
    after.pass(100);
    expect(after.asked).toEqual([]);
    expect(heard(after)).toContainEqual(["second", "interrupted"]);
  });

  test("that was never answered is told again after the next crash, and remembers it after that", () => {
    const before = interrupted();
    // Twice: nobody came back to the first of them, so nothing was applied.
    openRoom(asker, { course: repeated(before) });
    const after = openRoom(asker, { course: repeated(before) });
    after.enter(1, alice);
    after.pass(100);
    const course = repeated(before);
    for (const boundary of after.boundaries) course.step(boundary);
    expect(course.underWay).toEqual([]);
    expect(course.views.of(0)!.value).toEqual({
      answers: [
        ["first", 200],
        ["second", "interrupted"],
      ],
    });
  });

  test("goes on by other rules, which hear of it", () => {
    const other = inProcess({ ...asker, fuel: 1_000_000 });
    const course = repeated(interrupted()).upgraded(rulesOf(other));
    const after = openRoom(asker, { course, loaded: other });
    after.enter(1, alice);
    after.pass(100);
    expect(after.asked).toEqual([]);
    expect(heard(after)).toContainEqual(["second", "interrupted"]);
  });

  test("before its first boundary asks what it asked as it opened: nobody has yet", () => {
    const eager = {
      ...asker,
      open: (context: Parameters<typeof asker.open>[0]) => (context.request("first", { url }), { answers: [] }),
    };
    const it = openRoom(eager);
    expect(it.asked).toEqual([]);
    it.enter(1, alice);
    it.pass(100);
    expect(ids(it)).toEqual(["first"]);
    const course = new Course(rulesOf(inProcess(eager)));
    for (const boundary of it.boundaries) course.step(boundary);
    expect(course.underWay).toEqual(["first"]);
  });
});

test("a contract that asks for nonsense faults, and nothing is asked", () => {
  const it = played({
    ...asker,
    apply(state, _move, context) {
      context.request("x", { url, method: "GET", body: "a body" });
      return accept(state);
    },
  });
  it.move(1, 1, { ask: "x" });
  it.pass(100);
  expect(it.outcomes(1)).toEqual([[1, "The rules failed on this move."]]);
  expect(it.asked).toEqual([]);
});
