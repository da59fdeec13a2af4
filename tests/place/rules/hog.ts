/** Rules that use nearly all that they may, every tick, and lose most of their ticks by it. */
import { accept, type Contract } from "#contract/index.ts";

interface Count {
  ticks: number;
  waste: number;
}

/** Most of the budget, and more time than there is between two ticks. */
const times = 400_000;

export const hog: Contract<Count, null, { readonly ticks: number }> = {
  name: "hog",
  players: { min: 1, max: 1 },
  pace: "ticks",
  hz: 60,
  fuel: 200_000_000,
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open: () => ({ ticks: 0, waste: 0 }),
  apply: (state) => accept(state),
  tick(state, context) {
    state.ticks += 1;
    for (let i = 0; i < times; i++) state.waste ^= i;
    context.touch("everyone");
  },
  view: ({ ticks }) => ({ ticks }),
};
