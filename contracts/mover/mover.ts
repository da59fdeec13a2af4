/**
 * A hundred bodies on a field with walls. Each player steers one, the rest wander. README.md has the rule by which the
 * AssemblyScript of it moves them to the same bits.
 *
 * 1. The field opens full. 2. Who sits down takes over a place. 3. Every tick all take a step. 4. Who leaves is replaced.
 */
import { accept, refuse, type Context, type Contract } from "#contract/index.ts";
import * as components from "./components.ts";
import { alongX, alongZ, directionCount, headingOf, mirroredX, mirroredZ } from "./directions.ts";
import { moveSchema, type Move } from "./moves.ts";

const { Body, Course } = components;

const bodies = 100;
/** From the middle to each wall. */
const reach = 50;
const hz = 20;
const playerSpeed = 4;

export interface State {
  /** How often somebody ran into a wall. */
  bumps: number;
}

export interface View {
  readonly bumps: number;
  /** The row of one's own body. */
  readonly mine: number | null;
}

export const mover: Contract<State, Move, View> = {
  name: "mover",
  players: { min: 1, max: 16 },
  pace: "ticks",
  hz,
  // Four hundred draws are made when the field opens.
  fuel: 60_000_000,
  components,
  moves: moveSchema,

  open(context) {
    for (let i = 0; i < bodies; i++) wander(context);
    return { bumps: 0 };
  },

  join(_state, player, context) {
    remove(-1);
    const row = place(player.seat, context);
    Body.speed[row] = playerSpeed;
    Body.label.set(row, `seat ${player.seat}`);
    context.focus(player, Body.entity(row));
    context.touch("everyone");
  },

  leave(_state, player, context) {
    remove(player.seat);
    wander(context);
    context.touch("everyone");
  },

  dropped(_state, player) {
    Body.walking[rowOf(player.seat)] = 0;
  },

  apply(state, { direction, walking }, context) {
    const row = rowOf(context.player.seat);
    if (!walking && Body.walking[row] === 0) return refuse("you are standing already");
    turn(row, direction);
    Body.walking[row] = walking ? 1 : 0;
    return accept(state);
  },

  tick(state, context) {
    for (let row = 0; row < Body.capacity; row++) {
      if (Body.live[row] === 0 || Body.walking[row] === 0) continue;
      if (Body.owner[row] === -1) steer(row, context);
      step(row, state, context);
    }
  },

  view: (state, viewer) => ({
    bumps: state.bumps,
    mine: viewer.kind === "player" ? rowOf(viewer.seat) : null,
  }),
};

/** A body somewhere, standing. Returns its row, which is that of its course too. */
function place(seat: number, context: Context): number {
  const row = Body.spawn(seat);
  Course.spawn(seat);
  Body.x[row] = somewhere(context);
  Body.z[row] = somewhere(context);
  turn(row, context.random.below(directionCount));
  return row;
}

/** A place along one side, in sixteenths. */
const somewhere = (context: Context): number => context.random.below(2 * reach * 16) / 16 - reach;

function wander(context: Context): void {
  const row = place(-1, context);
  Body.speed[row] = 1 + context.random.unit() * 2;
  Body.walking[row] = 1;
  Body.label.set(row, "wanderer");
  // Not all at once.
  Course.turnIn[row] = row % 40;
}

/** Frees the first row of this seat. */
function remove(seat: number): void {
  const row = rowOf(seat);
  Body.despawn(row);
  Course.despawn(row);
}

function rowOf(seat: number): number {
  for (let row = 0; row < Body.capacity; row++) if (Body.live[row] === 1 && Body.owner[row] === seat) return row;
  throw new Error(`nobody belongs to seat ${seat}`);
}

function turn(row: number, direction: number): void {
  Course.direction[row] = direction & 31;
  Body.heading[row] = headingOf(direction & 31);
}

/** A wanderer goes straight on for a while, then another way. */
function steer(row: number, context: Context): void {
  if (Course.turnIn[row]! > 0) {
    Course.turnIn[row]! -= 1;
    return;
  }
  Course.turnIn[row] = 10 + context.random.below(40);
  turn(row, Course.direction[row]! + context.random.below(5) - 2);
}

function step(row: number, state: State, context: Context): void {
  const direction = Course.direction[row]!;
  const length = Body.speed[row]! / hz;
  const x = Body.x[row]! + alongX(direction) * length;
  const z = Body.z[row]! + alongZ(direction) * length;
  Body.x[row] = between(x);
  Body.z[row] = between(z);
  if (between(x) !== x) bump(row, mirroredX(direction), state, context);
  if (between(z) !== z) bump(row, mirroredZ(Course.direction[row]!), state, context);
}

const between = (place: number): number => (place > reach ? reach : place < -reach ? -reach : place);

/** Wanderers turn round at a wall; a player stands, and is told. */
function bump(row: number, direction: number, state: State, context: Context): void {
  state.bumps += 1;
  turn(row, direction);
  const player = context.players.find(({ seat }) => seat === Body.owner[row]);
  if (player === undefined) return;
  Body.walking[row] = 0;
  context.send(player, { bump: state.bumps });
  context.touch("everyone");
}
