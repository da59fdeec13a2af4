/** Gates: out of the hub into another room with a word of who one is, and back with what came of it. */
import { accept, refuse, type Arrival, type MoveContext, type Outcome } from "#contract/index.ts";
import type { MoveOf } from "./moves.ts";
import type { Person, State } from "./state.ts";

/** Which rules lie behind each gate. */
const behind: Record<string, string> = { dot4: "dot4", skirmish: "skirmish", wilds: "phala-world" };

/** One's page has made or found a room behind the gate; the gate lets one through to it. */
export function travel(state: State, person: Person, { room }: MoveOf<"travel">, context: MoveContext): Outcome<State> {
  if (person.gate === null) return refuse("Stand in a gate first.");
  const { name, race, coat, light } = person;
  context.travel(
    person.player,
    { room, contract: behind[person.gate]! },
    { gate: person.gate, name, race, coat, light },
  );
  return accept(state);
}

/** Somebody has come through a gate, or back through one: with the result of what they played, if it is over. */
export function arrive(person: Person, { contract, back }: Arrival): void {
  const won = back === null ? null : isWon(back);
  person.arrival = { from: contract, result: back?.result ?? null, won };
  if (won !== true) return;
  person.kept.won[contract] = (person.kept.won[contract] ?? 0) + 1;
  person.unsaved = true;
}

/** Every game of ours that can be won says who did, by seat: where a team wins, that is its best. */
function isWon({ seat, result }: NonNullable<Arrival["back"]>): boolean {
  if (typeof result !== "object" || result === null) return false;
  if ("champion" in result) return result["champion"] === seat;
  return "winner" in result && result["winner"] === seat;
}
