/** Rules that replace those of `counter.ts`: each move counts a hundred. */
import { accept, type Contract } from "#contract/index.ts";

interface Count {
  count: number;
}

export const hundreds: Contract<Count, null, { readonly count: number }> = {
  name: "counter",
  players: { min: 1, max: 4 },
  presence: "any",
  fuel: 1_000_002,
  moves: { "~standard": { version: 1, vendor: "test", validate: () => ({ value: null }) } },
  open: () => ({ count: 0 }),
  migrate: (saved) => ({ count: (saved as { readonly count: number }).count }),
  apply(state) {
    state.count += 100;
    return accept(state);
  },
  view: ({ count }) => ({ count }),
};
