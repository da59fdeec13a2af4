/**
 * Skirmish: teams on a dark field. Nobody sees through walls, nobody sees far.
 *
 * In one tick 1. everybody walks, 2. and is pushed out of others, 3. shots are fired and fly, 4. what lies about is taken,
 * 5. the fallen return, 6. the round goes on, 7. everybody looks round.
 */
import { accept, Collection, Context, Contract, Manifest, MoveContext, Outcome, Player } from "phatroom/assembly";
import { refuse, Resource, serve, Value, Viewer, Writer } from "phatroom/assembly";
import { Fighter, Gear, Ground } from "./components.generated";
import { makeField } from "./field";
import * as fighters from "./fighters";
import { layOut, takeAll } from "./finds";
import { lookAll } from "./looking";
import * as rounds from "./rounds";
import { dropShotsOf, fireAll, flyAll, sortFlying } from "./shots";
import { hz, seats } from "./terms";
import { pushApart, walkAll } from "./walking";

/** What describes medals and trophies, and how they look in a Spirit's hand: in the catalogue of the page of items. */
const prize: string = "ipfs://bafkreieq5g6yif2ww3wclnoiinczq3h2odsrivk6viltmnoic65mi77gke";
const prizeHeld: string = "ipfs://bafkreieuarbw3heolyrgxig6mbdwwairox37c5ned5hah2fwzd4dnk4kga";

/** "quarter" is to try things out. */
function minutesOf(option: string): f64 {
  return option == "quarter" ? 0.25 : <f64>I32.parseInt(option);
}

class Skirmish extends Contract<i32> {
  describe(): Manifest {
    return {
      name: "skirmish",
      players: { min: 1, max: seats },
      pace: "ticks",
      hz,
      presence: "any",
      input: "Push",
      graceMs: 15000,
      options: [
        { name: "field", values: ["small", "medium", "large"] },
        { name: "teams", values: ["2", "4"] },
        { name: "rounds", values: ["3", "1", "endless"] },
        { name: "minutes", values: ["3", "1", "10", "quarter"] },
      ],
      collections: [new Collection("SKIRMISH", 1000000, prize, [new Resource("held", "", prizeHeld, "spirit.hand")])],
      memoryPages: 128,
      fuel: 200000000,
    };
  }

  parse(move: Value): i32 {
    const team = move.member("team").whole(0, 3);
    move.only();
    return team;
  }

  open(context: Context): void {
    const field = context.options.get("field");
    const wanted = context.options.get("rounds");
    const seed = context.random.word();
    const side = field == "small" ? 32 : field == "medium" ? 64 : 128;
    makeField(seed, side);
    Ground.spawn();
    Ground.seed[0] = seed;
    Ground.tiles[0] = <u8>side;
    const teams = I32.parseInt(context.options.get("teams"));
    const minutes = minutesOf(context.options.get("minutes"));
    rounds.setUpRounds(teams, wanted == "endless" ? 0 : I32.parseInt(wanted), minutes);
    layOut(context);
  }

  join(player: Player, context: Context): void {
    fighters.enter(player, rounds.smallestTeam(), context);
    rounds.forgetTotals(fighters.rowOfSeat(player.seat));
    context.touch(player);
  }

  leave(player: Player, _context: Context): void {
    dropShotsOf(player.seat);
    fighters.leave(player);
  }

  dropped(player: Player, _context: Context): void {
    fighters.still(player.seat);
  }

  /** Teams stay even. */
  apply(team: i32, context: MoveContext): Outcome {
    const row = fighters.rowOfSeat(context.player.seat);
    if (team >= rounds.teamCount()) return refuse("There is no such team.");
    if (Fighter.team[row] == team) return refuse("You are in this team already.");
    if (fighters.teamSizes[team] >= fighters.teamSizes[Fighter.team[row]]) return refuse("That team would be larger.");
    if (Fighter.health[row] == 0) return refuse("You have fallen. Wait until you return.");
    fighters.change(row, team, context);
    return accept();
  }

  tick(context: Context): void {
    walkAll();
    fighters.sortStanding();
    pushApart();
    fighters.rememberAll(<i32>context.tick);
    fireAll(context);
    flyAll(context);
    takeAll(context);
    this.bringBack(context);
    rounds.keepTime(context);
    fighters.sortStanding();
    sortFlying();
    lookAll();
  }

  view(_viewer: Viewer, out: Writer): void {
    rounds.writeView(out);
  }

  private bringBack(context: Context): void {
    for (let row = 0; row < fighters.rowsEnd; row++) {
      if (Fighter.live[row] == 0 || Fighter.health[row] != 0) continue;
      if (<u32>context.tick >= Gear.returnsAt[row]) fighters.stand(row, context);
    }
  }
}

serve(new Skirmish());
