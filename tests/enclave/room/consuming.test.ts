/** Items that a contract uses up: asked for when nothing can undo it, the same use however often, and the answer is history. */
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { accept, consumeRefusals, refuse, type Contract } from "#contract/index.ts";
import { Course } from "#enclave/room/course.ts";
import { decodeCourse } from "#enclave/room/course-codec.ts";
import { consumingMax } from "#protocol/consumption.ts";
import { inProcess } from "#testing/in-process.ts";
import { alice, bob, openRoom, type RoomUnderTest } from "./harness.ts";

interface Drunk {
  readonly heard: (readonly [player: string, item: string, refused: string | null])[];
  readonly owned: (readonly string[] | null)[];
}

const moves = v.strictObject({
  drink: v.string(),
  after: v.optional(v.picklist(["refuse", "fault", "end", "look"])),
});

/** Drinks what it is told to, and shows what it heard and what it sees that players own. */
const drinker: Contract<Drunk, v.InferOutput<typeof moves>, unknown> = {
  name: "drinker",
  players: { min: 1, max: 2 },
  presence: "all",
  moves,
  open: () => ({ heard: [], owned: [] }),
  items: () => undefined,
  apply(state, { drink, after }, context) {
    if (after === "look") state.owned.push(context.player.items?.map(({ id }) => id) ?? null);
    else for (const item of drink.split(" ")) context.consume(context.player, item);
    if (after === "refuse") return refuse("no");
    if (after === "fault") throw new Error("boom");
    if (after === "end") context.end(null);
    return accept(state);
  },
  consumed: (state, { player, item, refused }) => void state.heard.push([player, item, refused]),
  view: (state) => state,
};

const loaded = inProcess(drinker);
const held = (id: string) => ({ id, collection: "c", symbol: "s", metadata: null, inside: null, slot: null });

function played(): RoomUnderTest {
  const it = openRoom(drinker);
  it.enter(1, alice);
  it.pass(100);
  return it;
}

function drink(it: RoomUnderTest, n: number, items: string, after?: "refuse" | "fault" | "end" | "look"): void {
  it.move(1, n, after === undefined ? { drink: items } : { drink: items, after });
  it.pass(100);
}

const viewOf = (it: RoomUnderTest): Drunk => it.view(1) as unknown as Drunk;
const asked = (it: RoomUnderTest): string[] => it.consuming.map(({ n, item }) => `${n} ${item}`);

const setup = () => ({
  contract: loaded,
  options: {},
  seed: new Uint8Array(32).fill(1),
  fault: () => undefined,
});

/** As a worker does that reads the log back. */
function repeated(it: RoomUnderTest): Course {
  const course = new Course(setup());
  for (const boundary of it.boundaries) course.step(boundary);
  return course;
}

test("whether an item is used up is heard once, at a boundary of its own, and is in the log", () => {
  const it = played();
  drink(it, 1, "potion");
  expect(it.consuming).toEqual([{ n: 1, player: alice, item: "potion" }]);
  expect(viewOf(it).heard).toEqual([]);
  it.room.outside.consumed(1, null);
  it.room.outside.consumed(1, "item-used");
  it.room.outside.consumed(2, null);
  it.pass(100);
  expect(viewOf(it).heard).toEqual([[alice, "potion", null]]);
  expect(it.boundaries.at(-1)!.inputs[0]).toEqual({ input: "consumed", n: 1, refused: null });
});

test("why it is not is heard by its code, and has a sentence", () => {
  const it = played();
  drink(it, 1, "potion");
  it.room.outside.consumed(1, "not-owner");
  it.pass(100);
  expect(viewOf(it).heard).toEqual([[alice, "potion", "not-owner"]]);
  expect(consumeRefusals["not-owner"]).toBe("This item is not yours.");
});

test("one item twice in one turn is two uses, of which whoever keeps them lets the first count", () => {
  const it = played();
  drink(it, 1, "potion potion");
  expect(asked(it)).toEqual(["1 potion", "2 potion"]);
  it.room.outside.consumed(1, null);
  it.room.outside.consumed(2, "item-used");
  it.pass(100);
  expect(viewOf(it).heard.map(([, , refused]) => refused)).toEqual([null, "item-used"]);
});

