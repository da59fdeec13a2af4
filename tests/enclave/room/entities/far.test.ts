/** What is far is told of seldom, evenly and for nobody's sake but the viewer's; and what a player is sent stays within bounds. */
import { describe, expect, test } from "vitest";
import { angle16, component, i8, near, range } from "#contract/index.ts";
import { encodeFrames } from "#protocol/frame.ts";
import { tagLength } from "#protocol/limits.ts";
import { messageTypes } from "#protocol/message.ts";
import type { Audience } from "#protocol/tables.ts";
import { seeded } from "#testing/seeded.ts";
import { EntityStage, type StageOptions } from "./stage.ts";

const place = range(0, 512, 16);

describe("rows within 40, of which those beyond 10 are told of at every fourth tick", () => {
  const scene = (options: StageOptions = {}) => {
    const audience = near(40, { full: 10, far: 4 });
    const Body = component({ x: place, z: place, heading: angle16 }, { capacity: 64, audience, position: true });
    const stage = new EntityStage({ Body }, { seats: 1, ...options });
    const ann = stage.join(0);
    stage.step(() => {
      stage.focus(0, Body.entity(Body.spawn(0)));
      // Three who are near get the first ids, and then come forty who are far.
      for (let i = 0; i < 3; i++) Body.x[Body.spawn()] = 1 + i;
    });
    stage.step(() => {
      for (let i = 0; i < 40; i++) Body.x[Body.spawn()] = 20 + i / 10;
    });
    const turn = (): void => Body.heading.forEach((_, row) => (Body.heading[row]! += 0.1));
    for (let i = 0; i < 40; i++) stage.step(turn);
    return ann.told.slice(-24).map(({ body }) => body.blocks[0]!.updates.map(({ id }) => id));
  };

  test("arrive in turns: each at every fourth tick, as many at one as at the next", () => {
    const ids = scene();
    for (const told of ids) {
      expect(told.slice(0, 4)).toEqual([0, 1, 2, 3]);
      expect(told).toHaveLength(4 + 10);
    }
    for (let id = 4; id < 44; id++) {
      const ticks = ids.flatMap((told, tick) => (told.includes(id) ? [tick] : []));
      expect(ticks).toEqual(Array.from({ length: 6 }, (_, i) => ticks[0]! + 4 * i));
    }
  });

  test("arrive at once where rooms take turns", () => {
    for (const told of scene({ pace: "turns" })) expect(told).toHaveLength(44);
  });
});

/** Bytes on the wire: frame, tag, envelope, what the relay puts before it, the head of a WebSocket's frame. */
const sent = (body: Uint8Array): number => encodeFrames(messageTypes.entities, body)[0]!.length + tagLength + 1 + 3 + 4;

/** A hundred on a square where each sees about sixty, as in the bench `fanout`. Returns bytes a second and who is seen. */
function walk(audience: Audience<never>): { readonly perSecond: number; readonly seen: number } {
  const [players, side, ticks] = [100, 67, 20];
  const Body = component({ x: place, z: place, heading: angle16 }, { capacity: players, audience, position: true });
  const Stick = component({ x: i8 }, { capacity: players });
  const stage = new EntityStage({ Body, Stick }, { seats: players });
  stage.checked = false;
  stage.acknowledged = true;
  const random = seeded("walk");
  const ways: [number, number][] = [];
  for (let seat = 0; seat < players; seat++) stage.join(seat);
  stage.inside(() => {
    for (let seat = 0; seat < players; seat++) {
      const row = Body.spawn(seat);
      [Body.x[row], Body.z[row]] = [random.unit() * side, random.unit() * side];
      stage.focus(seat, Body.entity(row));
    }
  });
  const around = (at: number): number => (at < 0 ? at + side : at >= side ? at - side : at);
  const step = (): void => {
    for (let row = 0; row < players; row++) {
      if (ways[row] === undefined || random.below(40) === 0) {
        const angle = random.unit() * 2 * Math.PI;
        ways[row] = [Math.round(Math.cos(angle) * 100) * 0.002, Math.round(Math.sin(angle) * 100) * 0.002];
      }
      Body.x[row] = around(Body.x[row]! + ways[row]![0]);
      Body.z[row] = around(Body.z[row]! + ways[row]![1]);
      Body.heading[row]! += 0.03;
    }
  };
  for (let i = 0; i < 10 + ticks; i++) stage.step(step);
  const all = stage.readers.flatMap(({ told }) => told.slice(-ticks));
  const bytes = all.reduce((sum, { bytes }) => sum + sent(bytes), 0);
  const seen = stage.readers.reduce((sum, reader) => sum + stage.seen(reader, Body).size, 0) / players;
  return { perSecond: (bytes / all.length) * 20, seen };
}

describe("for a player who sees sixty, all of whom move twenty times a second", () => {
  test("a line carries less than 10 KB a second", () => {
    const { perSecond, seen } = walk(near(40));
    expect(seen).toBeGreaterThan(55);
    expect(perSecond).toBeLessThan(10_000);
  });

  test("a line carries less than 4 KB a second where those beyond a quarter of the distance come five times a second", () => {
    const { perSecond, seen } = walk(near(40, { full: 10, far: 4 }));
    expect(seen).toBeGreaterThan(55);
    expect(perSecond).toBeLessThan(4_000);
  });
});
