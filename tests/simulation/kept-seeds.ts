/** Stories that once found something wrong: told again each time, before any new one. */
import type { StoryKind } from "./survive.ts";

export interface KeptSeed extends StoryKind {
  readonly seed: number;
  /** What was wrong. */
  readonly found: string;
}

export const keptSeeds: readonly KeptSeed[] = [
  { seed: 65, rules: "pulse", hostile: false, split: false, found: "a repeated hello was a room's last word" },
  {
    seed: 20,
    rules: "pulse",
    hostile: false,
    split: false,
    found: "while a store failed, a room was said not to exist",
  },
  {
    seed: 19,
    rules: "hall",
    hostile: false,
    split: true,
    found: "answers of an older copy were taken for newer moves",
  },
  { seed: 25, rules: "hall", hostile: false, split: true, found: "the same" },
  { seed: 61, rules: "hall", hostile: false, split: true, found: "a reward where an acknowledged move never was" },
  { seed: 3, rules: "table", hostile: true, split: true, found: "moves were numbered by a frozen copy" },
  { seed: 15, rules: "table", hostile: true, split: true, found: "the same" },
  { seed: 5229, rules: "table", hostile: false, split: true, found: "a new window counted moves as a frozen copy did" },
  {
    seed: 1_795_699_640,
    rules: "pulse",
    hostile: false,
    split: false,
    found: "a story ended before a worker had noticed that its way to the store was gone",
  },
  {
    seed: 1_795_703_347,
    rules: "hall",
    hostile: true,
    split: true,
    found: "a witness of another branch was counted as proof of what it does not know",
  },
  {
    seed: 1_795_717_381,
    rules: "hall",
    hostile: false,
    split: true,
    found: "a story ended while its last move was on the way to one of the players",
  },
  {
    seed: 91_082,
    rules: "pulse",
    hostile: false,
    split: false,
    found: "a story ended behind a link that was gone, and waited for what nobody was making again",
  },
  {
    seed: 1_795_753_558,
    rules: "hall",
    hostile: false,
    split: false,
    found: "somebody came back without a seat, and the story did not know that moves are refused for that",
  },
  {
    seed: 1_795_758_414,
    rules: "table",
    hostile: false,
    split: false,
    found: "whoever was shown out for showing nothing spoke once more before they heard of it, and was out for good",
  },
];
