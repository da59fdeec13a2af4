/**
 * A player wins something, and it becomes an item on a real runtime's chain: exactly once, whatever dies on the way. Real
 * devnet, gateway, worker, SQLite and client. `npm run deep -- awards` tells the other stories.
 */
import { test } from "vitest";
import { firstStories } from "./awards-stories.ts";

test.for(firstStories)("$name", ({ tell }) => tell());
