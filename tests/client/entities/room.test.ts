/** Two clients in one room, over the worker's own gate and channels: each has the rows that its player may see. */
import { expect, test } from "vitest";
import * as components from "../../../contracts/mover/components.ts";
import { mover } from "../../../contracts/mover/mover.ts";
import { Place } from "../place.ts";

const { Body } = components;

const near = (
  bodies: { columns: { x: { [id: number]: number }; z: { [id: number]: number } } },
  own: number,
  id: number,
) => Math.hypot(bodies.columns.x[id]! - bodies.columns.x[own]!, bodies.columns.z[id]! - bodies.columns.z[own]!);

test("each sees the bodies near its own, moving, and knows which is its own", async () => {
  const place = new Place(mover);
  const id = place.newRoom();
  const [ann, ben] = [
    await place.join<typeof mover>(id, 1, place.carrier(), { components }),
    await place.join<typeof mover>(id, 2, place.carrier(), { components }),
  ];
  await place.time.pass(1000);
  for (const [seat, room] of [ann, ben].entries()) {
    const bodies = room.entities(Body);
    expect(bodies.size).toBeGreaterThan(5);
    expect(bodies.mine.map((own) => bodies.columns.label.get(own))).toEqual([`seat ${seat}`]);
    for (const other of bodies.ids) expect(near(bodies, bodies.mine[0]!, other)).toBeLessThanOrEqual(40.001);
    expect(() => room.entities({ ...Body } as never)).toThrow(TypeError);
  }
  const bodies = ann.entities(Body);
  let changes = 0;
  bodies.on("change", () => (changes += 1));
  const [own] = bodies.mine;
  const before = [bodies.columns.x[own!]!, bodies.columns.z[own!]!];
  void ann.move({ direction: 4, walking: true });
  await place.time.pass(500);
  expect(changes).toBeGreaterThan(10);
  expect(Math.hypot(bodies.columns.x[own!]! - before[0]!, bodies.columns.z[own!]! - before[1]!)).toBeGreaterThan(0.5);
  expect(place.bugs).toEqual([]);
});

test("after a lost line the rows are told anew, and are the same", async () => {
  const place = new Place(mover);
  const carrier = place.carrier();
  const ann = await place.join<typeof mover>(place.newRoom(), 1, carrier, { components });
  await place.time.pass(500);
  const bodies = ann.entities(Body);
  const events: string[] = [];
  bodies.on("leave", () => void events.push("leave"));
  bodies.on("enter", () => void events.push("enter"));
  const size = bodies.size;
  carrier.cut();
  await place.time.pass(3000);
  expect(ann.connection).toBe("joined");
  expect(bodies.size).toBeGreaterThan(5);
  expect(events.indexOf("enter")).toBeGreaterThanOrEqual(size);
  expect(bodies.mine.map((own) => bodies.columns.label.get(own))).toEqual(["seat 0"]);
  expect(place.bugs).toEqual([]);
});

test("who does not give the components is not troubled with rows, and told so when asking", async () => {
  const place = new Place(mover);
  const ann = await place.join<typeof mover>(place.newRoom(), 1);
  await place.time.pass(500);
  expect(ann.connection).toBe("joined");
  expect(() => ann.entities(Body)).toThrow("components");
});
