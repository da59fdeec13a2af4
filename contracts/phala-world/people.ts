/** People in the world: how they come in, what they look like to others, how they go. */
import type { Context } from "#contract/index.ts";
import type { Spot } from "#world/island/ground.ts";
import { arrival } from "#world/island/island.ts";
import type { Push as Wish } from "#world/island/walk.ts";
import { careerCode, clipCode, guideSeat, partCode, raceCode, slotFields, type Clip } from "./codes.ts";
import { Body, Look, Treasure } from "./components.ts";
import { showAll } from "./common.ts";
import { slots } from "./loop/kinds.ts";
import type { Shell } from "./loop/loop.ts";
import type { MoveOf } from "./moves.ts";
import type { Person, State } from "./state.ts";
import { breathMax } from "./speech.ts";
import { terrain } from "./terrain.ts";

/** They stand at the south of the plaza and look at the Origin, beside each other as far as there is room. */
export function enter(
  person: Person,
  { name, race, coat, light }: MoveOf<"enter">,
  state: State,
  context: Context,
): void {
  Object.assign(person, { name, race, coat, light });
  if (person.row === -1) {
    person.breath = { left: breathMax, at: context.tick };
    rise(person, terrain.walk(arrival, asideOf(person.seat), 0.6), state, context);
    seePresent(state);
  } else dress(person, state);
  context.touch(person.player);
}

/** Somebody stands there, and looks from there. `seePresent` is to be called when all have risen. */
export function rise(person: Person, { x, z }: Spot, state: State, context: Context): void {
  const { seat, player } = person;
  person.row = Body.spawn(seat);
  Look.spawn(seat);
  Body.seat[person.row] = Look.seat[person.row] = seat;
  put(person.row, x, z);
  show(person, "idle", context.tick);
  context.focus(player, Body.entity(person.row));
  state.present.push(person);
  dress(person, state);
}

/** A step to the side, by seat: a draw would tell whoever comes how much was drawn before in secret. */
const asideOf = (seat: number): Wish => ({ x: ((seat * 7) % 13) / 6 - 1, z: ((seat * 5) % 11) / 5 - 1, run: false });

/** Out of the world; the seat stays. */
export function remove(person: Person, state: State, context: Context): void {
  if (person.row === -1) return;
  Body.despawn(person.row);
  Look.despawn(person.row);
  Treasure.hideFrom(person.seat);
  Object.assign(person, { row: -1, gate: null, emote: null, pushed: 0, near: 0 });
  context.focus(person.player, null);
  state.present.splice(state.present.indexOf(person), 1);
  seePresent(state);
}

/** Lists what is asked for at every tick and in every view: to be called when that changes. */
export function seePresent(state: State): void {
  state.aloof = state.present.filter(({ kept }) => kept.space);
  showAll(state);
}

export function put(row: number, x: number, z: number): void {
  Body.x[row] = x;
  Body.z[row] = z;
  Look.x[row] = x;
  Look.z[row] = z;
}

export function show({ row }: Person, clip: Clip, tick: number): void {
  if (Body.clip[row] === clipCode(clip) && clip !== "wave" && clip !== "cheer") return;
  Body.clip[row] = clipCode(clip);
  Body.since[row] = tick;
}

/** What others see of somebody: their own choice, or the Shell they are in, with what it wears. */
export function dress(person: Person, { loop }: State): void {
  const { row, name, race, coat, light } = person;
  if (row === -1) return;
  const shell: Shell | undefined = person.shell === null ? undefined : loop.shells[person.shell];
  Look.name.set(row, name);
  Look.race[row] = raceCode(shell?.race ?? race);
  Look.career[row] = careerCode(shell?.career ?? null);
  Look.coat[row] = coat;
  Look.light[row] = light;
  for (const slot of slots) {
    const part = loop.parts[shell?.worn[slot] ?? 0];
    Look[slotFields[slot]][row] = partCode(part?.name ?? null);
  }
}

/** RPC-100 shows the way. It stands beside the path, and has no seat. */
export function placeGuide(): void {
  const row = Body.spawn();
  Look.spawn();
  Body.x[row] = Look.x[row] = 2.2;
  Body.z[row] = Look.z[row] = -9;
  Body.seat[row] = Look.seat[row] = guideSeat;
  Body.heading[row] = 3.6;
  Look.race[row] = raceCode("pandroid");
  Look.light[row] = 1;
  Look.name.set(row, "RPC-100");
}
