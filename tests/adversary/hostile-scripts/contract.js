/** A contract that does to its sandbox whatever a move names. Plain JavaScript: hostile authors need no types. */
import { accept } from "#contract/index.ts";
import { deep } from "./deep.js";
import { endless } from "./endless.js";
import { greedy } from "./greedy.js";
import { sly } from "./sly.js";

const attacks = { endless, deep, greedy, sly };

export const hostileScripts = {
  name: "hostile-scripts",
  players: { min: 1, max: 2 },
  fuel: 10_000_000,
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  open: () => ({ turns: 0 }),
  apply(state, { kind, name }, context) {
    if (kind === "list") {
      context.send("everyone", Object.fromEntries(Object.entries(attacks).map(([k, all]) => [k, Object.keys(all)])));
      return accept(state);
    }
    state.turns += 1;
    const result = attacks[kind][name]();
    context.send("everyone", typeof result === "string" ? result.slice(0, 100) : typeof result);
    return accept(state);
  },
  view: ({ turns }) => ({ turns, now: Date.now(), globals: Reflect.ownKeys(globalThis).length }),
};
