/** Who hears whom: those who stand near, unless one of the two will have nothing of the other. */
import { accept, refuse, type MoveContext, type Outcome } from "#contract/index.ts";
import { Body } from "./components.ts";
import type { MoveOf } from "./moves.ts";
import { unheardMax } from "./record.ts";
import { macOf } from "./speech-mac.ts";
import type { Person, State } from "./state.ts";

/** Metres. */
export const earshot = 18;

/** The nearest of them: a message is told to so many at most. */
export const listenersMax = 100;

/** Messages that somebody can say at once, and seconds until one more. */
export const breathMax = 5;
const breathSeconds = 1.5;

/** As those who hear it are sent it. `mac` is what a report needs. */
export interface SaidMessage {
  readonly said: {
    readonly from: string;
    readonly seat: number;
    readonly name: string;
    readonly text: string;
    readonly tick: number;
    readonly mac: Uint8Array;
  };
}

export function say(state: State, person: Person, { text }: MoveOf<"say">, context: MoveContext): Outcome<State> {
  if (person.row === -1) return refuse("Enter the world first.");
  const gained = Math.floor((context.tick - person.breath.at) / context.seconds(breathSeconds));
  const left = Math.min(breathMax, person.breath.left + gained);
  if (left === 0) return refuse("Slower: let others say something too.");
  const at = left === breathMax ? context.tick : person.breath.at + gained * context.seconds(breathSeconds);
  person.breath = { left: left - 1, at };
  const { id: from, seat, name } = person;
  const mac = macOf(state.macKey, { from, tick: context.tick, text });
  const message = { said: { from, seat, name, text, tick: context.tick, mac } } satisfies SaidMessage;
  for (const listener of listenersTo(person, state)) context.send(listener.player, message);
  return accept(state);
}

/** Whoever speaks hears themselves: then they know that it was said. */
function listenersTo(speaker: Person, state: State): readonly Person[] {
  const [x, z] = [Body.x[speaker.row]!, Body.z[speaker.row]!];
  const { x: bodyX, z: bodyZ } = Body;
  const near: { readonly person: Person; readonly apart: number }[] = [];
  for (const person of state.present) {
    const dx = bodyX[person.row]! - x;
    const dz = bodyZ[person.row]! - z;
    const apart = dx * dx + dz * dz;
    if (apart <= earshot * earshot && hears(person, speaker)) near.push({ person, apart });
  }
  if (near.length > listenersMax) near.sort((a, b) => a.apart - b.apart);
  return near.slice(0, listenersMax).map(({ person }) => person);
}

const hears = (listener: Person, speaker: Person): boolean =>
  !listener.kept.muted.includes(speaker.id) &&
  !listener.kept.blocked.includes(speaker.id) &&
  !speaker.kept.blocked.includes(listener.id);

/** Nobody else is told. It goes with the account, wherever it goes. */
export function shun(
  state: State,
  person: Person,
  list: "muted" | "blocked",
  { player, on }: { readonly player: string; readonly on: boolean },
  context: MoveContext,
): Outcome<State> {
  if (player === person.id) return refuse("That is you.");
  const others = person.kept[list].filter((id) => id !== player);
  if (on && others.length >= unheardMax)
    return refuse(`You can ${list === "muted" ? "mute" : "block"} ${unheardMax} people. Hear somebody again first.`);
  person.kept[list] = on ? [...others, player] : others;
  person.unsaved = true;
  context.touch(person.player);
  return accept(state);
}
