/** The hub's ground, laid out once: the same that the page draws. */
import { hub } from "#world/island/island.ts";
import { Terrain } from "#world/island/walk.ts";

export const terrain = new Terrain(hub);
