import { Box, Circle, Edge, Vec2, World } from "planck";
import { seeded } from "../seeded.js";

export function run() {
  const next = seeded(7);
  const world = new World(Vec2(0, -10));
  world.createBody().createFixture(Edge(Vec2(-20, 0), Vec2(20, 0)));
  const bodies = Array.from({ length: 10 }, (_, i) => {
    const body = world.createDynamicBody(Vec2((next() - 0.5) * 8, 2 + i));
    body.createFixture(i % 2 === 0 ? Circle(0.4) : Box(0.4, 0.3), 1);
    return body;
  });
  for (let i = 0; i < 40; i++) world.step(1 / 60);
  return bodies.map((body) => [body.getPosition().x, body.getPosition().y, body.isAwake()]);
}
