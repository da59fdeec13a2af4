/** Whatever the rules do and however slow a link is: what a client knows becomes exactly what its player may see. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  angle16,
  anyOf,
  component,
  everyone,
  f32,
  i16,
  near,
  owner,
  revealed,
  team,
  text,
  u8,
} from "#contract/index.ts";
import { entitiesLengthMax, frameHeaderLength } from "#protocol/limits.ts";
import { EntityStage, playerOf, type Reader, type StageOptions } from "./stage.ts";

const seats = 3;

const kinds = () => {
  const Body = component(
    { x: f32, z: f32, heading: angle16 },
    { capacity: 24, audience: near(10, { full: 4, far: 3 }), position: true },
  );
  const Sign = component({ words: text(9), size: u8 }, { capacity: 12, audience: everyone });
  const Mixed = component(
    { side: i16, x: f32, z: f32 },
    {
      capacity: 24,
      audience: anyOf(owner, team("side"), near(6, { full: 2, far: 5 }), revealed(seats)),
      position: true,
    },
  );
  const Secret = component({ x: f32, z: f32 }, { capacity: 12, position: true });
  return { Body, Sign, Mixed, Secret };
};

type Kinds = ReturnType<typeof kinds>;
type Kind = keyof Kinds;

type Act =
  | { readonly act: "spawn"; readonly kind: Kind; readonly owner: number; readonly x: number; readonly z: number }
  | { readonly act: "despawn" | "turn"; readonly kind: Kind; readonly row: number }
  | { readonly act: "move"; readonly kind: Kind; readonly row: number; readonly x: number; readonly z: number }
  | { readonly act: "own" | "reveal" | "hide"; readonly row: number; readonly seat: number }
  | { readonly act: "write"; readonly row: number; readonly words: string }
  | { readonly act: "focus"; readonly seat: number; readonly kind: "Body" | "Mixed" | "Secret"; readonly row: number }
  | { readonly act: "team"; readonly seat: number; readonly team: number | null }
  | { readonly act: "slow"; readonly seat: number; readonly bytes: number };

const kind = fc.constantFrom<Kind>("Body", "Sign", "Mixed", "Secret");
const place = fc.integer({ min: -40, max: 40 }).map((quarters) => quarters / 4);
const row = fc.nat(11);
const seat = fc.nat(seats - 1);

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant("spawn" as const), kind, owner: fc.integer({ min: -1, max: 2 }), x: place, z: place }),
  fc.record({ act: fc.constantFrom("despawn" as const, "turn" as const), kind, row }),
  fc.record({ act: fc.constant("move" as const), kind, row, x: place, z: place }),
  fc.record({ act: fc.constantFrom("own" as const, "reveal" as const, "hide" as const), row, seat }),
  fc.record({ act: fc.constant("write" as const), row, words: fc.string({ unit: "binary", maxLength: 5 }) }),
  fc.record({
    act: fc.constant("focus" as const),
    seat,
    kind: fc.constantFrom("Body" as const, "Mixed" as const, "Secret" as const),
    row,
  }),
  fc.record({ act: fc.constant("team" as const), seat, team: fc.constantFrom(null, 0, 1, 2) }),
  fc.record({ act: fc.constant("slow" as const), seat, bytes: fc.constantFrom(0, 64 * 1024, 256 * 1024) }),
);

function perform(stage: EntityStage, { Body, Sign, Mixed, Secret }: Kinds, acts: readonly Act[]): void {
  const all = { Body, Sign, Mixed, Secret };
  const placed = (of: Kind) => (of === "Sign" ? undefined : all[of]);
  stage.inside(() => {
    for (const one of acts) {
      switch (one.act) {
        case "spawn": {
          const at = all[one.kind].spawn(one.owner);
          const there = placed(one.kind);
          if (at === -1 || there === undefined) break;
          there.x[at] = one.x;
          there.z[at] = one.z;
          break;
        }
        case "despawn":
          all[one.kind].despawn(one.row);
          break;
        case "turn":
          Body.heading[one.row]! += 0.3;
          Mixed.side[one.row] = (Mixed.side[one.row]! + 1) % 3;
          break;
        case "move": {
          const there = placed(one.kind);
          if (there === undefined) break;
          there.x[one.row] = one.x;
          there.z[one.row] = one.z;
          break;
        }
        case "own":
          Mixed.owner[one.row] = one.seat;
          break;
        case "reveal":
          Mixed.reveal(one.row, one.seat);
          break;
        case "hide":
          Mixed.hide(one.row, one.seat);
          break;
        case "write":
          Sign.words.set(one.row, one.words);
          break;
        case "focus":
          stage.focus(one.seat, all[one.kind].entity(one.row));
          break;
        case "team":
          stage.viewpoints.team(playerOf(one.seat), one.team);
          break;
        case "slow":
          stage.readers[one.seat]!.buffered = one.bytes;
      }
    }
  });
}

/** Written from the rules of audiences alone: rows as text, with what is certain, and what hysteresis leaves open. */
function allowed(stage: EntityStage, { Body, Sign, Mixed, Secret }: Kinds, reader: Reader) {
  const of = (rows: Record<Kind, { must: string[]; may: string[] }>, name: Kind, open: boolean, text: string) =>
    void (open ? rows[name].may : rows[name].must).push(text);
  return stage.inside(() => {
    const rows: Record<Kind, { must: string[]; may: string[] }> = {
      Body: { must: [], may: [] },
      Sign: { must: [], may: [] },
      Mixed: { must: [], may: [] },
      Secret: { must: [], may: [] },
    };
    const own = reader.seat?.seat ?? -1;
    const focus = stage.viewpoints.focusOf(reader.player);
    const focused = focus && { Body, Mixed, Secret }[focus.table as "Body"];
    const eye =
      focus && focused && focused.live[focus.row] === 1 && focused.generation[focus.row] === focus.generation
        ? [focused.x[focus.row]!, focused.z[focus.row]!]
        : undefined;
    const away = (x: number, z: number) => (eye === undefined ? Infinity : Math.hypot(x - eye[0]!, z - eye[1]!));
    for (let at = 0; at < Body.capacity; at++) {
      if (Body.live[at] === 1 && own !== -1) {
        const distance = away(Body.x[at]!, Body.z[at]!);
        const text = JSON.stringify([Body.x[at], Body.z[at]]);
        if (distance <= 10) of(rows, "Body", distance > (10 * 15) / 16, text);
      }
      if (Mixed.live[at] === 1 && own !== -1) {
        const distance = away(Mixed.x[at]!, Mixed.z[at]!);
        const otherwise =
          Mixed.owner[at] === own ||
          Mixed.side[at] === stage.viewpoints.teamOf(reader.player) ||
          Mixed.isRevealed(at, own);
        const text = JSON.stringify([Mixed.side[at], Mixed.x[at], Mixed.z[at]]);
        if (otherwise || distance <= 6) of(rows, "Mixed", !otherwise && distance > (6 * 15) / 16, text);
      }
      if (at < Sign.capacity && Sign.live[at] === 1) of(rows, "Sign", false, JSON.stringify([Sign.words.get(at)]));
    }
    return rows;
  });
}

