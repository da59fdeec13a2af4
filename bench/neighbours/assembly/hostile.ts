/** The same in AssemblyScript. */
import { accept, Context, Contract, Manifest, MoveContext, Outcome } from "phatroom/assembly";
import { Value, Viewer, Writer } from "phatroom/assembly";

let sink: i64 = 0;

class Attack {
  constructor(
    readonly attack: string,
    readonly times: i32,
  ) {}
}

export class Hostile extends Contract<Attack> {
  private attack: string = "";
  private times: i32 = 0;

  constructor(
    private name: string,
    private fuel: i32,
  ) {
    super();
  }

  describe(): Manifest {
    return { name: this.name, players: { min: 1, max: 1 }, pace: "ticks", hz: 20, fuel: this.fuel };
  }

  parse(move: Value): Attack {
    return new Attack(move.member("attack").text(), <i32>move.member("times").whole(0, i32.MAX_VALUE));
  }

  open(_context: Context): void {}

  apply(move: Attack, _context: MoveContext): Outcome {
    this.attack = move.attack;
    this.times = move.times;
    return accept();
  }

  tick(_context: Context): void {
    const attack = this.attack;
    if (attack == "a loop that ends just in time") for (let i = 0; i < this.times; i++) sink ^= i;
    if (attack == "a loop without end") while (true) sink ^= 1;
    if (attack == "memory that is never enough") {
      while (true) memory.fill((<usize>memory.grow(1)) << 16, 1, 1 << 16);
    }
    if (attack == "a list that is sorted again and again") {
      const list = new Array<i32>(1 << 20);
      for (let i = 0; i < list.length; i++) list[i] = i ^ 0x55555;
      while (true) list.sort((a, b) => b - a).sort((a, b) => (a ^ 0x33333) - (b ^ 0x33333));
    }
  }

  view(_viewer: Viewer, out: Writer): void {
    out.nothing();
  }
}
