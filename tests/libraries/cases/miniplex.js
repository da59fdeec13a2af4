import { World } from "miniplex";

export function run() {
  const world = new World();
  const moving = world.with("position", "velocity");
  const log = [];
  moving.onEntityAdded.subscribe(({ name }) => log.push(`+${name}`));
  moving.onEntityRemoved.subscribe(({ name }) => log.push(`-${name}`));
  const a = world.add({ name: "a", position: { x: 0 }, velocity: { x: 0.1 } });
  world.add({ name: "b", position: { x: 5 } });
  for (let i = 0; i < 3; i++) for (const { position, velocity } of moving) position.x += velocity.x;
  world.removeComponent(a, "velocity");
  return { log, entities: world.entities.map(({ name, position }) => ({ name, x: position.x })) };
}
