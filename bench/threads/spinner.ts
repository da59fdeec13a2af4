/** A room that works for some milliseconds every tick, and says how many ticks it has had. */
import { accept, type Contract } from "../../contracts/sdk/index.ts";

interface Spun {
  ticks: number;
  sum: number;
}

/** Some milliseconds in the sandbox: a room that is busy, and not so long that its neighbours would be put before it. */
const times = 40_000;

export const spinner: Contract<Spun, null, { readonly ticks: number }> = {
  name: "spinner",
  players: { min: 1, max: 1 },
  pace: "ticks",
  hz: 20,
  fuel: 40_000_000,
  moves: { "~standard": { version: 1, vendor: "bench", validate: () => ({ value: null }) } },
  open: () => ({ ticks: 0, sum: 0 }),
  apply: (state) => accept(state),
  tick(state, context) {
    state.ticks += 1;
    for (let i = 0; i < times; i++) state.sum ^= i;
    context.touch("everyone");
  },
  view: ({ ticks }) => ({ ticks }),
};
