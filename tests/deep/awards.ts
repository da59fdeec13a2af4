/** All stories of items that rooms award and use up, in places with a real runtime's chain, from whichever one on. */
import {
  chainDown,
  declaredOnly,
  gated,
  guestRedeems,
  killedAndForgotten,
  killedBeforeSubmission,
  killedWhileWaiting,
  oneThreadSigns,
  reorganised,
  twoWorkers,
  unfunded,
  winToFinal,
  withoutChain,
  withoutStore,
  type Story,
} from "../place/awards-stories.ts";
import { killedBeforeHearing, silentChain, twoRooms } from "../place/consuming-stories.ts";
import { skirmishWon } from "../place/skirmish-story.ts";
import type { DeepCheck } from "./deep.ts";

const stories: readonly (readonly [string, Story])[] = Object.entries({
  winToFinal,
  killedBeforeSubmission,
  killedWhileWaiting,
  killedAndForgotten,
  reorganised,
  twoWorkers,
  chainDown,
  guestRedeems,
  withoutChain,
  withoutStore,
  oneThreadSigns,
  declaredOnly,
  unfunded,
  gated,
  skirmishWon,
  twoRooms,
  killedBeforeHearing,
  silentChain,
});

export const awards: DeepCheck = {
  name: "awards",
  unit: "stories of awards",
  full: 4 * stories.length,
  // In the stage of places.
  slice: 0,
  async run({ seed, count, progress }) {
    for (let done = 0; done < count; done++) {
      const [name, tell] = stories[(seed + done) % stories.length]!;
      await tell().catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      });
      progress?.(done + 1);
    }
    return { count, figures: { kinds: Math.min(count, stories.length) } };
  },
};
