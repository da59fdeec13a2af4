/** A contract in TypeScript that is as bad a neighbour as it can be, every tick. Which way is said by its player's move. */
import { accept, type Contract } from "../../contracts/sdk/index.ts";

export interface Attack {
  readonly attack: string;
  /** For what ends by itself. */
  readonly times: number;
}

let sink = 0;

const attacks: Readonly<Record<string, (times: number) => void>> = {
  "a loop that ends just in time"(times) {
    for (let i = 0; i < times; i++) sink ^= i;
  },
  "a loop without end"() {
    for (;;) sink ^= 1;
  },
  "memory that is never enough"() {
    const kept = [];
    for (;;) kept.push(new Uint8Array(1 << 20).fill(1));
  },
  // Of all that was tried, the most time for its fuel.
  "arrays made of arrays"() {
    const bytes = new Uint8Array(1_000_000);
    for (;;) sink ^= new Float64Array(bytes).length ^ Uint16Array.from(bytes).length;
  },
};

/** @param fuel of one call. */
export const hostile = (name: string, fuel: number): Contract<Attack, Attack, null> => ({
  name,
  players: { min: 1, max: 1 },
  pace: "ticks",
  hz: 20,
  fuel,
  moves: { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value: value as Attack }) } },
  open: () => ({ attack: "", times: 0 }),
  apply: (_state, move) => accept(move),
  tick(state) {
    attacks[state.attack]?.(state.times);
  },
  view: () => null,
});
