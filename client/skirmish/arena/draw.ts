/** Draws one moment: the dark, what is remembered of the field, and in the light all that the player is told of. */
import { isWall, type Field } from "#skirmish/field.ts";
import { girth, healthMax, sight, tile } from "#skirmish/terms.ts";
import type { Camera } from "./camera.ts";
import { finds as findColours, lit, night, remembered, teams } from "./colours.ts";
import type { Light } from "./light.ts";
import type { FighterNow, Scene } from "./scene.ts";

export interface Picture {
  readonly camera: Camera;
  readonly field: Field;
  /** 1 for a tile that was seen. */
  readonly seen: Uint8Array;
  /** Undefined for spectators, who see nothing. */
  readonly light: Light | undefined;
  readonly scene: Scene;
  readonly nameOf: (seat: number) => string;
  /** 0 to 1: how lately the player was hurt. */
  readonly hurt: number;
  /** How far the weapon is loaded, from 0 to 1; 1: it is ready. */
  readonly ready: number;
}

type Pen = CanvasRenderingContext2D;

export function draw(pen: Pen, picture: Picture): void {
  const { camera, light, scene } = picture;
  const { x, z, scale, width, height } = camera;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = night;
  pen.fillRect(0, 0, width, height);
  pen.setTransform(scale, 0, 0, scale, width / 2 - x * scale, height / 2 - z * scale);
  drawRemembered(pen, picture);
  if (light !== undefined && scene.self !== undefined) {
    pen.save();
    outline(pen, light);
    drawGround(pen, picture, scene.self);
    pen.clip();
    for (const find of scene.finds) drawFind(pen, find);
    for (const shot of scene.shots) drawShot(pen, shot);
    pen.restore();
    drawWalls(pen, picture, light, scene.self);
    // Whoever is seen is seen whole, also with an elbow in the dark.
    for (const other of scene.others) if (other.health > 0) drawFighter(pen, other, picture.nameOf(other.seat));
    drawSelf(pen, scene.self, picture.ready);
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  drawHurt(pen, picture);
}

function drawRemembered(pen: Pen, { camera, field, seen }: Picture): void {
  for (const [column, row] of tilesIn(camera, field)) {
    const at = row * field.tiles + column;
    if (seen[at] === 0) continue;
    pen.fillStyle = field.walls[at] === 0 ? remembered.floor : remembered.wall;
    pen.fillRect(column * tile, row * tile, tile + 0.03, tile + 0.03);
  }
}

/** Tiles of the picture. */
function* tilesIn({ x, z, scale, width, height }: Camera, { tiles }: Field): Generator<readonly [number, number]> {
  const [reachX, reachZ] = [width / 2 / scale, height / 2 / scale];
  const [left, top] = [Math.max(0, Math.floor((x - reachX) / tile)), Math.max(0, Math.floor((z - reachZ) / tile))];
  const right = Math.min(tiles - 1, Math.floor((x + reachX) / tile));
  const bottom = Math.min(tiles - 1, Math.floor((z + reachZ) / tile));
  for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) yield [column, row];
}

function outline(pen: Pen, { outline: corners }: Light): void {
  pen.beginPath();
  for (let i = 0; i < corners.length; i += 2) pen.lineTo(corners[i]!, corners[i + 1]!);
  pen.closePath();
}

/** The light falls off towards the edge of sight; the outline of it is the path that is open. */
function drawGround(pen: Pen, { camera, field }: Picture, { x, z }: FighterNow): void {
  const glow = pen.createRadialGradient(x, z, 1, x, z, sight);
  glow.addColorStop(0, "#3a2f6b");
  glow.addColorStop(0.35, lit.floor);
  glow.addColorStop(0.8, "#16112d");
  glow.addColorStop(1, "#0c0919");
  pen.fillStyle = glow;
  pen.fill();
  pen.save();
  pen.clip();
  pen.strokeStyle = lit.line;
  pen.lineWidth = 0.05;
  pen.beginPath();
  for (const [column, row] of tilesIn(camera, field)) {
    pen.moveTo(column * tile, row * tile);
    pen.lineTo((column + 1) * tile, row * tile);
    pen.moveTo(column * tile, row * tile);
    pen.lineTo(column * tile, (row + 1) * tile);
  }
  pen.stroke();
  pen.restore();
}

/** Walls that the light falls on, with a bright edge where floor begins. */
function drawWalls(pen: Pen, { field }: Picture, { walls }: Light, { x, z }: FighterNow): void {
  for (const wall of walls) {
    const [column, row] = [wall % field.tiles, Math.floor(wall / field.tiles)];
    const [left, top] = [column * tile, row * tile];
    const distance = Math.hypot(left + tile / 2 - x, top + tile / 2 - z);
    pen.globalAlpha = Math.max(0.16, 1 - distance / sight);
    pen.fillStyle = lit.wall;
    pen.fillRect(left, top, tile, tile);
    pen.fillStyle = lit.edge;
    if (!isWall(field, column - 1, row)) pen.fillRect(left, top, edge, tile);
    if (!isWall(field, column + 1, row)) pen.fillRect(left + tile - edge, top, edge, tile);
    if (!isWall(field, column, row - 1)) pen.fillRect(left, top, tile, edge);
    if (!isWall(field, column, row + 1)) pen.fillRect(left, top + tile - edge, tile, edge);
  }
  pen.globalAlpha = 1;
}

