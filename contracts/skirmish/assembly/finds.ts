/** What lies about: hidden until somebody comes close, and somewhere else once it is taken. */
import { Context } from "phatroom/assembly";
import { Fighter, Find, Gear } from "./components.generated";
import { freeTile, rowsEnd, stands } from "./fighters";
import { tiles } from "./field";
import { Near } from "./near";
import { scoreRelic } from "./rounds";
import { bandage, grasp, healthMax, spareMax, tile } from "./terms";

const rounds: u8 = 0;
const bandages: u8 = 1;
const kinds: u32 = 3;
/** One for so many tiles. */
const spread: i32 = 40;

export const lying = new Near(Find.capacity);

export function layOut(context: Context): void {
  for (let left = (tiles * tiles) / spread; left > 0; left--) layOne(context);
  sortLying();
}

/** Whoever stands on something takes it, if there is a use for it. */
export function takeAll(context: Context): void {
  let taken = false;
  for (let row = 0; row < rowsEnd; row++) {
    if (!stands(row)) continue;
    const x = <f64>Fighter.x[row];
    const z = <f64>Fighter.z[row];
    lying.around(x, z, grasp);
    for (let find = lying.next(); find >= 0; find = lying.next()) {
      const toX = <f64>Find.x[find] - x;
      const toZ = <f64>Find.z[find] - z;
      if (Find.live[find] == 0 || toX * toX + toZ * toZ > grasp * grasp || !use(row, Find.kind[find])) continue;
      Find.despawn(find);
      taken = true;
    }
  }
  if (!taken) return;
  for (let find = 0; find < (tiles * tiles) / spread; find++) if (Find.live[find] == 0) layOne(context);
  sortLying();
}

function use(row: i32, kind: u8): bool {
  if (kind == rounds) {
    if (Gear.spare[row] >= spareMax) return false;
    Gear.spare[row] = min<u8>(spareMax, Gear.spare[row] + 16);
  } else if (kind == bandages) {
    if (<i32>Fighter.health[row] >= healthMax) return false;
    Fighter.health[row] = <u8>min(healthMax, <i32>Fighter.health[row] + bandage);
  } else {
    scoreRelic(row);
  }
  return true;
}

function layOne(context: Context): void {
  const find = Find.spawn();
  const at = freeTile(context);
  Find.x[find] = <f32>((<f64>(at % tiles) + 0.5) * tile);
  Find.z[find] = <f32>((<f64>(at / tiles) + 0.5) * tile);
  Find.kind[find] = <u8>context.random.below(kinds);
}

function sortLying(): void {
  lying.clear();
  for (let find = 0; find < Find.capacity; find++) {
    if (Find.live[find] != 0) lying.add(find, Find.x[find], Find.z[find]);
  }
  lying.sort();
}
