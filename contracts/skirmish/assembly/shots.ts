/**
 * Shots: they fly two metres a tick and hit the first enemy or wall.
 *
 * A player sees others where they were a moment ago. So a shot begins at the tick that was on the player's screen: it flies
 * through what was then, tick by tick, up to now, and from there with everybody else.
 */
import { Context } from "phatroom/assembly";
import { Fighter, Gear, Push, Shot } from "./components.generated";
import { fall, rowOfSeat, rowsEnd, standing, stands, wantsToReload, wasAtX, wasAtZ } from "./fighters";
import { freePart } from "./lines";
import { Near } from "./near";
import { scoreFelling } from "./rounds";
import { betweenShots, clipMax, flight, flightTicks, lateMax, reloading, stride, target, wound } from "./terms";

const wayX = new StaticArray<f64>(Shot.capacity);
const wayZ = new StaticArray<f64>(Shot.capacity);
const ticksLeft = new StaticArray<u8>(Shot.capacity);
/** Shots of one tick, so that a crowd whose triggers are pulled together does not make it too dear. */
const firedMax: i32 = 256;
/** Whose turn it is next, and how many fired. */
let turn: i32 = 0;
let fired: i32 = 0;
/** Rows from here on are free. */
let top: i32 = 0;

export const flying = new Near(Shot.capacity);

/** Weapons are loaded and fired. Whoever is the 257th to fire in one tick fires in the next. */
export function fireAll(context: Context): void {
  const now = <u32>context.tick;
  fired = 0;
  for (let left = rowsEnd; left > 0 && fired < firedMax; left--) {
    if (turn >= rowsEnd) turn = 0;
    const row = turn++;
    if (Fighter.live[row] == 0) continue;
    const seat = Fighter.owner[row];
    const reload = wantsToReload(seat);
    if (Fighter.health[row] == 0 || now < Gear.readyAt[row]) continue;
    if (Gear.clip[row] == 0 || (reload && Gear.clip[row] < clipMax)) load(row, now);
    else if (Push.trigger[seat]) fire(row, seat, now, context);
  }
}

/** All shots fly on. */
export function flyAll(context: Context): void {
  for (let row = 0; row < top; row++) if (Shot.live[row] != 0) fly(row, <i32>context.tick, context);
  while (top > 0 && Shot.live[top - 1] == 0) top--;
}

export function sortFlying(): void {
  flying.clear();
  for (let row = 0; row < top; row++) if (Shot.live[row] != 0) flying.add(row, Shot.x[row], Shot.z[row]);
  flying.sort();
}

export function clearShots(): void {
  for (let row = 0; row < top; row++) Shot.despawn(row);
  top = 0;
}

/** Who gives up a seat leaves nothing behind that the next one there could be taken for. */
export function dropShotsOf(seat: i32): void {
  for (let row = 0; row < top; row++) if (Shot.live[row] != 0 && Shot.owner[row] == seat) Shot.despawn(row);
}

function load(row: i32, now: u32): void {
  const wanted = min<u8>(clipMax - Gear.clip[row], Gear.spare[row]);
  if (wanted == 0) return;
  Gear.clip[row] += wanted;
  Gear.spare[row] -= wanted;
  Gear.readyAt[row] = now + reloading;
}

function fire(by: i32, seat: i32, now: u32, context: Context): void {
  const row = Shot.spawn(seat);
  if (row < 0) return;
  fired++;
  top = max(top, row + 1);
  const aim = <f64>Fighter.aim[by];
  Gear.clip[by] -= 1;
  Gear.readyAt[by] = now + betweenShots;
  Shot.x[row] = Fighter.x[by];
  Shot.z[row] = Fighter.z[by];
  Shot.heading[row] = <f32>aim;
  Shot.team[row] = Fighter.team[by];
  wayX[row] = Math.cos(aim) * flight;
  wayZ[row] = Math.sin(aim) * flight;
  ticksLeft[row] = <u8>flightTicks;
  const seen = Push.seen[seat];
  const late = seen == 0 || seen > now ? 0 : min<i32>(<i32>(now - seen), lateMax);
  for (let tick = <i32>now - late; tick < <i32>now && Shot.live[row] != 0; tick++) fly(row, tick, context);
}

/** One tick's way, among those who stood there at that tick. */
function fly(row: i32, tick: i32, context: Context): void {
  const x = <f64>Shot.x[row];
  const z = <f64>Shot.z[row];
  const toX = x + unchecked(wayX[row]);
  const toZ = z + unchecked(wayZ[row]);
  const free = freePart(x, z, toX, toZ);
  const hit = firstHit(row, x, z, free, tick);
  if (hit >= 0) strike(hit, row, context);
  if (hit >= 0 || free < 1 || unchecked(ticksLeft[row]) == 0) return Shot.despawn(row);
  unchecked((ticksLeft[row] -= 1));
  Shot.x[row] = <f32>toX;
  Shot.z[row] = <f32>toZ;
}

/** The enemy that is hit first on this part of a tick's way; -1 if none is. */
function firstHit(shot: i32, x: f64, z: f64, part: f64, tick: i32): i32 {
  const alongX = unchecked(wayX[shot]);
  const alongZ = unchecked(wayZ[shot]);
  let first = -1;
  let nearest: f64 = Infinity;
  // They are sorted by where they stand now: since that tick they may have walked.
  standing.around(x + alongX / 2, z + alongZ / 2, flight / 2 + target + lateMax * stride);
  for (let row = standing.next(); row >= 0; row = standing.next()) {
    const toX = wasAtX(row, tick) - x;
    const toZ = wasAtZ(row, tick) - z;
    // What cannot be hit is most of what there is.
    if (abs(toX) > flight + target || abs(toZ) > flight + target) continue;
    if (Fighter.team[row] == Shot.team[shot] || !stands(row)) continue;
    // The place on the way that is nearest to the enemy's middle.
    const at = max(0, min(part, (toX * alongX + toZ * alongZ) / (flight * flight)));
    const missX = toX - at * alongX;
    const missZ = toZ - at * alongZ;
    if (missX * missX + missZ * missZ > target * target || at >= nearest) continue;
    nearest = at;
    first = row;
  }
  return first;
}

function strike(row: i32, shot: i32, context: Context): void {
  const by = rowOfSeat(Shot.owner[shot]);
  const health = <i32>Fighter.health[row] - wound;
  Fighter.health[row] = <u8>max(0, health);
  if (by >= 0) Gear.hits[by] += 1;
  if (health > 0) return;
  fall(row, by, context);
  scoreFelling(Shot.team[shot], by);
}
