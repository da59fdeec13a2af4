/** W1, a tick of a hundred bodies that steer, collide and hurt each other; W2, what each of them sees, encoded. */
import { mixed, seed, unit } from "./draws";
import { IN, OUT } from "./windows";

const bodies: i32 = 100;
const width: f64 = 600.0;
const radius: f64 = 6.0;
const cellWidth: f64 = 32.0;
/** Cells along one side. */
const side: i32 = 19;
const cells: i32 = side * side;

const x: Float64Array = new Float64Array(bodies);
const y: Float64Array = new Float64Array(bodies);
const velocityX: Float64Array = new Float64Array(bodies);
const velocityY: Float64Array = new Float64Array(bodies);
const health: Int32Array = new Int32Array(bodies);
const cellOf: Int32Array = new Int32Array(bodies);
/** Where among `sorted` the bodies of a cell begin. */
const cellFrom: Int32Array = new Int32Array(cells + 1);
const cellFill: Int32Array = new Int32Array(cells);
/** Bodies by cell. */
const sorted: Int32Array = new Int32Array(bodies);
let ticks: i32 = 0;

export function openArena(from: i32): void {
  seed(from);
  ticks = 0;
  for (let i: i32 = 0; i < bodies; i++) spawn(i);
  sortByCell();
}

/** Input: two bytes for each body, its direction, each biased by 128. */
export function tick(): i32 {
  for (let i: i32 = 0; i < bodies; i++) steer(i);
  sortByCell();
  const hits: i32 = collide();
  for (let i: i32 = 0; i < bodies; i++) if (health[i] <= 0) spawn(i);
  ticks = ticks + 1;
  return hits;
}

/** Output: for each body a head of five bytes, and nine for each body within 150. Returns their length. */
export function views(): i32 {
  let at: i32 = 0;
  for (let i: i32 = 0; i < bodies; i++) at = view(i, at);
  return at;
}

export function arenaHash(hash: i32): i32 {
  for (let i: i32 = 0; i < bodies; i++) {
    hash = mixed(hash, i32(x[i] * 65536.0));
    hash = mixed(hash, i32(y[i] * 65536.0));
    hash = mixed(hash, i32(velocityX[i] * 65536.0));
    hash = mixed(hash, health[i]);
  }
  return hash;
}

function spawn(i: i32): void {
  x[i] = radius + unit() * (width - 2.0 * radius);
  y[i] = radius + unit() * (width - 2.0 * radius);
  velocityX[i] = 0.0;
  velocityY[i] = 0.0;
  health[i] = 100;
}

function steer(i: i32): void {
  const speed: f64 = 80.0;
  const force: f64 = 12.0;
  const seconds: f64 = 0.05;
  let dx: f64 = f64(IN[i * 2]) - 128.0;
  let dy: f64 = f64(IN[i * 2 + 1]) - 128.0;
  const length: f64 = Math.sqrt(dx * dx + dy * dy);
  if (length > 1.0) {
    dx = dx / length;
    dy = dy / length;
  } else {
    dx = 0.0;
    dy = 0.0;
  }
  let pushX: f64 = dx * speed - velocityX[i];
  let pushY: f64 = dy * speed - velocityY[i];
  const push: f64 = Math.sqrt(pushX * pushX + pushY * pushY);
  if (push > force) {
    pushX = (pushX / push) * force;
    pushY = (pushY / push) * force;
  }
  velocityX[i] = velocityX[i] + pushX;
  velocityY[i] = velocityY[i] + pushY;
  let toX: f64 = x[i] + velocityX[i] * seconds;
  let toY: f64 = y[i] + velocityY[i] * seconds;
  if (toX < radius || toX > width - radius) {
    toX = toX < radius ? radius : width - radius;
    velocityX[i] = -velocityX[i];
  }
  if (toY < radius || toY > width - radius) {
    toY = toY < radius ? radius : width - radius;
    velocityY[i] = -velocityY[i];
  }
  x[i] = toX;
  y[i] = toY;
}

function cellAt(place: f64): i32 {
  const cell: i32 = i32(place / cellWidth);
  return cell < 0 ? 0 : cell >= side ? side - 1 : cell;
}