test("what is used up is not among what a player owns any more, from the moment on in which it is heard", () => {
  const it = played();
  it.room.outside.tellItems(alice, [held("potion"), held("cup")]);
  drink(it, 1, "", "look");
  drink(it, 2, "potion cup");
  it.room.outside.consumed(1, null);
  it.room.outside.consumed(2, "item-listed");
  drink(it, 3, "", "look");
  expect(viewOf(it).owned).toEqual([["potion", "cup"], ["cup"]]);
});

test("nothing is used up before all that led to it is durable, and then it is asked for once", () => {
  const it = played();
  it.journal.lag = 1;
  drink(it, 1, "potion");
  it.room.release();
  expect(it.consuming).toEqual([]);
  it.journal.lag = 0;
  it.room.release();
  it.room.release();
  it.pass(1000);
  expect(asked(it)).toEqual(["1 potion"]);
});

test("a room that is rolled back uses nothing up", () => {
  const it = played();
  it.journal.lag = 1;
  drink(it, 1, "potion");
  it.room.freeze("rolled-back", it.now);
  it.journal.lag = 0;
  it.room.release();
  it.pass(1000);
  expect(it.consuming).toEqual([]);
});

test.for(["refuse", "fault"] as const)("a move that did not happen (%s) uses nothing up", (after) => {
  const it = played();
  drink(it, 1, "potion", after);
  expect(it.consuming).toEqual([]);
  expect(repeated(it).consuming).toEqual([]);
});

test.for([
  [consumingMax, "playing"],
  [consumingMax + 1, "ended"],
] as const)("with %i items of which nothing is known a room is %s", ([count, phase]) => {
  const it = played();
  drink(it, 1, Array.from({ length: count }, (_, i) => `item${i}`).join(" "));
  expect(it.room.phase).toBe(phase);
  expect(it.consuming).toHaveLength(consumingMax);
});

test("a room that is over hears nothing of it, and does not ask again", () => {
  const it = played();
  drink(it, 1, "potion", "end");
  it.room.outside.consumed(1, null);
  it.pass(100);
  expect(viewOf(it).heard).toEqual([]);
  expect(repeated(it).consuming).toEqual([]);
});

test("whoever has left meanwhile is named all the same", () => {
  const it = played();
  it.enter(2, bob);
  it.pass(100);
  it.move(2, 1, { drink: "potion" });
  it.pass(100);
  it.room.receive(2, { type: "leave" }, it.now);
  it.room.outside.consumed(1, null);
  it.pass(100);
  expect(viewOf(it).heard).toEqual([[bob, "potion", null]]);
});

describe("a room that is repeated", () => {
  /** Of two uses one is known. */
  function stopped(): RoomUnderTest {
    const it = played();
    drink(it, 1, "first second");
    it.room.outside.consumed(1, null);
    it.pass(100);
    return it;
  }

  test.for<[string, (it: RoomUnderTest) => Course]>([
    ["its log", repeated],
    ["a snapshot", (it) => new Course(setup(), decodeCourse(it.room.save()))],
  ])("from %s asks again for what nobody knows, as the same use, and hears of it once", ([, from]) => {
    const after = openRoom(drinker, { course: from(stopped()) });
    expect(asked(after)).toEqual(["2 second"]);
    after.enter(1, alice);
    after.pass(100);
    after.room.outside.consumed(2, null);
    after.room.outside.consumed(1, "item-used");
    after.pass(100);
    expect(viewOf(after).heard).toEqual([
      [alice, "first", null],
      [alice, "second", null],
    ]);
    after.move(1, 2, { drink: "third" });
    after.pass(100);
    expect(asked(after)).toEqual(["2 second", "3 third"]);
  });

  test("hears what it heard, and asks nobody", () => {
    const it = stopped();
    it.room.outside.consumed(2, "item-used");
    it.pass(100);
    const course = repeated(it);
    expect(course.consuming).toEqual([]);
    expect(course.views.of(0)!.value).toMatchObject({
      heard: [
        [alice, "first", null],
        [alice, "second", "item-used"],
      ],
    });
    expect(course.memory()).toEqual(repeated(it).memory());
  });
});
