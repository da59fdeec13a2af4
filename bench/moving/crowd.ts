/** A room that a hundred players share: each move counts, and everybody sees how many there were. */
import { accept, type Contract } from "../../contracts/sdk/index.ts";

interface Count {
  count: number;
}

export const crowd: Contract<Count, null, { readonly count: number }> = {
  name: "crowd",
  players: { min: 1, max: 200 },
  presence: "any",
  moves: { "~standard": { version: 1, vendor: "bench", validate: () => ({ value: null }) } },
  open: () => ({ count: 0 }),
  apply(state) {
    state.count += 1;
    return accept(state);
  },
  view: ({ count }) => ({ count }),
};
