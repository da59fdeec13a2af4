/** Stories that once found something wrong: told again each time, before any new one. */
import type { StoryKind } from "./survive.ts";

export interface KeptSeed extends StoryKind {
  readonly seed: number;
  /** What was wrong. */
  readonly found: string;
}

export const keptSeeds: readonly KeptSeed[] = [
  {
    seed: 65,
    rules: "pulse",
    hostile: false,
    split: false,
    found: "a repeated hello made the room say that it is over",
  },
  {
    seed: 20,
    rules: "pulse",
    hostile: false,
    split: false,
    found: "while a store failed, a room was said not to exist",
  },
  {
    seed: 36,
    rules: "table",
    hostile: false,
    split: true,
    found: "answers of an older copy were taken for newer moves",
  },
];
