/** The fog with one thing wrong each. */
import { anyOf, component, everyone, f32, near, owner, u8, type ReadonlyColumn } from "#contract/index.ts";
import type { Audience } from "#protocol/tables.ts";
import { fogParts, type FogParts } from "./fog.ts";

/** Mines for others. */
const mines = (audience: Audience<never>): FogParts => ({
  ...fogParts(),
  components: {
    ...fogParts().components,
    Mine: component({ x: f32, z: f32, fuse: u8 }, { audience, capacity: 96, position: true }),
  },
});

/** The same rules; `also` runs after every tick and every move. */
const doing = (also: FogParts["also"]): FogParts => ({ ...fogParts(), also });

function count(live: ReadonlyColumn): number {
  let found = 0;
  for (let row = 0; row < live.length; row++) found += live[row]!;
  return found;
}

export const fogLeaks: Readonly<Record<string, () => FogParts>> = {
  "of values: mines are for everyone": () => mines(everyone),
  "of values: mines are for who is near": () => mines(anyOf(owner, near(40))),
  "of values: treasure is revealed to somebody who has not found it": () =>
    doing(({ Treasure }) => {
      for (let row = 0; row < Treasure.capacity; row++) if (row % 3 === 0) Treasure.reveal(row, 1);
    }),
  "of a number: how many mines there are": () =>
    doing(({ Round, Mine }) => {
      Round.news[0] = count(Mine.live);
    }),
  "of a number: where the next row will be": () =>
    doing(({ Body, Mine }) => {
      for (let row = 0; row < Body.capacity; row++) Body.hurt[row] = Mine.live.indexOf(0);
    }),
  "of presence: a body changes because something hidden is there": () =>
    doing(({ Body, Mine }, { tick }) => {
      if (count(Mine.live) <= 4) return;
      for (let row = 0; row < Body.capacity; row++) Body.hurt[row] = tick;
    }),
  "of order: whose turn it is to be told follows where a row lies": () =>
    doing(({ Body, Mine }) => {
      for (let row = 0; row < Body.capacity; row++) Body.hurt[row] = Mine.generation[row]!;
    }),
};
