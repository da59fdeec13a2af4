/** Who is on the field, where they were, and what happens when they fall. */
import { Context, Player } from "phatroom/assembly";
import { Fighter, Find, Gear, Push, Shot } from "./components.generated";
import { isWall, tiles } from "./field";
import { lookDown } from "./ground";
import { Near } from "./near";
import { clipMax, fallen, healthMax, seats, spareStart, teamsMax, tile } from "./terms";

/** Ticks that are remembered: a power of two, and more than `lateMax`. */
const remembered: i32 = 8;
const pastX = new StaticArray<f32>(remembered * seats);
const pastZ = new StaticArray<f32>(remembered * seats);

/** By seat; -1 for a seat that is free. */
const rowOf = new StaticArray<i32>(seats).fill(-1);
/** How often a seat has wanted to reload, as far as it was heard. */
const reloadsOf = new StaticArray<u8>(seats);
export const teamSizes = new StaticArray<i32>(teamsMax);

/** Those who stand, by place. */
export const standing = new Near(seats);

export function rowOfSeat(seat: i32): i32 {
  return unchecked(rowOf[seat]);
}

/** Rows from here on are free. */
export let rowsEnd: i32 = 0;

export function stands(row: i32): bool {
  return Fighter.live[row] != 0 && Fighter.health[row] != 0;
}

export function enter(player: Player, team: i32, context: Context): void {
  const seat = player.seat;
  const row = Fighter.spawn(seat);
  Gear.spawn(seat);
  rowOf[seat] = row;
  rowsEnd = max(rowsEnd, row + 1);
  Fighter.seat[row] = <u16>seat;
  Fighter.team[row] = <u8>team;
  teamSizes[team]++;
  still(seat);
  reloadsOf[seat] = 0;
  Push.reloads[seat] = 0;
  stand(row, context);
}

export function leave(player: Player): void {
  const row = rowOf[player.seat];
  teamSizes[Fighter.team[row]]--;
  rowOf[player.seat] = -1;
  Fighter.despawn(row);
  Gear.despawn(row);
  while (rowsEnd > 0 && Fighter.live[rowsEnd - 1] == 0) rowsEnd--;
}

export function change(row: i32, team: i32, context: Context): void {
  teamSizes[Fighter.team[row]]--;
  teamSizes[team]++;
  Fighter.team[row] = <u8>team;
  stand(row, context);
}

/** Wants nothing any more. */
export function still(seat: i32): void {
  Push.east[seat] = 0;
  Push.south[seat] = 0;
  Push.trigger[seat] = false;
  Push.seen[seat] = 0;
}

/** Whether a seat has wanted to reload since this was last asked. */
export function wantsToReload(seat: i32): bool {
  const count = Push.reloads[seat];
  const wanted = count != unchecked(reloadsOf[seat]);
  unchecked((reloadsOf[seat] = count));
  return wanted;
}

/** On the field, with all it takes, seen by nobody yet and seeing nothing yet. */
export function stand(row: i32, context: Context): void {
  Fighter.hideFromAll(row);
  hideAllFrom(Fighter.owner[row]);
  Fighter.health[row] = <u8>healthMax;
  Gear.clip[row] = clipMax;
  Gear.spare[row] = spareStart;
  Gear.readyAt[row] = 0;
  Gear.returnsAt[row] = 0;
  putSomewhere(row, context);
  lookDown(row);
  for (let tick = 0; tick < remembered; tick++) remember(row, tick);
}

/** @param by the row of whoever did it; -1 if they are gone. */
export function fall(row: i32, by: i32, context: Context): void {
  lie(row, <u32>context.tick + fallen);
  Gear.falls[row] += 1;
  Gear.felledBy[row] = by < 0 ? 0 : <u16>(Fighter.owner[by] + 1);
}

/** Hidden from everybody, and back at this tick. */
export function lie(row: i32, until: u32): void {
  Fighter.hideFromAll(row);
  Fighter.health[row] = 0;
  Gear.returnsAt[row] = until;
}

/** After everybody has moved. */
export function rememberAll(tick: i32): void {
  for (let row = 0; row < rowsEnd; row++) if (stands(row)) remember(row, tick);
}

/** Where a fighter was at a tick, at most `lateMax` ago. */
export function wasAtX(row: i32, tick: i32): f64 {
  return unchecked(pastX[(tick & (remembered - 1)) * seats + row]);
}

export function wasAtZ(row: i32, tick: i32): f64 {
  return unchecked(pastZ[(tick & (remembered - 1)) * seats + row]);
}

function remember(row: i32, tick: i32): void {
  const at = (tick & (remembered - 1)) * seats + row;
  unchecked((pastX[at] = Fighter.x[row]));
  unchecked((pastZ[at] = Fighter.z[row]));
}

export function sortStanding(): void {
  standing.clear();
  for (let row = 0; row < rowsEnd; row++) if (stands(row)) standing.add(row, Fighter.x[row], Fighter.z[row]);
  standing.sort();
}

/** Of a few places the one where fewest are near. */
function putSomewhere(row: i32, context: Context): void {
  let fewest = i32.MAX_VALUE;
  for (let tries = 0; tries < 4; tries++) {
    const at = freeTile(context);
    const x = (<f64>(at % tiles) + 0.5) * tile;
    const z = (<f64>(at / tiles) + 0.5) * tile;
    let count = 0;
    standing.around(x, z, 16);
    while (standing.next() >= 0) count++;
    if (count >= fewest) continue;
    fewest = count;
    Fighter.x[row] = <f32>x;
    Fighter.z[row] = <f32>z;
  }
}

/** A tile of floor, anywhere. */
export function freeTile(context: Context): i32 {
  while (true) {
    const at = <i32>context.random.below(tiles * tiles);
    if (!isWall(at % tiles, at / tiles)) return at;
  }
}

export function hideAllFrom(seat: i32): void {
  Fighter.hideFrom(seat);
  Shot.hideFrom(seat);
  Find.hideFrom(seat);
}
