/** The arena as a contract: each tick is W1 and W2, all inside the contract. */
import { accept, Context, Contract, Manifest, MoveContext, Outcome, serve } from "phatroom/assembly";
import { Value, Viewer, Writer } from "phatroom/assembly";
import { openArena, tick, views } from "./arena";
import { IN } from "./windows";

class ArenaRoom extends Contract<i32> {
  private directions: Uint8Array[] = [];
  private turn: i32 = 0;

  describe(): Manifest {
    return { name: "arena-assembly", players: { min: 1, max: 1 }, pace: "ticks", hz: 20 };
  }

  parse(_move: Value): i32 {
    return 0;
  }

  open(context: Context): void {
    openArena(<i32>context.random.word());
    for (let turn = 0; turn < 16; turn++) this.directions.push(context.random.bytes(200));
  }

  tick(_context: Context): void {
    IN.set(this.directions[this.turn]);
    this.turn = (this.turn + 1) & 15;
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
