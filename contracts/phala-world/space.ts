/** Who wants to be left alone, and whether somebody would come too near to them. */
import { distance } from "#world/island/ground.ts";
import { arrival } from "#world/island/island.ts";
import { seatsMax } from "./codes.ts";
import { Body } from "./components.ts";
import type { Person } from "./state.ts";
import { terrain } from "./terrain.ts";

/** How near others come to somebody who keeps space around. */
export const spaceKept = 1.4;

/** Nobody can bar the way: there is no space to keep around gates and where people arrive. */
const openAround = 4;

/** In a throng there is none either: of those around somebody who walks, so many count. */
const countedMax = 32;

/** They are found by cells of so many metres, in chains that are laid anew at each tick. */
const cellLength = 4;
const cellsAcross = 32;
const first = new Int16Array(cellsAcross * cellsAcross);
const following = new Int16Array(seatsMax);
let gathered: readonly Person[] = [];

/** Between laying chains and looking, somebody may have gone a step. */
const lookedWithin = spaceKept + 0.4;

/** @returns whether there is anybody to keep away from. */
export function gatherAloof(aloof: readonly Person[]): boolean {
  gathered = aloof;
  if (aloof.length === 0) return false;
  first.fill(-1);
  aloof.forEach(({ row }, i) => {
    const cell = across(Body.x[row]!) * cellsAcross + across(Body.z[row]!);
    following[i] = first[cell]!;
    first[cell] = i;
  });
  return true;
}

const across = (at: number): number => Math.floor(at / cellLength) + cellsAcross / 2;

/** Whether a step to (x, z) brings somebody nearer to one of those than they want. Whoever is near already may leave. */
export function isBarred({ row, seat }: Person, x: number, z: number): boolean {
  const { x: bodyX, z: bodyZ } = Body;
  const fromX = bodyX[row]!;
  const fromZ = bodyZ[row]!;
  const lastI = across(x + lookedWithin);
  const lastJ = across(z + lookedWithin);
  let counted = 0;
  for (let i = across(x - lookedWithin); i <= lastI; i++) {
    for (let j = across(z - lookedWithin); j <= lastJ; j++) {
      for (let next = first[i * cellsAcross + j]!; next !== -1 && counted < countedMax; next = following[next]!) {
        const other = gathered[next]!;
        const ox = bodyX[other.row]!;
        const oz = bodyZ[other.row]!;
        counted += 1;
        const apart = (x - ox) * (x - ox) + (z - oz) * (z - oz);
        if (apart >= spaceKept * spaceKept || other.seat === seat) continue;
        if (apart < (fromX - ox) * (fromX - ox) + (fromZ - oz) * (fromZ - oz) && !isOpen(ox, oz)) return true;
      }
    }
  }
  return false;
}

const isOpen = (x: number, z: number): boolean =>
  distance(x - arrival.x, z - arrival.z) < openAround ||
  terrain.ground.gates.some((gate) => distance(x - gate.x, z - gate.z) < openAround);
