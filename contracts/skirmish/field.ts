/**
 * The field's walls, made of a seed as the rules make them (`assembly/field.ts`), and what can be seen past them. For the
 * page, for bots and for tests: the view holds a checksum that says whether both made the same.
 */
import { tile } from "./terms.ts";

export interface Field {
  /** Tiles along one side. */
  readonly tiles: number;
  /** 1 for a wall, row by row. */
  readonly walls: Uint8Array;
}

export const isWall = ({ tiles, walls }: Field, x: number, z: number): boolean =>
  x < 0 || z < 0 || x >= tiles || z >= tiles || walls[z * tiles + x] !== 0;

export const tileOf = (place: number): number => Math.trunc(place / tile);

/** FNV-1a over all tiles. */
export function checkOf({ walls }: Field): number {
  let check = 0x811c_9dc5;
  for (const wall of walls) check = Math.imul(check ^ wall, 0x0100_0193);
  return check >>> 0;
}

/**
 * Half of it is the other half turned round, and all of its floor can be reached. Tried until two fifths are floor: now and
 * then its middle is walled in.
 */
export function makeField(seed: number, tiles: number): Field {
  const draft = new Draft(seed, tiles);
  while (draft.make() * 5 < tiles * tiles * 2);
  return draft;
}

class Draft implements Field {
  readonly tiles: number;
  readonly walls: Uint8Array;
  #word: number;

  constructor(seed: number, tiles: number) {
    this.tiles = tiles;
    this.walls = new Uint8Array(tiles * tiles);
    this.#word = seed | 1;
  }

  /** Returns how many tiles are floor. */
  make(): number {
    const { tiles } = this;
    this.walls.fill(0);
    for (let pieces = Math.trunc((tiles * tiles) / 48); pieces > 0; pieces--) this.#putPiece();
    for (let i = 0; i < tiles; i++) {
      this.#put(i, 0, 1);
      this.#put(0, i, 1);
    }
    const middle = tiles >> 1;
    for (let z = middle - 3; z < middle + 3; z++) for (let x = middle - 3; x < middle + 3; x++) this.#put(x, z, 0);
    return this.#closeWhatIsCutOff(middle);
  }

  /** And the tile opposite. */
  #put(x: number, z: number, wall: number): void {
    const { tiles, walls } = this;
    if (x < 0 || z < 0 || x >= tiles || z >= tiles) return;
    const at = z * tiles + x;
    walls[at] = wall;
    walls[tiles * tiles - 1 - at] = wall;
  }

  #putPiece(): void {
    const kind = this.#below(10);
    const x = this.#below(this.tiles);
    const z = this.#below(this.tiles);
    if (kind < 4) this.#putBlock(x, z, 1 + this.#below(3), 1 + this.#below(3));
    else if (kind < 8) this.#putHouse(x, z, 5 + this.#below(5), 5 + this.#below(5));
    else if (kind < 9) this.#putBlock(x, z, 3 + this.#below(6), 1);
    else this.#putBlock(x, z, 1, 3 + this.#below(6));
  }

  /** Floor that cannot be reached from the middle becomes wall. Returns how much is left. */
  #closeWhatIsCutOff(middle: number): number {
    const { tiles, walls } = this;
    const reached = 2;
    const queue = [middle * tiles + middle];
    walls[queue[0]!] = reached;
    for (const at of queue) {
      for (const next of [at - 1, at + 1, at - tiles, at + tiles]) {
        if (walls[next] !== 0) continue;
        walls[next] = reached;
        queue.push(next);
      }
    }
    for (let i = 0; i < walls.length; i++) walls[i] = walls[i] === reached ? 0 : 1;
    return queue.length;
  }

  #putBlock(x: number, z: number, width: number, depth: number): void {
    for (let j = 0; j < depth; j++) for (let i = 0; i < width; i++) this.#put(x + i, z + j, 1);
  }

  /** Four walls, each with a door or, now and then, without. */
  #putHouse(x: number, z: number, width: number, depth: number): void {
    for (let j = 0; j < depth; j++) {
      for (let i = 0; i < width; i++) {
        const edge = i === 0 || j === 0 || i === width - 1 || j === depth - 1;
        this.#put(x + i, z + j, edge ? 1 : 0);
      }
    }
    for (let side = 0; side < 4; side++) {
      const across = side < 2;
      const door = 1 + this.#below((across ? width : depth) - 3);
      const far = (side & 1) === 1 ? (across ? depth : width) - 1 : 0;
      if (this.#below(5) === 0) continue;
      for (let i = door; i < door + 2; i++) this.#put(across ? x + i : x + far, across ? z + far : z + i, 0);
    }
  }

  /** Xorshift; its upper bits are the better ones. */
  #below(limit: number): number {
    let word = this.#word;
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    this.#word = word;
    return (word >>> 8) % limit;
  }
}

/** The part of the way from one place to another that is free: 1 if all of it is. `assembly/lines.ts` to the bit. */
export function freePart(field: Field, fromX: number, fromZ: number, toX: number, toZ: number): number {
  const wayX = toX - fromX;
  const wayZ = toZ - fromZ;
  let x = tileOf(fromX);
  let z = tileOf(fromZ);
  const acrossX = tile / Math.abs(wayX);
  const acrossZ = tile / Math.abs(wayZ);
  let nextX = wayX === 0 ? Infinity : ((wayX > 0 ? x + 1 : x) * tile - fromX) / wayX;
  let nextZ = wayZ === 0 ? Infinity : ((wayZ > 0 ? z + 1 : z) * tile - fromZ) / wayZ;
  for (let left = Math.abs(tileOf(toX) - x) + Math.abs(tileOf(toZ) - z); left > 0; left--) {
    const at = Math.min(nextX, nextZ);
    if (nextX < nextZ) {
      x += wayX > 0 ? 1 : -1;
      nextX += acrossX;
    } else {
      z += wayZ > 0 ? 1 : -1;
      nextZ += acrossZ;
    }
    if (isWall(field, x, z)) return at;
  }
  return 1;
}

/** Whether somebody at one place sees the other, if it is near enough. */
export function sees(field: Field, x0: number, z0: number, x1: number, z1: number): boolean {
  const turned = x1 < x0 || (x1 === x0 && z1 < z0);
  return (turned ? freePart(field, x1, z1, x0, z0) : freePart(field, x0, z0, x1, z1)) === 1;
}
