/**
 * What a node can lie about, and how it is found out: each lie is told to the verifier in the place of the honest
 * answer, and has the one code with which it is refused.
 */
import { authorityLies } from "./lies/authorities.ts";
import { bodyLies, headerLies } from "./lies/blocks.ts";
import { finalityLies } from "./lies/finality.ts";
import type { Lie } from "./lies/lie.ts";
import { parachainLies, timeLies } from "./lies/parachain.ts";
import { storageLies } from "./lies/storage.ts";

export { world } from "./lies/lie.ts";

export const lies: readonly Lie[] = [
  ...headerLies,
  ...bodyLies,
  ...finalityLies,
  ...authorityLies,
  ...storageLies,
  ...parachainLies,
  ...timeLies,
];
