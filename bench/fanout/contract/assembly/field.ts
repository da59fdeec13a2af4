/** A field on which everybody walks, and sees who is near. Whoever leaves it on one side comes back on the other. */
import { Context, Contract, Manifest, MoveContext, Option, Outcome, Player } from "phatroom/assembly";
import { refuse, serve, Value, Viewer, Writer } from "phatroom/assembly";
import { Body, Stick } from "./components.generated";

class Field extends Contract<i32> {
  private side: f32 = 0;
  describe(): Manifest {
    const options: Option[] = [{ name: "side", values: ["67", "136", "182", "265", "47"] }];
    return { name: "field", players: { min: 1, max: 1000 }, pace: "ticks", input: "Stick", options };
  }
  open(context: Context): void {
    this.side = <f32>parseInt(context.options.get("side"));
  }
  join(player: Player, context: Context): void {
    const row = Body.spawn(player.seat);
    Body.x[row] = <f32>context.random.unit() * this.side;
    Body.z[row] = <f32>context.random.unit() * this.side;
    context.focus(player, Body.entity(row));
  }
  leave(player: Player, context: Context): void {
    for (let row = 0; row < Body.capacity; row++) if (Body.owner[row] == player.seat) Body.despawn(row);
  }
  tick(context: Context): void {
    for (let row = 0; row < Body.capacity; row++) {
      if (Body.live[row] == 0) continue;
      const seat = Body.owner[row];
      Body.x[row] = around(Body.x[row] + <f32>Stick.x[seat] * 0.002, this.side);
      Body.z[row] = around(Body.z[row] + <f32>Stick.z[seat] * 0.002, this.side);
      Body.heading[row] = Stick.aim[seat];
    }
  }
  parse(move: Value): i32 {
    return 0;
  }
  apply(move: i32, context: MoveContext): Outcome {
    return refuse("walk by the stick");
  }
  view(viewer: Viewer, out: Writer): void {
    out.nothing();
  }
}

function around(place: f32, side: f32): f32 {
  return place < 0 ? place + side : place >= side ? place - side : place;
}

serve(new Field());