function check(stage: EntityStage, all: Kinds, reader: Reader): void {
  const rows = allowed(stage, all, reader);
  const known = (of: Kind, fields: readonly string[]): string[] =>
    Array.from(stage.seen(reader, all[of]).values(), (values) => JSON.stringify(fields.map((name) => values[name])));
  const fieldsOf = { Body: ["x", "z"], Sign: ["words"], Mixed: ["side", "x", "z"], Secret: ["x", "z"] } as const;
  for (const of of Object.keys(fieldsOf) as Kind[]) {
    const left = known(of, fieldsOf[of]);
    for (const text of rows[of].must) {
      const at = left.indexOf(text);
      if (at === -1) throw new Error(`${of} ${text} is not shown`);
      left.splice(at, 1);
    }
    for (const text of rows[of].may) {
      const at = left.indexOf(text);
      if (at !== -1) left.splice(at, 1);
    }
    if (left.length > 0) throw new Error(`${of} ${left.join()} is shown`);
  }
}

function play(steps: readonly (readonly Act[])[], options: StageOptions): EntityStage {
  const all = kinds();
  const stage = new EntityStage(all, { seats, ...options });
  for (let i = 0; i < seats; i++) stage.join(i);
  stage.connect(undefined);
  let late = false;
  for (const acts of steps) {
    perform(stage, all, acts);
    stage.step(undefined, true);
    if (!late && stage.tick > 5) stage.connect(0);
    late ||= stage.tick > 5;
  }
  for (const reader of stage.readers) reader.buffered = 0;
  // Nothing more happens: what was left is told, and what is far.
  for (let i = 0; i < 60; i++) stage.step();
  for (const reader of stage.readers) check(stage, all, reader);
  return stage;
}

