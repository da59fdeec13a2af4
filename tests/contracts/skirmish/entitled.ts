/** Who is entitled to what in Skirmish, and how its secrets can differ: for the secrecy test. */
import type { Random, Viewer } from "#contract/contract.ts";
import type { SecrecyOptions } from "#testing/secrecy.ts";
import {
  decide,
  fieldOf,
  nothing,
  type SeenFighter,
  type SeenFind,
  type Wanted,
} from "../../../contracts/skirmish/bot.ts";
import { Fighter, Find, Gear, Ground, Shot } from "../../../contracts/skirmish/components.ts";
import { isWall, type Field } from "../../../contracts/skirmish/field.ts";
import { sight, stickMax, tile, type Move, type View } from "../../../contracts/skirmish/terms.ts";
import { fighterIn, rowOf, rowsOf } from "./arena.ts";
import { fightersSeen, findsNear, shotsSeen } from "./seen.ts";

const options = { field: "small", teams: "2", rounds: "endless", minutes: "1" };

export function skirmishSecrecy(): Omit<SecrecyOptions<undefined, Move, View>, "steps" | "seed"> {
  /** By game, of which each has a field of its own, and seat. */
  const wanted = new Map<string, Wanted>();
  return {
    options,
    players: 6,
    knows: (_, viewer) => knowledge(viewer),
    move: ({ random }) => (random.below(40) === 0 ? { team: random.below(2) } : null),
    push: ({ view, rows, seat, random }) => {
      if (view === undefined) return null;
      const name = `${view.field.seed} ${seat}`;
      const next = decide({
        seat,
        field: fieldOf(view),
        fighters: rows("Fighter") as unknown as SeenFighter[],
        finds: rows("Find") as unknown as SeenFind[],
        clip: 8,
        before: wanted.get(name) ?? nothing,
        random: () => random.unit(),
      });
      wanted.set(name, next);
      return { ...next };
    },
    varyPush: ({ random }) => ({
      east: random.below(2 * stickMax) - stickMax,
      south: random.below(2 * stickMax) - stickMax,
      aim: random.unit() * 6,
      trigger: random.below(2),
    }),
    redeal: ({ viewer, random }) => redeal(viewer, random),
  };
}

/** Points are everybody's. What else a player knows is what is in sight from where that player is, and what is its own. */
function knowledge(viewer: Viewer): unknown {
  const field = fieldHere();
  const all = rowsOf(Fighter);
  const points = [0, 1].map((team) =>
    all.reduce((sum, row) => sum + (Fighter.team[row] === team ? Gear.points[row]! : 0), 0),
  );
  const row = viewer.kind === "player" ? rowOf(viewer.seat) : -1;
  if (row === -1) return points;
  const seat = Fighter.owner[row]!;
  const known = findsNear(
    field,
    row,
    sight,
    rowsOf(Find).filter((find) => Find.isRevealed(find, seat)),
  );
  return [
    points,
    fighterIn(row),
    Fighter.aim[row],
    fieldsOf(Gear, gearFields, row),
    fightersSeen(field, row).map((other) => [fighterIn(other), Fighter.aim[other]]),
    [...new Set([...shotsSeen(field, row), ...rowsOf(Shot).filter((shot) => Shot.owner[shot] === seat)])]
      .map((shot) => fieldsOf(Shot, ["x", "z", "heading", "team"], shot))
      .sort(),
    [...new Set([...findsNear(field, row), ...known])].map((find) => fieldsOf(Find, ["x", "z", "kind"], find)).sort(),
  ];
}

const gearFields = ["clip", "spare", "readyAt", "returnsAt", "hits", "points", "falls", "felledBy"];

const fieldsOf = (component: object, names: readonly string[], row: number): string =>
  names.map((name) => (component as Record<string, ArrayLike<number>>)[name]![row]).join(" ");

/** Other hidden places and hidden wounds, for everybody and everything that this viewer does not see. */
function redeal(viewer: Viewer, random: Random): void {
  const field = fieldHere();
  const row = viewer.kind === "player" ? rowOf(viewer.seat) : -1;
  if (row === -1) return;
  const seen = new Set([row, ...fightersSeen(field, row)]);
  for (const other of rowsOf(Fighter)) {
    if (seen.has(other) || Fighter.health[other] === 0) continue;
    const { x, z } = { x: Fighter.x[other]!, z: Fighter.z[other]! };
    moveSomewhere(Fighter, other, field, random);
    Gear.column[other] = 255;
    Gear.clip[other] = random.below(9);
    Fighter.health[other] = 25 * (1 + random.below(4));
    if (!fightersSeen(field, row).includes(other)) continue;
    Fighter.x[other] = x;
    Fighter.z[other] = z;
    Fighter.health[other] = 100;
  }
  const seat = Fighter.owner[row]!;
  for (const find of rowsOf(Find)) {
    if (Find.isRevealed(find, seat) || findsNear(field, row).includes(find)) continue;
    Find.kind[find] = random.below(3);
  }
}

function moveSomewhere(
  { x, z }: { readonly x: Float32Array; readonly z: Float32Array },
  row: number,
  field: Field,
  random: Random,
): void {
  for (;;) {
    const [column, line] = [random.below(field.tiles), random.below(field.tiles)];
    if (isWall(field, column, line)) continue;
    x[row] = (column + 0.5) * tile;
    z[row] = (line + 0.5) * tile;
    return;
  }
}

/** Of the room that is looked at. */
const fieldHere = (): Field => fieldOf({ field: { seed: Ground.seed[0]!, tiles: Ground.tiles[0]!, check: 0 } });
