/** The rules of the hub, in a hurry: an era takes a fifth of a second. The hub's own take over from them. */
import { showAll } from "../../../contracts/phala-world/common.ts";
import { phalaWorld } from "../../../contracts/phala-world/phala-world.ts";

export const hurriedHub: typeof phalaWorld = {
  ...phalaWorld,
  open(context) {
    const state = { ...phalaWorld.open(context), eraTicks: 4 };
    showAll(state);
    return state;
  },
};
