/** The rules of ../mover.ts a second time, in AssemblyScript. Places are computed as f64 and rounded when they are stored. */
import { accept, Context, Contract, Manifest, MoveContext, Outcome, Player, refuse } from "phatroom/assembly";
import { serve, Value, Viewer, Writer } from "phatroom/assembly";
import { Body, Course } from "./components.generated";
import { alongX, alongZ, directionCount, headingOf, mirroredX, mirroredZ } from "./directions";

const bodies: i32 = 100;
/** From the middle to each wall. */
const reach: f64 = 50;
const hz: i32 = 20;
const playerSpeed: f32 = 4;

class Move {
  direction: i32 = 0;
  walking: bool = false;
}

class Mover extends Contract<Move> {
  /** How often somebody ran into a wall. */
  private bumps: i32 = 0;

  describe(): Manifest {
    return { name: "mover", players: { min: 1, max: 16 }, pace: "ticks", hz, fuel: 60000000 };
  }

  parse(value: Value): Move {
    const move = new Move();
    move.direction = <i32>value.member("direction").whole(0, directionCount - 1);
    move.walking = value.member("walking").flag();
    return move;
  }

  open(context: Context): void {
    for (let i = 0; i < bodies; i++) wander(context);
  }

  join(player: Player, context: Context): void {
    remove(-1);
    const row = place(player.seat, context);
    Body.speed[row] = playerSpeed;
    Body.label.set(row, `seat ${player.seat}`);
    context.focus(player, Body.entity(row));
    context.touchEveryone();
  }

  leave(player: Player, context: Context): void {
    remove(player.seat);
    wander(context);
    context.touchEveryone();
  }

  dropped(player: Player, _context: Context): void {
    Body.walking[rowOf(player.seat)] = false;
  }

  apply(move: Move, context: MoveContext): Outcome {
    const row = rowOf(context.player.seat);
    if (!move.walking && !Body.walking[row]) return refuse("you are standing already");
    turn(row, move.direction);
    Body.walking[row] = move.walking;
    return accept();
  }

  tick(context: Context): void {
    for (let row = 0; row < Body.capacity; row++) {
      if (Body.live[row] == 0 || !Body.walking[row]) continue;
      if (Body.owner[row] == -1) steer(row, context);
      this.step(row, context);
    }
  }

  view(viewer: Viewer, out: Writer): void {
    out.map().key("bumps").whole(this.bumps).key("mine");
    if (viewer.isPlayer) out.whole(rowOf(viewer.seat));
    else out.nothing();
    out.end();
  }

  private step(row: i32, context: Context): void {
    const direction = Course.direction[row];
    const length = <f64>Body.speed[row] / hz;
    const x = <f64>Body.x[row] + alongX(direction) * length;
    const z = <f64>Body.z[row] + alongZ(direction) * length;
    Body.x[row] = <f32>between(x);
    Body.z[row] = <f32>between(z);
    if (between(x) != x) this.bump(row, mirroredX(direction), context);
    if (between(z) != z) this.bump(row, mirroredZ(Course.direction[row]), context);
  }

  /** Wanderers turn round at a wall; a player stands, and is told. */
  private bump(row: i32, direction: i32, context: Context): void {
    this.bumps++;
    turn(row, direction);
    const players = context.players;
    for (let i = 0; i < players.length; i++) {
      if (players[i].seat != Body.owner[row]) continue;
      Body.walking[row] = false;
      context.sendTo(players[i]).map().key("bump").whole(this.bumps).end();
      context.touchEveryone();
    }
  }
}

/** A body somewhere, standing. Returns its row, which is that of its course too. */
function place(seat: i32, context: Context): i32 {
  const row = Body.spawn(seat);
  Course.spawn(seat);
  Body.x[row] = somewhere(context);
  Body.z[row] = somewhere(context);
  turn(row, context.random.below(directionCount));
  return row;
}

/** A place along one side, in sixteenths. */
function somewhere(context: Context): f32 {
  return <f32>(<f64>context.random.below(<u32>(2 * reach * 16)) / 16 - reach);
}

function wander(context: Context): void {
  const row = place(-1, context);
  Body.speed[row] = <f32>(1 + context.random.unit() * 2);
  Body.walking[row] = true;
  Body.label.set(row, "wanderer");
  // Not all at once.
  Course.turnIn[row] = <u16>(row % 40);
}

/** Frees the first row of this seat. */
function remove(seat: i32): void {
  const row = rowOf(seat);
  Body.despawn(row);
  Course.despawn(row);
}

function rowOf(seat: i32): i32 {
  for (let row = 0; row < Body.capacity; row++) if (Body.live[row] == 1 && Body.owner[row] == seat) return row;
  throw new Error(`nobody belongs to seat ${seat}`);
}

function turn(row: i32, direction: i32): void {
  Course.direction[row] = <u8>(direction & 31);
  Body.heading[row] = <f32>headingOf(direction & 31);
}

/** A wanderer goes straight on for a while, then another way. */
function steer(row: i32, context: Context): void {
  if (Course.turnIn[row] > 0) {
    Course.turnIn[row] -= 1;
    return;
  }
  Course.turnIn[row] = <u16>(10 + context.random.below(40));
  turn(row, <i32>Course.direction[row] + <i32>context.random.below(5) - 2);
}

function between(place: f64): f64 {
  return place > reach ? reach : place < -reach ? -reach : place;
}

serve(new Mover());