const steps = fc.array(fc.array(act, { maxLength: 12 }), { minLength: 1, maxLength: 30 });

test.for([
  ["rooms that tick", {}],
  ["rooms that take turns", { pace: "turns" }],
  ["frames of one size", { frameBytes: 128 }],
  ["turns and frames of one size", { pace: "turns", frameBytes: 128 }],
] as const)("after the last step every client knows what its player may see, and nothing else: %s", ([, options]) => {
  fc.assert(
    fc.property(steps, (drawn) => void play(drawn, options)),
    { numRuns: 60 },
  );
});

describe("frames of one size", () => {
  test("are as many, whatever there is to say, and each message fits one", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const stage = play(drawn, { frameBytes: 128 });
        for (const [i, { told }] of stage.readers.entries()) {
          if (i <= seats) expect(told.length).toBe(drawn.length + 60);
          for (const { bytes } of told) expect(bytes.length).toBeLessThanOrEqual(128 - frameHeaderLength);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("in rooms that take turns follow what the host sees come in, and not what it means", () => {
    const counts = [0, 1, 20].map((spawned) => {
      const all = kinds();
      const stage = new EntityStage(all, { seats, pace: "turns", frameBytes: 128 });
      const reader = stage.join(0);
      for (let i = 0; i < 60; i++) stage.step();
      const before = reader.told.length;
      stage.step(() => {
        for (let i = 0; i < spawned; i++) all.Mixed.spawn(0);
      }, true);
      for (let i = 0; i < 60; i++) stage.step();
      return [before, reader.told.length];
    });
    expect(counts[0]![1]).toBeGreaterThan(counts[0]![0]!);
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[2]).toEqual(counts[0]);
  });
});

describe("a slow link", () => {
  const Dot = component({ value: u8 }, { capacity: 8000, audience: owner });

  test("far behind gets nothing, and then the newest state at once", () => {
    const stage = new EntityStage({ Dot }, { seats: 1 });
    const ann = stage.join(0);
    stage.step(() => void Dot.spawn(0));
    ann.buffered = 256 * 1024;
    for (let i = 1; i <= 30; i++) stage.step(() => (Dot.value[0] = i));
    expect(ann.told.length).toBe(1);
    ann.buffered = 0;
    stage.step();
    expect(ann.last!.body.blocks[0]!.updates).toEqual([{ id: 0, mask: 1, values: [30] }]);
  });

  test("whose way is full gets nothing either, except where frames are of one size", () => {
    const stage = new EntityStage({ Dot }, { seats: 1 });
    const ann = stage.join(0);
    stage.step(() => void Dot.spawn(0));
    stage.full = true;
    for (let i = 1; i <= 30; i++) stage.step(() => (Dot.value[0] = i));
    expect(ann.told.length).toBe(1);
    stage.full = false;
    stage.step();
    expect(ann.last!.body.blocks[0]!.updates).toEqual([{ id: 0, mask: 1, values: [30] }]);
    const steady = new EntityStage({ Dot }, { seats: 1, frameBytes: 2048 });
    const bob = steady.join(0);
    steady.full = true;
    for (let i = 1; i <= 5; i++) steady.step(undefined, true);
    expect(bob.told.length).toBe(5);
  });

  test("that is behind at all gets less at a time, the longest-waiting first", () => {
    const stage = new EntityStage({ Dot }, { seats: 1 });
    stage.checked = false;
    const ann = stage.join(0);
    const fill = (value: number) => {
      for (let i = 0; i < 8000; i++) Dot.value[i] = value;
    };
    stage.step(() => {
      for (let i = 0; i < 8000; i++) Dot.spawn(0);
    });
    for (let i = 0; i < 20; i++) stage.step();
    expect(stage.seen(ann, Dot).size).toBe(8000);
    ann.buffered = 64 * 1024;
    const longest = () => Math.max(...ann.told.slice(-8).map(({ bytes }) => bytes.length));
    for (let i = 1; i <= 40; i++) stage.step(() => fill(i));
    expect(longest()).toBeLessThanOrEqual(entitiesLengthMax / 4);
    // Everybody has had a turn: the oldest value is not older than a round takes.
    const oldest = Math.min(...Array.from(stage.seen(ann, Dot).values(), ({ value }) => value as number));
    expect(oldest).toBeGreaterThan(25);
  });
});
