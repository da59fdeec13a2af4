/**
 * Who sees what. A row is revealed to whoever is near enough with nothing in between, and to nobody else; what is not
 * revealed leaves the room for nobody's screen.
 */
import { Fighter, Find, Shot } from "./components.generated";
import { rowsEnd, standing } from "./fighters";
import { lying } from "./finds";
import { sees } from "./lines";
import { flying } from "./shots";
import { finding, sight } from "./terms";

/**
 * Lines that are drawn in one tick, about. Where that is not enough for all, because many stand in one crowd, the others
 * look round in the next tick: a crowd makes news late, and never a tick too dear.
 */
const linesMax: i32 = 40000;

/** Whose turn it is next, and how many lines were drawn. */
let turn: i32 = 0;
let lines: i32 = 0;

/** What was found and is in sight still. */
const kept = new StaticArray<i32>(Find.capacity);

export function lookAll(): void {
  lines = 0;
  for (let left = rowsEnd; left > 0 && lines < linesMax; left--) {
    if (turn >= rowsEnd) turn = 0;
    if (Fighter.live[turn] != 0) look(turn, Fighter.owner[turn]);
    turn++;
  }
}

/** Whoever has fallen sees what is to be seen from there. */
function look(row: i32, seat: i32): void {
  const x = <f64>Fighter.x[row];
  const z = <f64>Fighter.z[row];
  Fighter.hideFrom(seat);
  standing.around(x, z, sight);
  for (let other = standing.next(); other >= 0; other = standing.next()) {
    if (other != row && isInSight(x, z, Fighter.x[other], Fighter.z[other], sight)) Fighter.reveal(other, seat);
  }
  Shot.hideFrom(seat);
  flying.around(x, z, sight);
  for (let shot = flying.next(); shot >= 0; shot = flying.next()) {
    if (isInSight(x, z, Shot.x[shot], Shot.z[shot], sight)) Shot.reveal(shot, seat);
  }
  lookForFinds(x, z, seat);
}

function lookForFinds(x: f64, z: f64, seat: i32): void {
  let count = 0;
  lying.around(x, z, sight);
  for (let find = lying.next(); find >= 0; find = lying.next()) {
    const reach = Find.isRevealed(find, seat) ? sight : finding;
    if (isInSight(x, z, Find.x[find], Find.z[find], reach)) unchecked((kept[count++] = find));
  }
  Find.hideFrom(seat);
  for (let i = 0; i < count; i++) Find.reveal(unchecked(kept[i]), seat);
}

function isInSight(x: f64, z: f64, toX: f64, toZ: f64, reach: f64): bool {
  const wayX = toX - x;
  const wayZ = toZ - z;
  if (wayX * wayX + wayZ * wayZ > reach * reach) return false;
  lines++;
  return sees(x, z, toX, toZ);
}
