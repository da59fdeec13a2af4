/** A component is declared once; its rows belong to one room and are there while that room is called. */
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { checkTables } from "#protocol/check-tables.ts";
import { layoutsOf, type Row } from "#contract/components.ts";
import {
  accept,
  angle16,
  anyOf,
  bool,
  component,
  everyone,
  f32,
  f64,
  near,
  owner,
  range,
  refuse,
  revealed,
  team,
  text,
  u8,
  u16,
  type Contract,
} from "#contract/index.ts";
import { RoomTables } from "#contract/room-tables.ts";
import { TextColumn } from "#contract/text-column.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { inProcess } from "#testing/in-process.ts";
import { playRoom } from "#testing/play.ts";

const Body = component(
  { x: f32, z: f32, side: u8, heading: angle16, speed: range(0, 8, 6), tired: bool, tag: text(6) },
  { capacity: 4, audience: anyOf(team("side"), near(40)), position: true },
);
const Bomb = component({ fuse: u16 });
const components = { Body, Bomb };

const room = (): RoomTables => new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));

/** Runs a test in a room of its own. */
function inside<T>(look: () => T): T {
  const tables = room();
  tables.show();
  try {
    return look();
  } finally {
    tables.hide();
  }
}

describe("a declaration", () => {
  test("becomes a layout that the host accepts as it is", () => {
    const layouts = layoutsOf(components);
    expect(checkTables(layouts)).toEqual(layouts);
    const [body, bomb] = layouts;
    expect(body).toMatchObject({ name: "Body", capacity: 4, position: ["x", "z"] });
    const audiences = [
      { who: "team", field: "side" },
      { who: "near", radius: 40 },
    ];
    expect(body!.audience).toEqual({ who: "any", of: audiences });
    expect(body!.fields.slice(3, 5)).toEqual([
      { name: "heading", type: "angle16" },
      { name: "speed", type: "range", min: 0, max: 8, bits: 6 },
    ]);
    const fields = [{ name: "fuse", type: "u16" }];
    expect(bomb).toEqual({ name: "Bomb", capacity: 256, fields, audience: { who: "nobody" }, position: null });
  });

  test("does not depend on the order in which components are listed", () => {
    expect(layoutsOf({ Bomb, Body })).toEqual(layoutsOf({ Body, Bomb }));
  });

  test("says where a row is by x and z, by x and y, or by two names", () => {
    const position = (declared: Parameters<typeof layoutsOf>[0][string]): unknown =>
      layoutsOf({ A: declared })[0]!.position;
    expect(position(component({ x: f32, y: f32, z: f32 }, { position: true }))).toEqual(["x", "z"]);
    expect(position(component({ x: f32, y: f32 }, { position: true }))).toEqual(["x", "y"]);
    expect(position(component({ a: f64, b: f64 }, { position: ["b", "a"] }))).toEqual(["b", "a"]);
  });

  test("is refused by the host with the name of what is wrong", () => {
    const at = component({ y: f32 }, { audience: near(4), position: true });
    expect(() => checkTables(layoutsOf({ At: at }))).toThrow("tables.At.position");
    expect(() => checkTables(layoutsOf({ at }))).toThrow("tables");
  });

  test("that is no component is not listed", () => {
    expect(() => layoutsOf({ Body: { capacity: 4 } as never })).toThrow("components.Body");
  });

  test("gives each field its type", () => {
    expectTypeOf<Row<typeof Body>["tag"]>().toEqualTypeOf<string>();
    expectTypeOf<Row<typeof Body>["x"]>().toEqualTypeOf<number>();
    expectTypeOf<keyof Row<typeof Body>>().toEqualTypeOf<"x" | "z" | "side" | "heading" | "speed" | "tired" | "tag">();
    expectTypeOf<(typeof Body)["x"]>().toExtend<Float32Array>();
    expectTypeOf<(typeof Body)["tag"]>().toEqualTypeOf<TextColumn>();
    // @ts-expect-error -- there is no such field to name a team
    component({ side: u8 }, { audience: team("colour") });
    component({ side: u8 }, { audience: anyOf(owner, revealed(4), team("side")) });
    component({ side: u8 }, { audience: everyone });
  });
});

