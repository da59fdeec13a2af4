/** A client's rows: columns by id, events, and refusals of what does not fit. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { angle16, component, f32, owner, text, u8 } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { EntityStore } from "#client/entities/entity-store.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { encodeEntities, type EntityBlock } from "#protocol/entities/message.ts";
import { refusalOf } from "../../protocol/support/refusal.ts";

const Body = component({ x: f32, heading: angle16, label: text(8), hp: u8 }, { capacity: 20, audience: owner });
const Coin = component({ worth: u8 }, { capacity: 20, audience: owner });
const Hidden = component({ secret: u8 });
const components = { Body, Coin, Hidden };
const tables = wireTables(layoutsOf(components));

const bytes = (letters: string): Uint8Array => new TextEncoder().encode(letters);
const nothing = { table: 0, leaves: [], enters: [], updates: [] } satisfies EntityBlock;
const message = (tick: number, ...blocks: Partial<EntityBlock>[]): Uint8Array =>
  encodeEntities({ tick, blocks: blocks.map((block) => Object.assign({}, nothing, block)) }, tables);

const ann = { id: 0, values: [1.5, 0, bytes("ann"), 9] };
const ben = { id: 1, values: [4, 0, bytes("ben"), 8] };

function opened(): { store: EntityStore; clock: { now: number } } {
  const clock = { now: 0 };
  const store = new EntityStore(components, 20, () => clock.now);
  store.apply(message(1, { enters: [ann, ben], mine: [1] }, { table: 1, enters: [{ id: 0, values: [3] }] }));
  return { store, clock };
}

describe("rows", () => {
  test("are read by component, field and id", () => {
    const { store } = opened();
    const bodies = store.of(Body);
    expect([bodies.size, bodies.ids, bodies.mine]).toEqual([2, [0, 1], [1]]);
    expect([bodies.columns.x[0], bodies.columns.label.get(1), bodies.columns.hp[1]]).toEqual([1.5, "ben", 8]);
    expect(store.of(Coin).columns.worth[0]).toBe(3);
    expect(store.of(Hidden).size).toBe(0);
    expectTypeOf(bodies.columns.x).toEqualTypeOf<{ readonly [id: number]: number }>();
    // @ts-expect-error -- there is no such field
    expect(bodies.columns.y).toBeUndefined();
  });

  test("change by field, leave, and give their ids away", () => {
    const { store } = opened();
    const bodies = store.of(Body);
    store.apply(message(2, { updates: [{ id: 0, mask: 0b0101, values: [2, bytes("anna")] }] }));
    expect([bodies.columns.x[0], bodies.columns.label.get(0), bodies.columns.hp[0]]).toEqual([2, "anna", 9]);
    store.apply(message(3, { leaves: [1], enters: [{ ...ben, values: [7, 0, bytes("cat"), 1] }] }));
    expect([bodies.ids, bodies.mine, bodies.columns.label.get(1)]).toEqual([[0, 1], [], "cat"]);
  });

  test("tell of themselves when everything is in place; what leaves first, while it can still be read", () => {
    const { store } = opened();
    const bodies = store.of(Body);
    const told: string[] = [];
    bodies.on("leave", (id) => told.push(`leave ${bodies.columns.label.get(id)}`));
    bodies.on("enter", (id) => told.push(`enter ${bodies.columns.label.get(id)} beside ${store.of(Coin).size}`));
    const stop = bodies.on("change", (id, fields) => told.push(`change ${id} ${fields}`));
    store.apply(
      message(
        2,
        {
          leaves: [1],
          enters: [{ id: 1, values: [7, 0, bytes("cat"), 1] }],
          updates: [{ id: 0, mask: 8, values: [1] }],
        },
        { table: 1, leaves: [0] },
      ),
    );
    expect(told).toEqual(["leave ben", "enter cat beside 0", "change 0 8"]);
    stop();
    store.apply(message(3, { updates: [{ id: 0, mask: 8, values: [2] }] }));
    expect(told.length).toBe(3);
    store.rebase();
    expect([told.slice(3), bodies.size]).toEqual([["leave ann", "leave cat"], 0]);
  });

  test.for([
    ["a row that leaves and is not there", { leaves: [5] }],
    ["a row that comes and is there", { enters: [ann] }],
    ["a row that changes and is not there", { updates: [{ id: 5, mask: 8, values: [1] }] }],
    ["an own row that is not there", { mine: [7] }],
  ] as const)("%s: the message is refused", ([, block]) => {
    const { store } = opened();
    expect(refusalOf(() => store.apply(message(2, block)))).toBe("malformed");
  });

  test("of a component that was not given are a mistake", () => {
    expect(() => opened().store.of(component({ x: f32 }))).toThrow(TypeError);
  });
});

test("what is shown is between two boundaries; words and whole numbers are not", () => {
  const { store, clock } = opened();
  const bodies = store.of(Body);
  bodies.shown();
  for (let tick = 2; tick < 60; tick++) {
    clock.now = (tick - 1) * 50;
    store.apply(message(tick, { updates: [{ id: 0, mask: 0b1001, values: [tick, tick] }] }));
    bodies.shown();
  }
  clock.now += 25;
  const shown = bodies.shown();
  expect(shown.x[0]).toBeCloseTo(58.5, 3);
  expect([shown.hp[0], shown.label.get(0), bodies.columns.x[0]]).toEqual([59, "ann", 59]);
  expect(bodies.shown()).toBe(shown);
});
