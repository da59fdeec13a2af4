/** What a returning player remembers of a room, held against the history that we have of it. */
import { equalBytes } from "#protocol/bytes.ts";
import type { Witness } from "#protocol/witness.ts";
import type { HeadHistory } from "./heads.ts";

/**
 * - `known`: it is part of our history.
 * - `unknown`: our history is older, or another one.
 * - `old`: its head is not at hand; these heads have to be asked for, and `HeadHistory.headIn` reads them.
 */
export type Comparison =
  | { readonly found: "known" | "unknown"; readonly witness: Witness }
  | { readonly found: "old"; readonly witness: Witness; readonly from: number; readonly count: number };

/** @param outstanding heads behind those of the history, of records that are not durable yet. */
export function compareWitness(
  witness: Witness,
  heads: HeadHistory,
  outstanding: readonly Uint8Array[] = [],
): Comparison {
  const at = witness.index - 1;
  const is = (head: Uint8Array | undefined): Comparison => ({
    found: head !== undefined && equalBytes(head, witness.head) ? "known" : "unknown",
    witness,
  });
  // Whoever read our record before we heard that it is stored may have handed it out.
  if (at >= heads.length) return is(outstanding[at - heads.length]);
  const found = heads.find(at);
  return "head" in found ? is(found.head) : { found: "old", witness, ...found };
}
