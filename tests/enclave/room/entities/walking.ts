/** A hundred players who walk for twenty ticks, until each has been told what is new. */
import { players, Walk } from "./walk.ts";

const ticks = 20;

export const times = ticks * players;

const walk = new Walk();

export const pass = (): void => walk.pass(ticks);