describe("rows", () => {
  test("are taken lowest first, until none is free", () => {
    inside(() => {
      expect([Body.spawn(7), Body.spawn(), Body.spawn(), Body.spawn(), Body.spawn()]).toEqual([0, 1, 2, 3, -1]);
      expect([...Body.owner]).toEqual([7, -1, -1, -1]);
      Body.despawn(2);
      Body.despawn(1);
      expect([Body.live[1], Body.spawn(3), Body.owner[1]]).toEqual([0, 1, 3]);
      expect(Array.from({ length: 4 }, (_, row) => Body.generation[row])).toEqual([1, 2, 1, 1]);
    });
  });

  test("are empty when they are taken into use again", () => {
    inside(() => {
      const row = Body.spawn();
      Body.x[row] = 3;
      Body.tag.set(row, "secret");
      Body.despawn(row);
      expect(Body.spawn()).toBe(row);
      expect([Body.x[row], Body.tag.get(row)]).toEqual([0, ""]);
    });
  });

  test("that are not there change nothing when they are freed or written", () => {
    const tables = room();
    tables.show();
    Body.despawn(4);
    Body.x[4] = 1;
    Body.despawn(-1);
    expect(tables.region.every((byte) => byte === 0)).toBe(true);
    expect(() => Body.tag.set(4, "a")).toThrow(RangeError);
    expect(() => Body.tag.get(0.5)).toThrow(RangeError);
    tables.hide();
  });

  test("count their tenants up to 65,535 and then from 0", () => {
    inside(() => {
      for (let i = 0; i < 65_536; i++) Bomb.despawn(Bomb.spawn());
      expect(Bomb.generation[0]).toBe(0);
    });
  });

  test("are nobody's outside of a call", () => {
    expect(() => Body.x[0]).toThrow(TypeError);
    expect(() => Body.spawn()).toThrow(TypeError);
    expect(Body.capacity).toBe(4);
    inside(() => Body.spawn());
    expect(() => Body.live[0]).toThrow(TypeError);
  });

  test("of two rooms in one process are not the same", () => {
    const [one, other] = [room(), room()];
    one.show();
    Body.x[Body.spawn()] = 1;
    other.show();
    expect(Body.spawn()).toBe(0);
    Body.x[0] = 2;
    one.show();
    expect([Body.x[0], Body.live[1]]).toEqual([1, 0]);
    one.hide();
  });
});

describe("text", () => {
  const column = (): TextColumn => new TextColumn(new Uint8Array(3 * 8), 8);

  test("is read as it was written, if it fits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 8 }), (drawn) => {
        const text = drawn.replaceAll("\0", "").toWellFormed();
        fc.pre(utf8ToBytes(text).length <= 8);
        const bytes = new Uint8Array(3 * 8).fill(0xff);
        const texts = new TextColumn(bytes, 8);
        texts.set(1, text);
        expect(texts.get(1)).toBe(text);
        expect(bytes.subarray(8, 8 + utf8ToBytes(text).length)).toEqual(utf8ToBytes(text));
        expect([bytes[7], bytes[16]]).toEqual([0xff, 0xff]);
      }),
      { numRuns: 500 },
    );
  });

  test.for([
    ["abcdefghij", "abcdefgh"],
    ["abcdefgé", "abcdefg"],
    ["abcdef€", "abcdef"],
    ["abcde😀", "abcde"],
    ["abcd😀", "abcd😀"],
    ["ab\0cd", "ab"],
    ["a\ud83d", "a\ufffd"],
    ["", ""],
  ])("%j is kept as %j", ([given, kept]) => {
    const texts = column();
    texts.set(0, "????????");
    texts.set(0, given!);
    expect(texts.get(0)).toBe(kept);
    expect(texts.get(1)).toBe("");
  });
});

interface Nothing {
  readonly done: boolean;
}

const counter: Contract<Nothing, string, number> = {
  name: "counter",
  players: { min: 1, max: 2 },
  pace: "ticks",
  components,
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: String(value) }) } },
  open: () => ({ done: false }),
  join: (_state, player) => void (Body.x[Body.spawn(player.seat)] = player.seat),
  apply(state, move) {
    Body.x[0]! += 1;
    return move === "refused" ? refuse("no") : accept(state);
  },
  tick: () => void (Body.z[0]! += 1),
  view(_state, viewer) {
    if (viewer.kind === "spectator") Body.x[0] = 100;
    return Body.x[0]!;
  },
};

describe("in plain Node", () => {
  test("rooms play beside each other, each with its own rows", () => {
    const rooms = [playRoom(counter), playRoom(counter)];
    const players = rooms.map((each) => each.join());
    players[0]!.move("up");
    players[0]!.move("up");
    players[1]!.move("up");
    expect(rooms.map((each) => each.inside(() => Body.x[0]))).toEqual([2, 1]);
    expect(() => Body.x[0]).toThrow(TypeError);
  });

  test("a room's tables are where the manifest says, and come back from a snapshot", () => {
    const loaded = inProcess(counter);
    const instance = loaded.instantiate();
    expect(instance.tables()).toHaveLength(RoomTables.lengthOf(components));
    const key = new Uint8Array(32);
    instance.call({ call: "open", tick: 0, key, options: {} });
    instance.call({ call: "join", tick: 1, key, player: { id: "a".repeat(32), seat: 1 } });
    instance.call({ call: "tick", tick: 2 });
    expect(instance.inside(() => [Body.owner[0], Body.x[0], Body.z[0]])).toEqual([1, 1, 1]);
    const again = loaded.restore(instance.snapshot());
    expect(again.tables()).toEqual(instance.tables());
    expect(again.fingerprint()).toEqual(instance.fingerprint());
    again.call({ call: "tick", tick: 3 });
    expect(again.tables()).not.toEqual(instance.tables());
    expect(again.fingerprint()).not.toEqual(instance.fingerprint());
  });

  test("a refusal that wrote a row faults the room, and so does a view that did", () => {
    const player = playRoom(counter).join();
    expect(() => player.move("refused")).toThrow("refuse before the first write");
    expect(() => playRoom(counter).watch()).toThrow("view changed the state");
  });
});
