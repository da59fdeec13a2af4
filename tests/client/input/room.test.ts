/** Players who push, over the worker's own gate and room and a network that is no good: what they see, and how far off it is. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Environment } from "#client/environment.ts";
import { loadPredictor, type Predictor } from "#client/input/predictor.ts";
import { simulateNetwork, type NetworkConditions } from "#client/simulated-network.ts";
import { predictorOf } from "../../support/bundles.ts";
import { seeded } from "#testing/seeded.ts";
import { push } from "../../contracts/fixtures/push/push.ts";
import * as components from "../../contracts/fixtures/push/components.ts";
import { Place } from "../place.ts";

const { Body, Drift, Push } = components;
const folder = fileURLToPath(new URL("../../contracts/fixtures/push/", import.meta.url));

/** By what it was written in. */
const predictors = new Map<string, Predictor>();

beforeAll(async () => {
  for (const entry of ["push.ts", "assembly/push.ts"]) {
    predictors.set(entry, await loadPredictor(await predictorOf(folder + entry)));
  }
}, 240_000);

async function joined(conditions: NetworkConditions, account = 1, place = new Place(push), room = place.newRoom()) {
  const random = seeded("network", String(account));
  const machine: Pick<Environment, "now" | "after" | "jitter"> = {
    ...place.environment(),
    jitter: () => random.unit(),
  };
  const carrier = place.carrier();
  const network = simulateNetwork(carrier, conditions, machine);
  return { place, carrier, id: room, room: await place.join<typeof push>(room, account, network, { components }) };
}

test.for([
  ["at once", {}, 30],
  ["75 ms each way", { delayMs: 75 }, 6],
  ["75 ms each way, 40 ms of jitter", { delayMs: 75, jitterMs: 40 }, 12],
] as const)("over a line that delivers %s the room soon has a row for each tick", async ([, conditions, missedMax]) => {
  const { place, room } = await joined(conditions);
  const pushed = room.input(Push);
  pushed.set({ x: 50 });
  await place.time.pass(5000);
  const { sent, applied, ahead, missed } = pushed.figures;
  expect(sent).toBeGreaterThan(90);
  expect(missed).toBeLessThanOrEqual(missedMax);
  expect(ahead).toBeLessThanOrEqual(1.5);
  // All but what is on its way.
  expect(sent - applied).toBeLessThanOrEqual(6);
  await place.time.pass(5000);
  expect(pushed.figures.missed - missed).toBeLessThanOrEqual(conditions === undefined ? 0 : 6);
  expect(place.bugs).toEqual([]);
});

test.for(["push.ts", "assembly/push.ts"])(
  "with %s the own row is where the player pushes it at once, and the room agrees to the last bit",
  async (entry) => {
    const { place, room } = await joined({ delayMs: 75, jitterMs: 30 });
    const predictor = predictors.get(entry)!;
    const pushed = room.input(Push, { predictor });
    await place.time.pass(2000);
    const bodies = room.entities(Body);
    const [own] = bodies.mine;
    const random = seeded("stick", entry);
    for (let i = 0; i < 60; i++) {
      pushed.set({ x: random.below(200) - 100, z: random.below(200) - 100, aim: random.unit() });
      if (i % 10 === 5) pushed.press("fire");
      await place.time.pass(100);
    }
    const { errors, active } = pushed.prediction!;
    expect(active).toBe(true);
    expect(errors.compared).toBeGreaterThan(100);
    // Only a tick for which no row had come may differ.
    expect(errors.corrections).toBeLessThanOrEqual(pushed.figures.missed * 8);
    pushed.set({ x: 100, z: 0 });
    const before = bodies.shown().x[own!]!;
    await place.time.pass(140);
    // The room cannot have answered yet.
    expect(bodies.shown().x[own!]!).toBeGreaterThan(before + 0.1);
    pushed.set({ x: 0 });
    await place.time.pass(3000);
    const mine = pushed.prediction!.of(Body)!;
    expect(mine.x).toBeCloseTo(bodies.columns.x[own!]!, 3);
    expect(mine.z).toBeCloseTo(bodies.columns.z[own!]!, 3);
    expect(mine.shots).toBe(6);
    expect(pushed.prediction!.of(Drift)!.fired).toBe(6);
    expect(place.bugs).toEqual([]);
  },
);

test("what nobody could predict is corrected, and shown bit by bit", async () => {
  const { place, room } = await joined({ delayMs: 50 });
  const pushed = room.input(Push, { predictor: predictors.get("push.ts")! });
  await place.time.pass(1000);
  const bodies = room.entities(Body);
  const [own] = bodies.mine;
  expect(pushed.prediction!.errors.corrections).toBe(0);
  void room.move({ shove: 3 });
  const shown: number[] = [];
  for (let i = 0; i < 60; i++) {
    await place.time.pass(10);
    shown.push(bodies.shown().x[own!]!);
  }
  const steps = shown.slice(1).map((x, i) => x - shown[i]!);
  expect(Math.max(...steps)).toBeLessThan(0.6);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1e-9);
  expect(shown.at(-1)).toBeCloseTo(3, 1);
  expect(pushed.prediction!.errors.max).toBeCloseTo(3, 3);
});

