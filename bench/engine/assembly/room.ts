/** The arena as a contract: each tick is W1 and W2, all inside the contract. */
import { accept, Context, Contract, Manifest, MoveContext, Outcome, serve } from "phatroom/assembly";
import { Value, Viewer, Writer } from "phatroom/assembly";
import { openArena, tick, views } from "./arena";
import { IN } from "./windows";

class ArenaRoom extends Contract<i32> {
  private turn: i32 = 0;

  describe(): Manifest {
    return { name: "arena-assembly", players: { min: 1, max: 1 }, pace: "ticks", hz: 20 };
  }

  parse(_move: Value): i32 {
    return 0;
  }

  open(context: Context): void {
    openArena(<i32>context.random.word());
    for (let i = 0; i < 200; i++) IN[i] = <u8>context.random.below(256);
  }

  tick(_context: Context): void {
    // One of them turns.
    this.turn = (this.turn + 37) % 200;
    IN[this.turn] += 89;
    tick();
    views();
  }

  apply(_move: i32, _context: MoveContext): Outcome {
    return accept();
  }

  view(_viewer: Viewer, out: Writer): void {
    out.nothing();
  }
}

serve(new ArenaRoom());
