/** A rehearsal does what a room will: somebody enters, walks, talks and comes to a gate; and it is the same each time. */
import { expect, test } from "vitest";
import { plainLook } from "#world/avatars/look.ts";
import { arrival, hub } from "#world/island/island.ts";
import { messageLengthMax, type WorldEvent } from "#world/port.ts";
import { Rehearsal } from "#world/rehearsal/rehearsal.ts";

const still = { x: 0, z: 0, run: false };

function rehearsal(cast = 12): { readonly world: Rehearsal; readonly events: WorldEvent[] } {
  const world = new Rehearsal({ island: hub, cast });
  const events: WorldEvent[] = [];
  world.listen((event) => events.push(event));
  return { world, events };
}

test("says what it is, and is the same each time", () => {
  const [a, b] = [rehearsal().world, rehearsal().world];
  for (const world of [a, b]) for (let i = 0; i < 300; i++) world.advance(1 / 30, still);
  expect(a.kind).toBe("rehearsal");
  expect([...a.avatars.values()]).toEqual([...b.avatars.values()]);
  const places = [...a.avatars.values()].map(({ x, z }) => [x, z]);
  expect(places).not.toEqual([...rehearsal().world.avatars.values()].map(({ x, z }) => [x, z]));
});

test("who enters stands where people arrive, walks as wished, and looks that way", () => {
  const { world, events } = rehearsal(0);
  world.enter("Ada", plainLook);
  const own = world.avatars.get(world.own!)!;
  expect([own.x, own.z]).toEqual([arrival.x, arrival.z]);
  world.advance(0.2, { x: 1, z: 0, run: false });
  expect(own.clip).toBe("walk");
  expect(own.heading).toBeCloseTo(Math.PI / 2);
  expect(own.x).toBeGreaterThan(0.5);
  world.advance(0.1, { x: 1, z: 0, run: true });
  expect(own.clip).toBe("run");
  world.advance(0.1, still);
  expect(own.clip).toBe("idle");
  expect(events).toEqual([{ kind: "arrived", id: 0, name: "Ada" }]);
});

test("an emote is played once, and walking ends it", () => {
  const { world } = rehearsal(0);
  world.enter("Ada", plainLook);
  const own = world.avatars.get(0)!;
  world.emote("cheer");
  world.advance(0.1, still);
  expect(own.clip).toBe("cheer");
  for (let i = 0; i < 20; i++) world.advance(0.1, still);
  expect(own.clip).toBe("idle");
  world.emote("dance");
  world.advance(0.1, { x: 0, z: 1, run: false });
  expect(own.clip).toBe("walk");
});

test("what is said is bounded, and nothing is said by nobody", () => {
  const { world, events } = rehearsal(0);
  world.say("too early");
  world.enter("Ada", plainLook);
  world.say("   ");
  world.say("x".repeat(1000));
  const said = events.filter(({ kind }) => kind === "said");
  expect(said).toEqual([{ kind: "said", from: 0, name: "Ada", text: "x".repeat(messageLengthMax) }]);
});

test("a gate says that it is there, and leads back where there is no room", () => {
  const { world, events } = rehearsal(0);
  world.enter("Ada", plainLook);
  const own = world.avatars.get(0)!;
  world.travel();
  expect(events.some(({ kind }) => kind === "notice")).toBe(false);
  Object.assign(own, world.terrain.ground.gates[0]);
  world.advance(0.01, still);
  expect(events.at(-1)).toEqual({ kind: "gate", gate: "dot4" });
  world.travel();
  expect(events.at(-1)?.kind).toBe("notice");
  expect([own.x, own.z]).toEqual([arrival.x, arrival.z]);
  world.advance(0.01, still);
  expect(events.at(-1)).toEqual({ kind: "no-gate" });
});

test("the cast speaks, and a page that slept does not run through what it missed", () => {
  const { world, events } = rehearsal(30);
  for (let i = 0; i < 80; i++) world.advance(0.25, still);
  expect(events.filter(({ kind }) => kind === "said").length).toBeGreaterThan(2);
  const before = world.time;
  world.advance(3600, still);
  expect(world.time - before).toBeLessThan(1);
});
