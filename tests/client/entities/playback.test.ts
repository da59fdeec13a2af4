/** What is drawn moves evenly, a little behind what the room says, however unevenly news arrives. */
import { describe, expect, test } from "vitest";
import { between, betweenAngles, Past } from "#client/entities/past.ts";
import { Playback } from "#client/entities/playback.ts";
import { seeded } from "#testing/seeded.ts";

const hz = 20;
const tickMs = 50;

interface Frame {
  readonly at: number;
  readonly tick: number;
  readonly delayMs: number;
}

/** Draws at 60 Hz while news of each tick arrives late by so many ms. Returns the ticks that were drawn. */
function drawn(playback: Playback, lateMs: (tick: number) => number, ticks: number): Frame[] {
  const arrivals = Array.from({ length: ticks }, (_, tick) => ({ tick, at: tick * tickMs + lateMs(tick) }));
  // In order: a stalled line holds back what comes after it.
  for (let i = 1; i < ticks; i++) arrivals[i]!.at = Math.max(arrivals[i]!.at, arrivals[i - 1]!.at);
  const frames: Frame[] = [];
  let next = 0;
  for (let at = 100; at < ticks * tickMs; at += 1000 / 60) {
    for (; next < ticks && arrivals[next]!.at <= at; next++) playback.arrived(arrivals[next]!.tick, arrivals[next]!.at);
    if (next > 0) frames.push({ at, tick: playback.at(at), delayMs: playback.delayMs });
  }
  return frames;
}

/** Drawn ticks for which the next news was not there yet. */
const ahead = (frames: readonly Frame[], lateMs: (tick: number) => number): number =>
  frames.filter(({ at, tick }) => Math.ceil(tick) * tickMs + lateMs(Math.ceil(tick)) > at).length;

describe("the moment that is drawn", () => {
  test("on an even line is one tick behind", () => {
    const late = (): number => 80;
    const frames = drawn(new Playback(hz), late, 200);
    for (const { at, tick } of frames) expect(tick).toBeCloseTo((at - 80) / tickMs - 1, 5);
    expect(ahead(frames, late)).toBe(0);
  });

  test("never goes back, never leaps, and never is ahead of the news by more than a few frames", () => {
    const random = seeded("jitter");
    const jitter = Array.from({ length: 400 }, () => 60 + random.unit() * 60);
    const late = (tick: number): number => jitter[tick] ?? 60;
    const frames = drawn(new Playback(hz), late, 400);
    for (let i = 1; i < frames.length; i++) {
      const step = (frames[i]!.tick - frames[i - 1]!.tick) * tickMs;
      expect(step).toBeGreaterThanOrEqual(0);
      if (i > 200) expect(step).toBeLessThan(2 * (1000 / 60));
    }
    expect(ahead(frames.slice(200), late)).toBeLessThan(frames.length / 50);
  });

  test("waits longer after a stall, and gives that up again", () => {
    const late = (tick: number): number => (tick >= 100 && tick < 106 ? 360 - (tick - 100) * 50 : 60);
    const frames = drawn(new Playback(hz), late, 1200);
    const longest = Math.max(...frames.map(({ delayMs }) => delayMs));
    expect(frames[250]!.delayMs).toBeLessThan(60);
    expect(longest).toBeGreaterThan(200);
    expect(frames.at(-1)!.delayMs).toBeLessThan(60);
  });

  test("is where the news are after a pause, and after another connection", () => {
    const playback = new Playback(hz);
    drawn(playback, () => 60, 40);
    playback.restart();
    playback.arrived(1000, 90_000);
    expect(playback.at(90_050)).toBeCloseTo(1000, 1);
  });
});

describe("a number between two moments", () => {
  const past = (spacingMax = 4): Past => new Past(4, [between, betweenAngles], spacingMax);
  const read = (of: Past, tick: number, elapsed = 0): number[] => {
    const values: number[] = [];
    of.read(1, tick, elapsed, (number, value) => (values[number] = value));
    return values;
  };

  test("is between them, and an angle goes the shorter way round", () => {
    const it = past();
    it.add(1, 10, (number) => [2, 3][number]!);
    it.add(1, 11, (number) => [4, -3][number]!);
    expect(read(it, 10.5)[0]).toBe(3);
    expect(Math.abs(read(it, 10.5)[1]!)).toBeCloseTo(Math.PI, 5);
    expect([read(it, 9)[0], read(it, 10)[0], read(it, 11)[0]]).toEqual([2, 2, 4]);
    expect(read(it, 15)[0]).toBe(4);
  });

  test("that has stood still for long does not creep to where it is next", () => {
    const it = past();
    it.add(1, 10, () => 0);
    it.add(1, 100, () => 8);
    expect(read(it, 60)[0]).toBe(0);
    expect(read(it, 96)[0]).toBe(0);
    expect(read(it, 98)[0]).toBe(4);
  });

  test("of a row that is told of seldom is drawn as much later as it needs", () => {
    const it = past();
    for (let tick = 0; tick <= 40; tick += 4) it.add(1, tick, () => tick);
    let value = 0;
    // News of tick 40 are there, of 44 not yet: three ticks behind the others, it is still on its way.
    for (let i = 0; i < 100; i++) value = read(it, 42, 1)[0]!;
    expect(value).toBeCloseTo(39, 5);
  });

  test("of an id that another row has now knows nothing of the first", () => {
    const it = past();
    it.add(1, 10, () => 1);
    it.forget(1);
    it.add(1, 11, () => 5);
    expect(read(it, 10.5)[0]).toBe(5);
  });
});
