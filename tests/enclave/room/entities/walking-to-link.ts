/** A hundred players who walk for twenty ticks, until what each is told is encrypted and handed to the link. */
import { players, Walk, wayOut } from "./walk.ts";

const ticks = 20;

export const times = ticks * players;

const walk = new Walk(await wayOut());

export const pass = (): void => walk.pass(ticks);
