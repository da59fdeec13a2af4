/** A move as it came from a player, through the contract's own schema, before any rule sees it. */
import { reasonLengthMax } from "#protocol/limits.ts";
import type { Value } from "#protocol/value.ts";
import type { AnyContract } from "./contract.ts";

type Schema = AnyContract["moves"];

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type ParsedMove =
  | { readonly ok: true; readonly move: unknown }
  /** `reason` is for the player who moved. */
  | { readonly ok: false; readonly reason: string };

/** @throws TypeError if the schema is asynchronous: a rule waits for nothing. */
export function parseMove(schema: Schema, move: Value): ParsedMove {
  const result = schema["~standard"].validate(move);
  if ("then" in result) throw new TypeError("the schema of moves is asynchronous; a contract waits for nothing");
  if (result.issues === undefined) return { ok: true, move: result.value };
  return { ok: false, reason: reasonOf(result.issues) };
}

/** The first issue with its place, and how many more there are. */
function reasonOf(issues: readonly Issue[]): string {
  const first = issues[0];
  if (first === undefined) return "this is not a move";
  const path = (first.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return shortReason(`${path === "" ? "" : `${path}: `}${first.message}${more}`);
}

/** What fits into a refusal, cut between characters. */
export function shortReason(text: string): string {
  if (text.length <= reasonLengthMax) return text;
  const cut = text.slice(0, reasonLengthMax - 1);
  const last = cut.charCodeAt(cut.length - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return `${splitsPair ? cut.slice(0, -1) : cut}…`;
}
