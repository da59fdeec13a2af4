/** The SDK for AssemblyScript does what that for TypeScript does, asked through the engine. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import * as v from "valibot";
import { beforeAll, describe, expect, test } from "vitest";
import type { Call, Effect, Viewer } from "#contract/abi.ts";
import { CallContext } from "#contract/call-context.ts";
import { describeContract } from "#contract/describe.ts";
import { parseMove, shortReason } from "#contract/parse-move.ts";
import { KeystreamRandom } from "#contract/random.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { OutsideAnswer } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import { bundleOf } from "../support/bundles.ts";
import vectors from "../vectors/random.json" with { type: "json" };

const lines: string[] = [];
let probe: LoadedContract;

beforeAll(async () => {
  const bundle = await bundleOf(fileURLToPath(new URL("fixtures/assembly/probe.ts", import.meta.url)));
  probe = await (await contractEngine()).load(bundle, { log: (line) => lines.push(line) });
}, 120_000);

const ann = { id: "a".repeat(32), seat: 0 };
const ben = { id: "b".repeat(32), seat: 11 };
const anyKey = new Uint8Array(32).fill(5);

function opened(key: Uint8Array = anyKey): Instance {
  const room = probe.instantiate();
  room.call({ call: "open", tick: 0, key: anyKey, options: { speed: "fast", board: "small" } });
  room.call({ call: "join", tick: 1, key, player: ann });
  return room;
}

function effectsOf(room: Instance, call: Call): readonly Effect[] {
  const answer = room.call(call);
  if (answer.answer !== "done") throw new Error(answer.answer);
  if (answer.reason !== null) throw new Error(answer.reason);
  return answer.effects;
}

const ask = (room: Instance, what: string, value: Value): Value | undefined => {
  const [effect] = effectsOf(room, { call: "move", tick: 2, player: ann, move: { ask: what, value } });
  return effect?.effect === "send" ? effect.message : undefined;
};

describe("values", () => {
  const anyNumber = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.constantFrom(0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffffff, 0x100000000, -0x20, -0x21, -0x80, -0x81),
    fc.constantFrom(-0x8000, -0x8001, -0x80000000, -0x80000001, 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 1e308, 5e-324),
  );
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("x".repeat(31), "x".repeat(32), "é".repeat(128), "😀".repeat(20_00), "€".repeat(6000), "\u0000"),
  );
  const { tree: anyTree } = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      anyNumber,
      anyText,
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie("tree"), { maxLength: 20 }),
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== "__proto__"),
        tie("tree"),
        { maxKeys: 20, noNullPrototype: true },
      ),
    ),
  }));

  test("come in and go out again as they were", () => {
    const room = opened();
    fc.assert(
      fc.property(anyTree, (value) => {
        const sent = decodeMsgpack(encodeMsgpack(value)) as Value;
        expect(ask(room, "echo", value)).toEqual(sent);
        expect(encodeMsgpack(ask(room, "echo", value))).toEqual(encodeMsgpack(value));
      }),
      { numRuns: 400 },
    );
  });

  test("that are numbers are the same numbers", () => {
    const room = opened();
    fc.assert(
      fc.property(fc.array(anyNumber, { maxLength: 30 }), (numbers) => {
        expect(ask(room, "numbers", numbers)).toEqual(numbers);
      }),
    );
  });

  test("of many parts and bytes fit", () => {
    const room = opened();
    const long = Array.from({ length: 9000 }, (_, i) => i);
    expect(ask(room, "echo", long)).toEqual(long);
    const bytes = new Uint8Array(60_000).fill(3);
    expect(ask(room, "echo", bytes)).toEqual(bytes);
  });
});

describe("random numbers", () => {
  test.for(vectors.draws)("are those of every contract: $draw", ({ key, draw, results }) => {
    const room = opened(hexToBytes(key));
    const questions: Record<string, [string, Value]> = {
      "below 6": ["below", { draws: 1, below: 6 }],
      "below 3221225472": ["below", { draws: 1, below: 3_221_225_472 }],
      unit: ["unit", null],
      "bytes 3": ["bytes", 3],
      "shuffle 10": ["shuffle", Array.from({ length: 10 }, (_, i) => i)],
    };
    const drawn = results.map(() => {
      const message = ask(room, ...questions[draw]!);
      if (message instanceof Uint8Array) return bytesToHex(message);
      return draw.startsWith("below") ? (message as Value[])[0] : message;
    });
    expect(drawn).toEqual(results);
  });

  test("go on from one call to the next, over the blocks of the stream", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(fc.tuple(fc.nat(150), fc.integer({ min: 1, max: 2 ** 32 - 1 })), { minLength: 1, maxLength: 8 }),
        (key, draws) => {
          const room = opened(key);
          const random = new KeystreamRandom(key);
          for (const [length, below] of draws) {
            expect(ask(room, "bytes", length)).toEqual(random.bytes(length));
            expect(ask(room, "below", { draws: 3, below })).toEqual([0, 0, 0].map(() => random.below(below)));
            expect(ask(room, "unit", null)).toBe(random.unit());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("drawn by a move that is refused are drawn again", () => {
    const room = opened();
    const random = new KeystreamRandom(anyKey);
    expect(ask(room, "bytes", 5)).toEqual(random.bytes(5));
    for (const length of [0, 3, 200]) {
      const move = { ask: "refuse", value: length };
      const answer = room.call({ call: "move", tick: 2, player: ann, move });
      expect(answer).toEqual({ answer: "done", reason: shortReason("a reason ".repeat(40)), effects: [] });
    }
    expect(ask(room, "bytes", 70)).toEqual(random.bytes(70));
  });

  test("begin anew with the key of whoever joins", () => {
    const room = opened();
    ask(room, "bytes", 11);
    const key = new Uint8Array(32).fill(77);
    room.call({ call: "join", tick: 3, key, player: ben });
    expect(ask(room, "bytes", 20)).toEqual(new KeystreamRandom(key).bytes(20));
  });
});

describe("a move that is none", () => {
  const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
  const thing = v.strictObject({
    name: v.pipe(v.string(), v.maxLength(5)),
    side: v.picklist(["left", "right"]),
    only: v.picklist(["one"]),
    on: v.boolean(),
    count: whole(-3, 3),
    share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    key: v.pipe(v.instance(Uint8Array), v.maxLength(2)),
    list: v.pipe(v.array(whole(0, 9)), v.maxLength(3)),
    pair: v.strictTuple([v.boolean(), v.string()]),
    nested: v.strictObject({ deep: v.number() }),
    maybe: v.optional(v.boolean()),
  });
  const right = {
    name: "abc",
    side: "left",
    only: "one",
    on: true,
    count: 2,
    share: 0.5,
    key: Uint8Array.of(1),
    list: [1, 2],
    pair: [true, "x"],
    nested: { deep: 1e9 },
    maybe: false,
  };
  const words = (move: Value): string | null => {
    const parsed = parseMove(v.object({ schema: thing }), { schema: move });
    return parsed.ok ? null : parsed.reason;
  };
  const said = (room: Instance, move: Value): string | null => {
    const answer = room.call({ call: "move", tick: 2, player: ann, move: { schema: move } });
    return answer.answer === "done" ? answer.reason : "no answer";
  };

  test("is refused in valibot's words, the first of them and how many more there are", () => {
    const room = opened();
    const anyWrong = fc.oneof(
      fc.constantFrom<Value>(
        null,
        true,
        "",
        "left",
        "toolong",
        0,
        -1,
        7,
        1.5,
        1e300,
        -2.25,
        [],
        [1, 2, 3],
        [1, 2, 3, 4],
      ),
      fc.constantFrom<Value>(
        {},
        { deep: 1 },
        { deep: "x" },
        { deep: 1, more: 2 },
        new Uint8Array(1),
        new Uint8Array(3),
      ),
      fc.constantFrom<Value>([true, "x"], [true], [1, 2], [true, "x", null], [1.5, 10, null], [[]]),
    );
    const anyThing = fc
      .tuple(
        fc.subarray(Object.keys(right)),
        fc.subarray([...Object.keys(right), "extra", "another"], { maxLength: 4 }),
      )
      .chain(([keys, changed]) =>
        fc.tuple(...changed.map(() => anyWrong)).map((wrong) => {
          const kept = Object.entries(right).filter(([key]) => keys.length % 2 === 0 || keys.includes(key));
          return Object.fromEntries([...kept, ...changed.map((key, i) => [key, wrong[i]!] as const)]) as Value;
        }),
      );
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: anyThing }, anyWrong), (move) => {
        // Where a list is too long and its items are wrong as well, valibot names the items first.
        const list = (move as { list?: unknown } | null)?.list;
        fc.pre(!Array.isArray(list) || list.length <= 3);
        expect(said(room, move)).toBe(words(move));
      }),
      { numRuns: 1500 },
    );
  });

  test("is refused where a list is too long", () => {
    const long = { ...right, list: [1, 2, 3, 4] };
    expect(said(opened(), long)).toBe(words(long));
  });

  test("is let through where all is right", () => {
    expect(said(opened(), right)).toBeNull();
    expect(words(right)).toBeNull();
  });
});

describe("a contract", () => {
  test("declares what it says and the defaults of TypeScript for the rest", () => {
    const plain = describeContract({
      name: "probe",
      players: { min: 1, max: 12 },
      pace: "ticks",
      hz: 30,
      spectators: 7,
      graceMs: 1000,
      pauseMs: 2000,
      options: { speed: ["slow", "fast"], board: ["small"] },
      memoryPages: 64,
      fuel: 150_000_000,
      reveal: "at-end",
      records: true,
      requests: ["https://api.example/a/", "https://api.example/b/"],
    } as unknown as Parameters<typeof describeContract>[0]);
    // The host sorts the names of options.
    expect(probe.manifest).toEqual({ ...plain, options: { board: ["small"], speed: ["slow", "fast"] } });
  });

  test("knows tick, options, who is seated, and sees who looks", () => {
    const room = opened();
    room.call({ call: "join", tick: 2, key: anyKey, player: ben });
    room.call({ call: "join", tick: 3, key: anyKey, player: { id: "c".repeat(32), seat: 4 } });
    room.call({ call: "leave", tick: 4, player: ann });
    const seen = ["open at 0 with fast small", "seat 0 of 0", "seat 11 of 0 11", "seat 4 of 0 4 11", "seat 0 left 2"];
    expect(room.call({ call: "view", tick: 5, viewers: [{ kind: "player", ...ben }, { kind: "spectator" }] })).toEqual({
      answer: "views",
      views: [
        { seat: 11, id: ben.id, seen },
        { seat: -1, id: "", seen },
      ],
    });
    expect(ask(opened(), "who", null)).toEqual(ann);
  });

  test.for([0, 1, 0.01, 1.1, 2.5, 1 / 3, 100])("counts %s seconds in ticks as TypeScript does", (seconds) => {
    const random = new KeystreamRandom(anyKey);
    const context = new CallContext({ tick: 0, hz: 30, random, options: {}, players: [] });
    expect(ask(opened(), "seconds", seconds)).toBe(context.seconds(seconds) + 0);
  });

  test("schedules later ticks only, with or without a payload", () => {
    const move = { ask: "schedule", value: 2 };
    expect(effectsOf(opened(), { call: "move", tick: 2 ** 40, player: ann, move })).toEqual([
      { effect: "schedule", name: "soon", tick: 2 ** 40 + 1, payload: null },
      { effect: "schedule", name: "later", tick: 2 ** 40 + 60, payload: "payload" },
    ]);
  });

  test("asks servers, with or without a body, and hears what came of it", () => {
    const room = opened();
    const url = "https://api.example";
    expect(effectsOf(room, { call: "move", tick: 2, player: ann, move: { ask: "request", value: "é" } })).toEqual([
      { effect: "request", id: "first", request: { url: `${url}/a/1`, method: "GET" } },
      {
        effect: "request",
        id: "second",
        request: { url: `${url}/b/2`, method: "POST", body: "é", contentType: "application/json" },
      },
      {
        effect: "request",
        id: "third",
        request: { url: `${url}/b/3`, method: "POST", body: "", contentType: "text/plain" },
      },
    ]);
    const heard = (answer: OutsideAnswer): unknown => {
      const [effect] = effectsOf(room, { call: "answer", tick: 3, id: "first", answer });
      return effect?.effect === "send" && effect.message;
    };
    const body = Uint8Array.of(1, 2);
    const nothing = { failed: "", status: 0, type: "", body: new Uint8Array(0) };
    expect(heard({ failed: "interrupted" })).toEqual({ ...nothing, id: "first", failed: "interrupted" });
    expect(heard({ status: 404, contentType: "text/plain", body })).toEqual({
      ...nothing,
      id: "first",
      status: 404,
      type: "text/plain",
      body,
    });
  });

  test("uses items up, and hears whether they are", () => {
    const room = opened();
    const effects = effectsOf(room, {
      call: "move",
      tick: 2,
      player: ann,
      move: { ask: "consume", value: "1-a-b-c-1" },
    });
    expect(effects).toEqual([{ effect: "consume", player: ann.id, item: "1-a-b-c-1" }]);
    const heard = (refused: ConsumeRefusal | null): unknown => {
      const call: Call = { call: "consumed", tick: 3, owner: ann.id, item: "1-a-b-c-1", refused };
      const [effect] = effectsOf(room, call);
      return effect?.effect === "send" && effect.message;
    };
    expect(heard(null)).toEqual([ann.id, "1-a-b-c-1", ""]);
    expect(heard("item-used")).toEqual([ann.id, "1-a-b-c-1", "item-used"]);
    for (const value of ["", "x".repeat(513)]) {
      const move = { ask: "consume", value };
      expect(() => effectsOf(opened(), { call: "move", tick: 2, player: ann, move })).toThrow("call-faulted");
    }
  });

  test("lets through, keeps and reports; hears what somebody brings", () => {
    const room = opened();
    const to = "ab".repeat(10);
    expect(effectsOf(room, { call: "move", tick: 2, player: ann, move: { ask: "travel", value: to } })).toEqual([
      { effect: "travel", player: ann.id, room: to, contract: "dot4", payload: ["along"] },
      { effect: "record", player: ann.id, record: { found: 3 } },
      { effect: "report", report: "foul" },
    ]);
    const arrival = { room: to, contract: "hub", payload: null, back: null };
    const brought = (call: Call): unknown => {
      const [effect] = effectsOf(room, call);
      return effect?.effect === "send" && effect.message;
    };
    const joins = { call: "join", tick: 3, key: anyKey, player: { id: "ef".repeat(16), seat: 4 } } as const;
    expect(brought({ ...joins, record: { found: 2 }, arrival, moderator: true })).toEqual({
      kept: { found: 2 },
      from: to,
      moderator: true,
    });
    expect(brought({ call: "returned", tick: 4, player: ann, arrival })).toEqual({
      kept: null,
      from: to,
      moderator: false,
    });
    expect(effectsOf(room, { call: "returned", tick: 5, player: ann })).toEqual([]);
  });

  test("touches, sends to one, and says a result between other effects", () => {
    const room = opened();
    expect(effectsOf(room, { call: "tick", tick: 3 })).toEqual([
      { effect: "touch", who: "everyone" },
      { effect: "touch", who: { player: ann.id } },
    ]);
    expect(effectsOf(room, { call: "timer", tick: 3, name: "soon", payload: [1, { a: null }] })).toEqual([
      { effect: "send", to: { player: ann.id }, message: { soon: [1, { a: null }] } },
    ]);
    expect(room.call({ call: "abandon", tick: 4, absent: [ann] })).toEqual({
      answer: "done",
      reason: null,
      effects: [
        { effect: "cancel", name: "before" },
        { effect: "cancel", name: "after" },
      ],
      result: ["the result"],
    });
  });

  test("prints for its author", () => {
    ask(opened(), "log", "häß 😀");
    expect(lines).toContain("häß 😀");
  });

  test.for<[string, Viewer, RegExp]>([
    ["ask for anything", { kind: "player", ...ann }, /^this context belongs to a call that is over\n/],
    ["draw", { kind: "spectator" }, /^random numbers are drawn in rules only/],
  ])("cannot %s while a view is built", ([, viewer, sentence]) => {
    const room = opened();
    ask(room, "keep", null);
    expect(() => room.call({ call: "view", tick: 3, viewers: [viewer] })).toThrow(
      expect.objectContaining({ detail: expect.stringMatching(sentence) as string }),
    );
  });

  test("keeps no more memory than it needs, however long it is played", () => {
    const room = opened();
    const { pages } = room.usage;
    for (let i = 0; i < 3000; i++) ask(room, "echo", [i, "text", { i }]);
    for (let i = 0; i < 3000; i++) room.call({ call: "view", tick: 9, viewers: [{ kind: "spectator" }] });
    expect(room.usage.pages).toBe(pages);
  });

  test("pays for its memory by what is in it, not by how many kinds of things could be", () => {
    const room = opened();
    const tick = (): number => {
      room.call({ call: "tick", tick: 5 });
      return room.usage.fuel;
    };
    const before = tick();
    // A list of this kind is two objects.
    ask(room, "hoard", 1000);
    expect(tick() - before).toBeLessThan(2000 * 1000);
  });
});
