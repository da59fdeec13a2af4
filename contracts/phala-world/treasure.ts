/**
 * What lies buried. Its row is revealed to whoever comes close, by the room, player by player; who finds it first keeps it,
 * and something else is buried elsewhere a while later.
 */
import { accept, refuse, type MoveContext, type Outcome } from "#contract/index.ts";
import { KeystreamRandom } from "#contract/random.ts";
import { distance, gateReach } from "#world/island/ground.ts";
import { arrival, hub } from "#world/island/island.ts";
import { treasures } from "./codes.ts";
import { Body, Treasure } from "./components.ts";
import type { Person, State } from "./state.ts";
import { terrain } from "./terrain.ts";

export const buriedAtOnce = 12;

/** Metres: from here on it is seen, from there on no longer. */
export const seenWithin = 4;
export const lostBeyond = 6;

/** Metres within reach of a spade. Pages offer it a little closer, because they are a little ahead of the room. */
export const dugWithin = 2;

/** Seconds until something else is buried. */
const buriedAgainAfter = 90;

export const buryTimer = "bury";

/** Whoever can reach something buried stands in no gate: there the gate is offered, and no spade. */
const besideGate = (x: number, z: number): boolean =>
  terrain.ground.gates.some((gate) => distance(x - gate.x, z - gate.z) < gateReach + dugWithin);

/** Somewhere where one can stand and dig, off the plaza and away from where people arrive: there everybody would find it. */
export function bury(state: State): void {
  const row = Treasure.spawn();
  if (row === -1) return;
  // Draws of their own: what others see drawn must not tell how often something was found.
  const random = new KeystreamRandom(state.burying.key);
  random.position = state.burying.position;
  for (;;) {
    const x = (random.unit() * 2 - 1) * hub.radius;
    const z = (random.unit() * 2 - 1) * hub.radius;
    const found = distance(x, z) <= hub.plaza || distance(x - arrival.x, z - arrival.z) <= hub.plaza;
    if (found || besideGate(x, z) || !terrain.isFree({ x, z })) continue;
    Treasure.x[row] = x;
    Treasure.z[row] = z;
    break;
  }
  const kind = random.below(treasures.length);
  state.burying.position = random.position;
  Treasure.kind[row] = kind;
  state.hidden[row] = { kind: treasures[kind]!, number: (state.treasures += 1) };
}

/** Shows what is close to somebody, and hides what no longer is. */
export function lookAround(person: Person): void {
  const { row, seat, near } = person;
  const { x, z, live } = Treasure;
  const atX = Body.x[row]!;
  const atZ = Body.z[row]!;
  let seen = 0;
  for (let hidden = 0; hidden < buriedAtOnce; hidden++) {
    const dx = x[hidden]! - atX;
    if (dx > lostBeyond || dx < -lostBeyond || live[hidden] === 0) continue;
    const dz = z[hidden]! - atZ;
    const apart = dx * dx + dz * dz;
    const known = (near & (1 << hidden)) !== 0;
    if (apart <= seenWithin * seenWithin || (known && apart <= lostBeyond * lostBeyond)) seen |= 1 << hidden;
  }
  if (seen === near) return;
  person.near = seen;
  for (let hidden = 0; hidden < buriedAtOnce; hidden++) {
    const bit = 1 << hidden;
    if ((seen & bit) !== 0 && (near & bit) === 0) Treasure.reveal(hidden, seat);
    else if ((seen & bit) === 0 && (near & bit) !== 0) Treasure.hide(hidden, seat);
  }
}

export function dig(state: State, person: Person, context: MoveContext): Outcome<State> {
  if (person.row === -1) return refuse("Enter the world first.");
  const row = within(person);
  if (row === undefined) return refuse("There is nothing here.");
  const { kind, number } = state.hidden[row]!;
  Treasure.despawn(row);
  // What is buried in this row next is shown to nobody yet.
  for (const other of state.present) other.near &= ~(1 << row);
  delete state.hidden[row];
  person.kept.found += 1;
  person.unsaved = true;
  context.award(person.player, { item: "treasure", kind }, { once: `treasure/${number}` });
  context.send(person.player, { found: { kind } });
  // By a name of its own: what is found meanwhile is buried again as well.
  context.schedule(`${buryTimer}/${number}`, context.seconds(buriedAgainAfter));
  context.touch(person.player);
  return accept(state);
}

/** The nearest row within reach of somebody. */
function within({ row }: Person): number | undefined {
  let found: number | undefined;
  let nearest = dugWithin;
  for (let hidden = 0; hidden < buriedAtOnce; hidden++) {
    if (Treasure.live[hidden] === 0) continue;
    const apart = distance(Treasure.x[hidden]! - Body.x[row]!, Treasure.z[hidden]! - Body.z[row]!);
    if (apart > nearest) continue;
    nearest = apart;
    found = hidden;
  }
  return found;
}
