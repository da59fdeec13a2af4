/** Rules that are replaced: each move counts. */
import { accept, type Contract } from "#contract/index.ts";

interface Count {
  count: number;
}

export const counter: Contract<Count, null, { readonly count: number }> = {
  name: "counter",
  players: { min: 1, max: 4 },
  presence: "any",
  fuel: 1_000_001,
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open: () => ({ count: 0 }),
  apply(state) {
    state.count += 1;
    return accept(state);
  },
  view: ({ count }) => ({ count }),
};
