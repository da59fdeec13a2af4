import { FOV, Map, Path, RNG } from "rot-js";

export function run() {
  RNG.setSeed(1234);
  const walls = new Set();
  const digger = new Map.Digger(40, 20);
  digger.create((x, y, wall) => wall && walls.add(`${x},${y}`));
  const free = (x, y) => x >= 0 && y >= 0 && x < 40 && y < 20 && !walls.has(`${x},${y}`);
  const [from, to] = [digger.getRooms()[0].getCenter(), digger.getRooms().at(-1).getCenter()];
  const path = [];
  new Path.AStar(to[0], to[1], free, { topology: 4 }).compute(from[0], from[1], (x, y) => path.push([x, y]));
  let seen = 0;
  new FOV.PreciseShadowcasting(free).compute(from[0], from[1], 8, (_x, _y, _r, visible) => (seen += visible));
  return { walls: [...walls].join(" "), path, seen, dice: Array.from({ length: 8 }, () => RNG.getUniform()) };
}