test("others are shown where they were a little while ago, and nobody but oneself is predicted", async () => {
  const ann = await joined({ delayMs: 40 });
  const ben = await joined({ delayMs: 40 }, 2, ann.place, ann.id);
  const annPushes = ann.room.input(Push, { predictor: predictors.get("push.ts")! });
  const benPushes = ben.room.input(Push, { predictor: predictors.get("push.ts")! });
  benPushes.set({ x: 20 });
  await ann.place.time.pass(1000);
  const seen = ann.room.entities(Body);
  seen.shown();
  await ann.place.time.pass(500);
  const other = seen.ids.find((id) => !seen.mine.includes(id))!;
  expect(seen.shown().x[other]!).toBeLessThan(seen.columns.x[other]!);
  const [own] = seen.mine;
  expect(seen.shown().x[own!]).toBeCloseTo(0);
  expect(annPushes.prediction!.of(Body)!.x).toBeCloseTo(0);
  // What Ben sees of himself is further than what the room has heard of him.
  expect(benPushes.prediction!.of(Body)!.x).toBeGreaterThan(seen.columns.x[other]!);
});

test("the room hears what tick was on the screen when a row was sent", async () => {
  const { place, room } = await joined({ delayMs: 60 });
  room.input(Push);
  room.entities(Body).shown();
  await place.time.pass(2000);
  void room.move({ shove: 0 });
  const tick = place.rooms.find(room.room as never)!.room.tick;
  await place.time.pass(400);
  // There and back and what it is drawn behind: 60 + 60 + 50 ms, of at most 250.
  const ago = tick + 2 - room.view!.seen;
  expect(ago).toBeGreaterThanOrEqual(3);
  expect(ago).toBeLessThanOrEqual(5);
});

test("after a lost line rows and presses are counted anew, and the room goes on with them", async () => {
  const { place, carrier, room } = await joined({ delayMs: 20 });
  const pushed = room.input(Push, { predictor: predictors.get("push.ts")! });
  pushed.set({ x: 40 });
  pushed.press("fire");
  await place.time.pass(1000);
  const before = pushed.figures.applied;
  expect(before).toBeGreaterThan(15);
  carrier.cut();
  await place.time.pass(3000);
  expect(room.connection).toBe("joined");
  pushed.press("fire");
  await place.time.pass(1000);
  expect(pushed.figures.applied).toBeGreaterThan(5);
  const bodies = room.entities(Body);
  expect(bodies.columns.shots[bodies.mine[0]!]).toBe(2);
  expect(pushed.prediction!.active).toBe(true);
  expect(place.bugs).toEqual([]);
});

test("nothing is sent once it is stopped, and the same object goes on", async () => {
  const { place, room } = await joined({});
  const pushed = room.input(Push);
  await place.time.pass(500);
  pushed.stop();
  await place.time.pass(100);
  const { sent } = pushed.figures;
  await place.time.pass(1000);
  expect(pushed.figures.sent).toBe(sent);
  expect(room.input(Push)).toBe(pushed);
  await place.time.pass(500);
  expect(pushed.figures.sent).toBeGreaterThan(sent + 5);
  expect(() => room.input(Body)).toThrow(TypeError);
  room.close();
  await place.time.pass(1000);
  expect(place.timers).toBe(0);
});

test("a page that names no input of its contract is told so", async () => {
  const { room } = await joined({});
  expect(() => room.input(Body)).toThrow(TypeError);
  expect(() => room.input(Push, {}).set({ shots: 1 } as never)).toThrow(TypeError);
});

test("spectators push nothing", async () => {
  const { place, id } = await joined({});
  const watcher = await place.join<typeof push>(id, 2, place.carrier(), { components, want: "watch" });
  const pushed = watcher.input(Push);
  await place.time.pass(500);
  expect(pushed.figures.sent).toBe(0);
  expect(watcher.connection).toBe("joined");
});

test("figures say how the line is", async () => {
  const { place, room } = await joined({ delayMs: 60 });
  room.input(Push);
  await place.time.pass(30_000);
  const { roundTripMs, received, sent, drawnBehindMs } = room.figures;
  expect(roundTripMs).toBeGreaterThanOrEqual(120);
  expect(roundTripMs).toBeLessThan(200);
  expect(received.bytes).toBeGreaterThan(1000);
  expect(sent.messages).toBeGreaterThan(500);
  expect(drawnBehindMs).toBeGreaterThanOrEqual(50);
});
