/** What a contract in AssemblyScript declares, knows, causes and costs: as the SDK for TypeScript has it. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Call, Viewer } from "#contract/abi.ts";
import { CallContext } from "#contract/call-context.ts";
import { describeContract } from "#contract/describe.ts";
import { KeystreamRandom } from "#contract/random.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import { effectsMax } from "#protocol/limits.ts";
import type { OutsideAnswer } from "#protocol/request.ts";
import { ann, anyKey, ask, ben, buildTimeoutMs, effectsOf, loadProbe, openedRoom } from "./probe.ts";

const lines: string[] = [];
let probe: LoadedContract;
beforeAll(async () => {
  probe = await loadProbe(lines);
}, buildTimeoutMs);

const opened = (): Instance => openedRoom(probe);

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

  test("knows how many items are left where that is fewer than one call can award", () => {
    const room = opened();
    const left = (itemsLeft?: number): unknown => {
      const move = { call: "move", tick: 2, player: ann, move: { ask: "left", value: null } } as const;
      const [effect] = effectsOf(room, itemsLeft === undefined ? move : { ...move, itemsLeft });
      return effect?.effect === "send" && effect.message;
    };
    expect([left(), left(255), left(0), left()]).toEqual([effectsMax, 255, 0, effectsMax]);
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
