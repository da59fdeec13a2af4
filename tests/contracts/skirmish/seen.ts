/** What a player may see in Skirmish, computed a second time, from rows alone, without the rules' own help. */
import { Fighter, Find, Shot } from "../../../contracts/skirmish/components.ts";
import { sees, type Field } from "../../../contracts/skirmish/field.ts";
import { finding, sight } from "../../../contracts/skirmish/terms.ts";
import { rowsOf } from "./arena.ts";

interface Place {
  readonly x: number;
  readonly z: number;
}

const placeIn = ({ x, z }: { readonly x: ArrayLike<number>; readonly z: ArrayLike<number> }, row: number): Place => ({
  x: x[row]!,
  z: z[row]!,
});

export function inSight(field: Field, from: Place, to: Place, reach = sight): boolean {
  const [x, z] = [to.x - from.x, to.z - from.z];
  return x * x + z * z <= reach * reach && sees(field, from.x, from.z, to.x, to.z);
}

/** Rows of fighters that the fighter in a row sees. */
export function fightersSeen(field: Field, row: number): number[] {
  const self = placeIn(Fighter, row);
  return rowsOf(Fighter).filter(
    (other) => other !== row && Fighter.health[other]! > 0 && inSight(field, self, placeIn(Fighter, other)),
  );
}

export function shotsSeen(field: Field, row: number): number[] {
  const self = placeIn(Fighter, row);
  return rowsOf(Shot).filter((shot) => inSight(field, self, placeIn(Shot, shot)));
}

/** Rows of what lies near enough to be found. */
export function findsNear(field: Field, row: number, reach = finding, among = rowsOf(Find)): number[] {
  const self = placeIn(Fighter, row);
  return among.filter((find) => inSight(field, self, placeIn(Find, find), reach));
}
