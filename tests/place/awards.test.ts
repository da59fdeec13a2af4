/**
 * A player wins something, and it becomes an item on a real runtime's chain: exactly once, whatever dies on the way. Real
 * devnet, gateway, worker, SQLite and client. `npm run deep -- awards` tells more of it.
 */
import { test } from "vitest";
import { declaredOnly, killedBeforeSubmission, oneThreadSigns, winToFinal } from "./awards-stories.ts";

test(
  "from a win to a final item: earned, submitted, in a block, final; to the wallet that the player has linked",
  winToFinal,
);

test(
  "a worker that is killed between award and submission: the item is issued once, by the next one",
  killedBeforeSubmission,
);

test("where one thread signs, what is earned in another is issued by it, once, and nobody is stopped", oneThreadSigns);

test("rules reach only collections that they declare, and the same reason counts once", declaredOnly);
