/**
 * Rows that are told of seldom move evenly all the same, each table by the rate that it declares; and what is told of at
 * every tick is not drawn later because of them.
 */
import { describe, expect, test } from "vitest";
import { anyOf, component, f32, near, owner, u8, type Component } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { EntityStore } from "#client/entities/entity-store.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { encodeEntities } from "#protocol/entities/message.ts";
import { ticksApart } from "#protocol/tables.ts";

const fields = { x: f32, z: f32 };
const placed = { capacity: 4, position: true } as const;
type Placed = Component<typeof fields>;

const hz = 20;
const frameMs = 10;

/**
 * What is drawn at each frame of the last seconds of a row that moves a metre a tick and is told of every so many ticks.
 */
function drawn(Body: Placed, every: number): number[] {
  const Clock = component({ beats: u8 }, { capacity: 1, audience: owner });
  const components = { Body, Clock };
  const tables = wireTables(layoutsOf(components));
  const clock = { now: 0 };
  const store = new EntityStore(components, hz, () => clock.now);
  const bodies = store.of(Body);
  const frames: number[] = [];
  for (let tick = 0; tick < 200; tick++) {
    const body = { table: 0, leaves: [], enters: [], updates: [] };
    const blocks =
      tick === 0
        ? [{ ...body, enters: [{ id: 0, values: [0, 0] }] }]
        : tick % every === 0
          ? [{ ...body, updates: [{ id: 0, mask: 1, values: [tick] }] }]
          : [];
    // Something is told at every tick: by that it is known when each was.
    store.apply(encodeEntities({ tick, blocks }, tables));
    for (let ms = 0; ms < 1000 / hz; ms += frameMs) {
      clock.now += frameMs;
      const x = bodies.shown().x[0]!;
      if (tick >= 120) frames.push(x);
    }
  }
  return frames;
}

const stepsOf = (frames: readonly number[]): number[] => frames.slice(1).map((x, i) => x - frames[i]!);
/** Metres of one frame. */
const even = (frameMs * hz) / 1000;

describe("a row moves evenly", () => {
  test.for([
    ["at every tick, whatever its table declares", near(40, { full: 10, far: 10 }), 1],
    ["at every fourth, as its table declares", near(40, { full: 10, far: 4 }), 4],
    ["at every tenth, as its table declares", near(40, { full: 10, far: 10 }), 10],
    ["at every tenth, where near is one of several", anyOf(owner, near(40, { full: 10, far: 10 })), 10],
    ["five times a second because the line is slow, whatever its table declares", near(40), 4],
  ] as const)("that is told of %s", ([, audience, every]) => {
    const steps = stepsOf(drawn(component(fields, { ...placed, audience }), every));
    expect(Math.min(...steps)).toBeGreaterThan(even * 0.6);
    expect(Math.max(...steps)).toBeLessThan(even * 1.4);
  });

  test("and no later than it has to: a table that declares a far rate delays no row that is told of at every tick", () => {
    const [often] = [drawn(component(fields, { ...placed, audience: near(40, { full: 10, far: 10 }) }), 1)];
    const [plain] = [drawn(component(fields, { ...placed, audience: near(40) }), 1)];
    expect(often!.at(-1)).toBeCloseTo(plain!.at(-1)!, 3);
    const seldom = drawn(component(fields, { ...placed, audience: near(40, { full: 10, far: 10 }) }), 10);
    // Nine ticks later, since only then both ends of its way are known.
    expect(plain!.at(-1)! - seldom.at(-1)!).toBeCloseTo(9, 0);
  });
});

test("a row that stood still for longer than its table's rate does not creep to where it is next", () => {
  const steps = stepsOf(drawn(component(fields, { ...placed, audience: near(40, { full: 10, far: 4 }) }), 16));
  expect(steps.filter((step) => step < even / 10).length).toBeGreaterThan(steps.length / 2);
});

test.for([
  [near(40), 1],
  [near(40, { full: 10, far: 4 }), 4],
  [anyOf(owner, near(40, { full: 10, far: 8 })), 8],
  [owner, 1],
] as const)("how seldom a row is told of is what its audience says: %j", ([audience, ticks]) => {
  expect(ticksApart(audience)).toBe(ticks);
});