function sortByCell(): void {
  for (let c: i32 = 0; c < cells; c++) cellFill[c] = 0;
  for (let i: i32 = 0; i < bodies; i++) {
    const c: i32 = cellAt(y[i]) * side + cellAt(x[i]);
    cellOf[i] = c;
    cellFill[c] = cellFill[c] + 1;
  }
  let from: i32 = 0;
  for (let c: i32 = 0; c < cells; c++) {
    cellFrom[c] = from;
    from += cellFill[c];
    cellFill[c] = cellFrom[c];
  }
  cellFrom[cells] = from;
  for (let i: i32 = 0; i < bodies; i++) {
    const c: i32 = cellOf[i];
    sorted[cellFill[c]] = i;
    cellFill[c] = cellFill[c] + 1;
  }
}

function collide(): i32 {
  let hits: i32 = 0;
  for (let i: i32 = 0; i < bodies; i++) {
    const c: i32 = cellOf[i];
    const column: i32 = c % side;
    const row: i32 = i32((c - column) / side);
    for (let v: i32 = row - 1; v <= row + 1; v++) {
      if (v < 0 || v >= side) continue;
      for (let u: i32 = column - 1; u <= column + 1; u++) {
        if (u < 0 || u >= side) continue;
        const end: i32 = cellFrom[v * side + u + 1];
        for (let k: i32 = cellFrom[v * side + u]; k < end; k++) {
          if (sorted[k] > i) hits += collision(i, sorted[k]);
        }
      }
    }
  }
  return hits;
}

/** Returns 1 if it hurt. */
function collision(i: i32, j: i32): i32 {
  const dx: f64 = x[j] - x[i];
  const dy: f64 = y[j] - y[i];
  const square: f64 = dx * dx + dy * dy;
  if (square >= 4.0 * radius * radius || square <= 0.000001) return 0;
  const distance: f64 = Math.sqrt(square);
  const push: f64 = (2.0 * radius - distance) * 0.5;
  const ux: f64 = dx / distance;
  const uy: f64 = dy / distance;
  x[i] = x[i] - ux * push;
  y[i] = y[i] - uy * push;
  x[j] = x[j] + ux * push;
  y[j] = y[j] + uy * push;
  const speed: f64 = (velocityX[j] - velocityX[i]) * ux + (velocityY[j] - velocityY[i]) * uy;
  if (speed >= -20.0) return 0;
  health[i] = health[i] - 3;
  health[j] = health[j] - 3;
  return 1;
}

function view(i: i32, head: i32): i32 {
  const sight: f64 = 150.0;
  const reach: i32 = 5;
  const c: i32 = cellOf[i];
  const column: i32 = c % side;
  const row: i32 = i32((c - column) / side);
  const last: i32 = row + reach < side ? row + reach : side - 1;
  const left: i32 = column > reach ? column - reach : 0;
  const right: i32 = column + reach < side ? column + reach : side - 1;
  let at: i32 = head + 5;
  let seen: i32 = 0;
  for (let v: i32 = row > reach ? row - reach : 0; v <= last; v++) {
    const end: i32 = cellFrom[v * side + right + 1];
    for (let k: i32 = cellFrom[v * side + left]; k < end; k++) {
      const j: i32 = sorted[k];
      const dx: f64 = x[j] - x[i];
      const dy: f64 = y[j] - y[i];
      if (dx * dx + dy * dy > sight * sight) continue;
      const toX: i32 = i32(x[j] * 8.0);
      const toY: i32 = i32(y[j] * 8.0);
      OUT[at] = u8(j);
      OUT[at + 1] = u8(j >> 8);
      OUT[at + 2] = u8(toX);
      OUT[at + 3] = u8(toX >> 8);
      OUT[at + 4] = u8(toY);
      OUT[at + 5] = u8(toY >> 8);
      OUT[at + 6] = u8(i32(velocityX[j]));
      OUT[at + 7] = u8(i32(velocityY[j]));
      OUT[at + 8] = u8(health[j]);
      at += 9;
      seen++;
    }
  }
  OUT[head] = u8(i);
  OUT[head + 1] = u8(ticks);
  OUT[head + 2] = u8(ticks >> 8);
  OUT[head + 3] = u8(seen);
  OUT[head + 4] = 0;
  return at;
}
