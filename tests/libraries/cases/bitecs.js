import { addComponent, addEntity, createWorld, hasComponent, query, removeEntity } from "bitecs";

export function run() {
  const Position = { x: [], y: [] };
  const Frozen = [];
  const world = createWorld({ components: { Position, Frozen } });
  for (let i = 0; i < 20; i++) {
    const entity = addEntity(world);
    addComponent(world, entity, Position);
    Position.x[entity] = i;
    Position.y[entity] = i / 3;
    if (i % 3 === 0) addComponent(world, entity, Frozen);
  }
  removeEntity(world, 4);
  for (const entity of query(world, [Position])) if (!hasComponent(world, entity, Frozen)) Position.x[entity] += 0.1;
  return {
    moving: [...query(world, [Position])],
    frozen: [...query(world, [Position, Frozen])],
    x: Position.x.slice(1),
  };
}
