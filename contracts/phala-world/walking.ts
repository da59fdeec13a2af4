/** Everybody's step at a tick: as they wish, around what is solid, and around those who want to be left alone. */
import type { Context } from "#contract/index.ts";
import { distance } from "#world/island/ground.ts";
import { arrival } from "#world/island/island.ts";
import { Body } from "./components.ts";
import { pushOf, put, show } from "./people.ts";
import type { Person, State } from "./state.ts";
import { terrain } from "./terrain.ts";
import { headingOf } from "./turning.ts";

/** How near others come to somebody who keeps space around. */
export const spaceKept = 1.4;

/** Nobody can bar the way: there is no space to keep around gates and where people arrive. */
const openAround = 4;

/** Rooms that tick are told of a tick when it is over, so this is all the time that passes. */
export function walk(state: State, context: Context, hz: number): void {
  const aloof = state.people.filter(keepsSpace);
  for (const person of state.people) {
    if (person === null || person.row === -1) continue;
    const push = pushOf(person);
    if (push.x === 0 && push.z === 0) {
      stand(person, context.tick);
      continue;
    }
    step(person, push, aloof, hz);
    person.emote = null;
    show(person, push.run ? "run" : "walk", context.tick);
    const gate = terrain.ground.gateAt(Body.x[person.row]!, Body.z[person.row]!);
    if (gate === person.gate) continue;
    person.gate = gate;
    context.touch(person.player);
  }
}

function stand(person: Person, tick: number): void {
  if (person.emote !== null && tick >= person.emote.until) person.emote = null;
  show(person, person.emote?.clip ?? "idle", tick);
}

function step({ row, seat }: Person, push: ReturnType<typeof pushOf>, aloof: readonly Person[], hz: number): void {
  const from = { x: Body.x[row]!, z: Body.z[row]! };
  Body.heading[row] = headingOf(push.x, push.z);
  const { x, z } = terrain.walk(from, push, 1 / hz);
  for (const other of aloof) {
    if (other.seat === seat) continue;
    const [ox, oz] = [Body.x[other.row]!, Body.z[other.row]!];
    const apart = distance(x - ox, z - oz);
    // Whoever is inside already may leave.
    if (apart < spaceKept && apart < distance(from.x - ox, from.z - oz)) return;
  }
  put(row, x, z);
}

function keepsSpace(person: Person | null): person is Person {
  if (person === null || person.row === -1 || !person.kept.space) return false;
  const [x, z] = [Body.x[person.row]!, Body.z[person.row]!];
  const isNear = (spot: { readonly x: number; readonly z: number }): boolean =>
    distance(x - spot.x, z - spot.z) < openAround;
  return !isNear(arrival) && !terrain.ground.gates.some(isNear);
}