/** Of a wall, in metres. */
const edge = 0.14;

function drawFind(pen: Pen, { x, z, kind }: Scene["finds"][number]): void {
  const colour = findColours[kind] ?? "#fff";
  const glow = pen.createRadialGradient(x, z, 0, x, z, 1.1);
  glow.addColorStop(0, `${colour}66`);
  glow.addColorStop(1, `${colour}00`);
  pen.fillStyle = glow;
  pen.fillRect(x - 1.1, z - 1.1, 2.2, 2.2);
  pen.fillStyle = colour;
  if (kind === 0) {
    for (const off of [-0.32, 0, 0.32]) pen.fillRect(x + off - 0.09, z - 0.32, 0.18, 0.64);
  } else if (kind === 1) {
    pen.fillRect(x - 0.4, z - 0.13, 0.8, 0.26);
    pen.fillRect(x - 0.13, z - 0.4, 0.26, 0.8);
  } else {
    pen.beginPath();
    for (let i = 0; i < 10; i++) {
      const [angle, size] = [(i * Math.PI) / 5 - Math.PI / 2, i % 2 === 0 ? 0.5 : 0.2];
      pen.lineTo(x + Math.cos(angle) * size, z + Math.sin(angle) * size);
    }
    pen.fill();
  }
}

function drawShot(pen: Pen, { x, z, heading, team }: Scene["shots"][number]): void {
  const [wayX, wayZ] = [Math.cos(heading), Math.sin(heading)];
  const { fill } = teams[team]!;
  const trail = pen.createLinearGradient(x - wayX * 2.2, z - wayZ * 2.2, x, z);
  trail.addColorStop(0, `${fill}00`);
  trail.addColorStop(1, fill);
  pen.strokeStyle = trail;
  pen.lineCap = "round";
  pen.lineWidth = 0.16;
  pen.beginPath();
  pen.moveTo(x - wayX * 2.2, z - wayZ * 2.2);
  pen.lineTo(x, z);
  pen.stroke();
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(x, z, 0.12, 0, 2 * Math.PI);
  pen.fill();
}

function drawFighter(pen: Pen, fighter: FighterNow, name: string): void {
  body(pen, fighter);
  const { x, z, health } = fighter;
  pen.font = "600 0.62px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.lineWidth = 0.16;
  pen.strokeStyle = night;
  pen.strokeText(name, x, z - 1);
  pen.fillStyle = "#f6f2ff";
  pen.fillText(name, x, z - 1);
  if (health === healthMax) return;
  pen.fillStyle = "#00000099";
  pen.fillRect(x - 0.6, z + 0.72, 1.2, 0.16);
  pen.fillStyle = teams[fighter.team]!.fill;
  pen.fillRect(x - 0.6, z + 0.72, (1.2 * health) / healthMax, 0.16);
}

/** Lime is round, rose a square, cyan a rhombus, amber a triangle: a point shows where it aims. */
function body(pen: Pen, { x, z, aim, team }: FighterNow): void {
  const { fill, edge } = teams[team]!;
  pen.save();
  pen.translate(x, z);
  pen.rotate(aim);
  pen.fillStyle = "#f6f2ff";
  pen.fillRect(girth * 0.4, -0.09, girth + 0.25, 0.18);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 0.1;
  pen.beginPath();
  const sides = [24, 4, 4, 3][team]!;
  const turned = team === 1 ? Math.PI / 4 : 0;
  for (let i = 0; i < sides; i++) {
    const angle = (i / sides) * 2 * Math.PI + turned;
    const size = sides === 24 ? girth : girth * 1.22;
    pen.lineTo(Math.cos(angle) * size, Math.sin(angle) * size);
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
  pen.restore();
}

/** In a ring that fills while the weapon is loaded. The fallen are a mark on the ground. */
function drawSelf(pen: Pen, self: FighterNow, ready: number): void {
  const { x, z, health, team } = self;
  if (health === 0) {
    pen.strokeStyle = teams[team]!.fill;
    pen.lineWidth = 0.14;
    pen.beginPath();
    for (const side of [-1, 1]) {
      pen.moveTo(x - 0.4, z - 0.4 * side);
      pen.lineTo(x + 0.4, z + 0.4 * side);
    }
    pen.stroke();
    return;
  }
  body(pen, self);
  pen.strokeStyle = "#ffffff40";
  pen.lineWidth = 0.08;
  pen.beginPath();
  pen.arc(x, z, 0.85, 0, 2 * Math.PI);
  pen.stroke();
  pen.strokeStyle = "#f6f2ff";
  pen.beginPath();
  pen.arc(x, z, 0.85, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * ready);
  pen.stroke();
}

function drawHurt(pen: Pen, { camera: { width, height }, hurt }: Picture): void {
  if (hurt <= 0) return;
  const [x, y] = [width / 2, height / 2];
  const edge = pen.createRadialGradient(x, y, Math.min(x, y) * 0.6, x, y, Math.hypot(x, y));
  edge.addColorStop(0, "rgb(255 60 80 / 0)");
  edge.addColorStop(1, `rgb(255 60 80 / ${(0.55 * hurt).toFixed(3)})`);
  pen.fillStyle = edge;
  pen.fillRect(0, 0, width, height);
}
