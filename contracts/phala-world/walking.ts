/**
 * Everybody's step at a tick: as they push, around what is solid, and around those who want to be left alone.
 *
 * This is what a hub spends most of its time on. What a push means is worked out when it changes, and a step makes no objects.
 */
import type { Context } from "#contract/index.ts";
import { strideOf } from "#world/island/walk.ts";
import { clipCode, pushMax } from "./codes.ts";
import { Body, Look, Push } from "./components.ts";
import { show } from "./people.ts";
import { gatherAloof, isBarred } from "./space.ts";
import type { Person, State } from "./state.ts";
import { terrain } from "./terrain.ts";
import { headingOf } from "./turning.ts";

const walking = clipCode("walk");
const running = clipCode("run");

/** Rooms that tick are told of a tick when it is over, so this is all the time that passes. */
export function walk(state: State, context: Context, hz: number): void {
  const { tick } = context;
  const { x: pushX, z: pushZ, run } = Push;
  const kept = gatherAloof(state.aloof);
  for (const person of state.present) {
    const { seat } = person;
    const x = pushX[seat]!;
    const z = pushZ[seat]!;
    if (x !== 0 || z !== 0) {
      const runs = run[seat] === 1;
      const pushed = ((x & 0xff) << 9) | ((z & 0xff) << 1) | (runs ? 1 : 0);
      if (pushed !== person.pushed) turn(person, { x: x / pushMax, z: z / pushMax, run: runs }, hz, tick);
      person.pushed = pushed;
      step(person, kept, context);
    } else if (person.pushed !== 0 || person.emote !== null) stand(person, tick);
  }
}

function turn(person: Person, push: Parameters<typeof strideOf>[0], hz: number, tick: number): void {
  const { row } = person;
  person.stride = strideOf(push, 1 / hz);
  person.emote = null;
  Body.heading[row] = headingOf(push.x, push.z);
  const clip = push.run ? running : walking;
  if (Body.clip[row] === clip) return;
  Body.clip[row] = clip;
  Body.since[row] = tick;
}

function step(person: Person, kept: boolean, context: Context): void {
  const { row, stride } = person;
  const { x: bodyX, z: bodyZ } = Body;
  const { spot } = terrain;
  terrain.step(bodyX[row]!, bodyZ[row]!, stride.x, stride.z);
  const { x, z } = spot;
  if (kept && isBarred(person, x, z)) return;
  bodyX[row] = x;
  bodyZ[row] = z;
  Look.x[row] = x;
  Look.z[row] = z;
  const gate = terrain.gateAt(x, z);
  if (gate === person.gate) return;
  person.gate = gate;
  context.touch(person.player);
}

function stand(person: Person, tick: number): void {
  person.pushed = 0;
  if (person.emote !== null && tick >= person.emote.until) person.emote = null;
  show(person, person.emote?.clip ?? "idle", tick);
}
