import Matter from "matter-js";
import { seeded } from "../seeded.js";

const { Bodies, Composite, Engine } = Matter;

export function run() {
  const next = seeded(3);
  const engine = Engine.create();
  Composite.add(engine.world, Bodies.rectangle(200, 400, 800, 40, { isStatic: true }));
  const boxes = Array.from({ length: 6 }, () => Bodies.rectangle(100 + next() * 200, next() * 200, 30, 30));
  Composite.add(engine.world, boxes);
  for (let i = 0; i < 40; i++) Engine.update(engine, 1000 / 60);
  return boxes.map(({ position }) => [position.x, position.y]);
}
