/**
 * The field: a square of tiles that are floor or wall, made of a seed. `../field.ts` makes the same; both use whole
 * numbers only. Half of it is the other half turned round, so that no team has the better place.
 */
import { fitBuckets } from "./near";
import { tile } from "./terms";

const tilesMax: i32 = 128;
/** 1 for a wall, by row and column. */
const walls = new StaticArray<u8>(tilesMax * tilesMax);
const queue = new StaticArray<u16>(tilesMax * tilesMax);

/** Tiles along one side. */
export let tiles: i32 = 0;

let word: u32 = 0;

/** Tried until two fifths of it are floor: now and then its middle is walled in. */
export function makeField(seed: u32, side: i32): void {
  tiles = side;
  fitBuckets(<f64>side * tile);
  word = seed | 1;
  while (draft() * 5 < side * side * 2);
}

/** Returns how many tiles are floor. */
function draft(): i32 {
  walls.fill(0);
  for (let pieces = (tiles * tiles) / 48; pieces > 0; pieces--) putPiece();
  for (let i = 0; i < tiles; i++) {
    put(i, 0, 1);
    put(0, i, 1);
  }
  const middle = tiles / 2;
  for (let z = middle - 3; z < middle + 3; z++) for (let x = middle - 3; x < middle + 3; x++) put(x, z, 0);
  return closeWhatIsCutOff(middle);
}

/** What is not on the field is wall. */
export function isWall(x: i32, z: i32): bool {
  return <u32>x >= <u32>tiles || <u32>z >= <u32>tiles || unchecked(walls[z * tiles + x]) != 0;
}

/** The tile that a place is on. */
export function tileOf(place: f64): i32 {
  return <i32>(place / tile);
}

/** FNV-1a over all tiles, for whoever makes the field again. */
export function checkOfField(): u32 {
  let check: u32 = 0x811c9dc5;
  for (let i = 0; i < tiles * tiles; i++) check = (check ^ unchecked(walls[i])) * 0x01000193;
  return check;
}

/** Xorshift; its upper bits are the better ones. */
function below(limit: i32): i32 {
  word ^= word << 13;
  word ^= word >> 17;
  word ^= word << 5;
  return <i32>((word >> 8) % <u32>limit);
}

/** And the tile opposite. */
function put(x: i32, z: i32, wall: u8): void {
  if (<u32>x >= <u32>tiles || <u32>z >= <u32>tiles) return;
  const at = z * tiles + x;
  unchecked((walls[at] = wall));
  unchecked((walls[tiles * tiles - 1 - at] = wall));
}

function putPiece(): void {
  const kind = below(10);
  const x = below(tiles);
  const z = below(tiles);
  if (kind < 4) putBlock(x, z, 1 + below(3), 1 + below(3));
  else if (kind < 8) putHouse(x, z, 5 + below(5), 5 + below(5));
  else if (kind < 9) putBlock(x, z, 3 + below(6), 1);
  else putBlock(x, z, 1, 3 + below(6));
}

function putBlock(x: i32, z: i32, width: i32, depth: i32): void {
  for (let j = 0; j < depth; j++) for (let i = 0; i < width; i++) put(x + i, z + j, 1);
}

/** Four walls, each with a door or, now and then, without. */
function putHouse(x: i32, z: i32, width: i32, depth: i32): void {
  for (let j = 0; j < depth; j++) {
    for (let i = 0; i < width; i++) {
      put(x + i, z + j, i == 0 || j == 0 || i == width - 1 || j == depth - 1 ? 1 : 0);
    }
  }
  for (let side = 0; side < 4; side++) {
    const across = side < 2;
    const door = 1 + below((across ? width : depth) - 3);
    const far = (side & 1) == 1 ? (across ? depth : width) - 1 : 0;
    if (below(5) == 0) continue;
    for (let i = door; i < door + 2; i++) put(across ? x + i : x + far, across ? z + far : z + i, 0);
  }
}

/** Floor that cannot be reached from the middle becomes wall. Returns how much is left. */
function closeWhatIsCutOff(middle: i32): i32 {
  const reached: u8 = 2;
  const start = middle * tiles + middle;
  let head = 0;
  let tail = 1;
  queue[0] = <u16>start;
  walls[start] = reached;
  while (head < tail) {
    const at = <i32>unchecked(queue[head++]);
    tail = reach(at - 1, tail);
    tail = reach(at + 1, tail);
    tail = reach(at - tiles, tail);
    tail = reach(at + tiles, tail);
  }
  for (let i = 0; i < tiles * tiles; i++) unchecked((walls[i] = unchecked(walls[i]) == reached ? 0 : 1));
  return tail;
}

/** The border is wall, so that no neighbour is beyond it. Returns where the queue ends. */
function reach(at: i32, tail: i32): i32 {
  if (unchecked(walls[at]) != 0) return tail;
  unchecked((walls[at] = 2));
  unchecked((queue[tail] = <u16>at));
  return tail + 1;
}
