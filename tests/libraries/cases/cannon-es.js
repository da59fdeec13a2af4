import { Body, Box, Plane, Sphere, Vec3, World } from "cannon-es";

export function run() {
  const world = new World({ gravity: new Vec3(0, 0, -9.82) });
  world.addBody(new Body({ type: Body.STATIC, shape: new Plane() }));
  const bodies = Array.from({ length: 4 }, (_, i) => {
    const shape = i % 2 === 0 ? new Sphere(0.5) : new Box(new Vec3(0.5, 0.5, 0.5));
    const body = new Body({ mass: 1, shape, position: new Vec3(i * 0.3, 0, 0.45 + i * 0.9) });
    world.addBody(body);
    return body;
  });
  for (let i = 0; i < 12; i++) world.step(1 / 60);
  return bodies.map(({ position }) => position.toArray());
}
