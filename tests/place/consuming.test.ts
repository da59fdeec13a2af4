/** Items that rooms use up. Real devnet, gateway, worker, SQLite and client. `npm run deep -- awards` tells the other stories. */
import { test } from "vitest";
import { firstConsumingStories } from "./consuming-stories.ts";

test.for(firstConsumingStories)("$name", ({ tell }) => tell());
