/** Items that rooms use up. Real devnet, gateway, worker, SQLite and client. `npm run deep -- awards` tells more of it. */
import { test } from "vitest";
import { twoRooms } from "./consuming-stories.ts";

test(
  "an item that two rooms want at once is used up once, gates nothing any more, is burned, and never issued again",
  twoRooms,
);
