/** Tag: everybody runs about a field, one is it. Whoever it catches is it next. The longer free, the more points. */
import { accept, Context, Contract, Manifest, MoveContext, Outcome, Player, refuse } from "phatroom/assembly";
import { serve, Value, Viewer, Writer } from "phatroom/assembly";

const hz: i32 = 20;
const width: f64 = 40;
const height: f64 = 24;
/** Steps per second. */
const speed: f64 = 8;
const reach: f64 = 1.5;
/** Whoever was just caught may not catch for so long. */
const graceSeconds: f64 = 2;
const directions: string[] = ["stay", "up", "right", "down", "left"];

class Runner {
  x: f64 = 0;
  y: f64 = 0;
  direction: string = "stay";
  points: i32 = 0;

  constructor(readonly seat: i32) {}

  run(): void {
    const step = speed / hz;
    if (this.direction == "up") this.y = Math.max(0, this.y - step);
    else if (this.direction == "down") this.y = Math.min(height, this.y + step);
    else if (this.direction == "left") this.x = Math.max(0, this.x - step);
    else if (this.direction == "right") this.x = Math.min(width, this.x + step);
  }

  touches(other: Runner): bool {
    return Math.abs(this.x - other.x) < reach && Math.abs(this.y - other.y) < reach;
  }
}

class Arena extends Contract<string> {
  private runners: Runner[] = [];
  /** The seat that is it; -1 if nobody is. */
  private it: i32 = -1;
  /** From this tick on it may catch. */
  private catches: i64 = 0;

  describe(): Manifest {
    return { name: "__name__", players: { min: 2, max: 16 }, pace: "ticks", hz };
  }

  parse(move: Value): string {
    const direction = move.member("run").choice(directions);
    move.only();
    return direction;
  }

  open(_context: Context): void {}

  join(player: Player, context: Context): void {
    const runner = new Runner(player.seat);
    runner.x = context.random.unit() * width;
    runner.y = context.random.unit() * height;
    this.runners.push(runner);
    if (this.it == -1) this.chase(player.seat, context);
    context.touchEveryone();
  }

  leave(player: Player, context: Context): void {
    this.runners = this.without(player.seat);
    const left = this.runners.length;
    if (this.it == player.seat) this.chase(left == 0 ? -1 : this.runners[context.random.below(left)].seat, context);
  }

  apply(direction: string, context: MoveContext): Outcome {
    const runner = this.find(context.player.seat);
    if (runner.direction == direction) return refuse("You are doing that already.");
    runner.direction = direction;
    return accept();
  }

  tick(context: Context): void {
    for (let i = 0; i < this.runners.length; i++) this.runners[i].run();
    if (context.tick % hz == 0) this.score();
    if (this.it != -1 && context.tick >= this.catches) this.tag(context);
    // Views are built at most five times a second.
    context.touchEveryone();
  }

  /** Built up field by field: what is not written here, nobody sees. */
  view(_viewer: Viewer, out: Writer): void {
    out.map().key("it").whole(this.it).key("runners").list();
    for (let i = 0; i < this.runners.length; i++) {
      const runner = this.runners[i];
      out.map().key("seat").whole(runner.seat).key("points").whole(runner.points);
      out.key("x").number(Math.round(runner.x * 100) / 100);
      out
        .key("y")
        .number(Math.round(runner.y * 100) / 100)
        .end();
    }
    out.end().end();
  }

  private tag(context: Context): void {
    const it = this.find(this.it);
    for (let i = 0; i < this.runners.length; i++) {
      const runner = this.runners[i];
      if (runner.seat == it.seat || !it.touches(runner)) continue;
      context.send("everyone").map().key("caught").whole(runner.seat).end();
      return this.chase(runner.seat, context);
    }
  }

  private chase(seat: i32, context: Context): void {
    this.it = seat;
    this.catches = context.tick + context.seconds(graceSeconds);
  }

  private score(): void {
    for (let i = 0; i < this.runners.length; i++) if (this.runners[i].seat != this.it) this.runners[i].points++;
  }

  private find(seat: i32): Runner {
    for (let i = 0; i < this.runners.length; i++) if (this.runners[i].seat == seat) return this.runners[i];
    throw new Error(`nobody is in seat ${seat}`);
  }

  private without(seat: i32): Runner[] {
    const others: Runner[] = [];
    for (let i = 0; i < this.runners.length; i++) if (this.runners[i].seat != seat) others.push(this.runners[i]);
    return others;
  }
}

serve(new Arena());
