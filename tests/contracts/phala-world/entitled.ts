/** Who may know what in the hub, written from its rules and not from its views; and how secrets of it are varied. */
import type { Contract, MoveContext, Outcome, Random } from "#contract/index.ts";
import { distance } from "#world/island/ground.ts";
import type { SecrecyOptions } from "#testing/secrecy.ts";
import { hub as island } from "#world/island/island.ts";
import { emotes, pushMax } from "../../../contracts/phala-world/codes.ts";
import { Body, Treasure } from "../../../contracts/phala-world/components.ts";
import { phalaWorld, type Move, type State, type View } from "../../../contracts/phala-world/phala-world.ts";
import { earshot } from "../../../contracts/phala-world/speech.ts";
import { terrain } from "../../../contracts/phala-world/terrain.ts";
import { lostBeyond } from "../../../contracts/phala-world/treasure.ts";

/** The hub, and beside what it remembers who heard what: in the rules themselves nobody does. */
export interface WatchedState extends State {
  readonly heard: Record<string, string[]>;
}

export const watchedHub = (rules: Contract<State, Move, View> = phalaWorld): Contract<WatchedState, Move, View> => ({
  ...(rules as unknown as Contract<WatchedState, Move, View>),
  open: (context) => ({ ...rules.open(context), heard: {} }),
  join: (state, player, context) => void rules.join!(state, player, context),
  leave: (state, player, context) => void rules.leave!(state, player, context),
  returned: (state, player, context) => void rules.returned!(state, player, context),
  tick: (state, context) => void rules.tick!(state, context),
  timer: (state, timer, context) => void rules.timer!(state, timer, context),
  apply: (state, move, context) => hearing(state, move, context, rules),
});

function hearing(
  state: WatchedState,
  move: Move,
  context: MoveContext,
  rules: Contract<State, Move, View>,
): Outcome<WatchedState> {
  const outcome = rules.apply(state, move, context);
  if (!outcome.accepted) return outcome;
  if (move.do === "say") for (const id of hearers(state, context.player.seat)) (state.heard[id] ??= []).push(move.text);
  return { accepted: true, state };
}

function hearers({ people }: State, from: number): readonly string[] {
  const speaker = people[from]!;
  const [x, z] = [Body.x[speaker.row]!, Body.z[speaker.row]!];
  return people.flatMap((person) => {
    if (person === null || person.row === -1) return [];
    if (distance(Body.x[person.row]! - x, Body.z[person.row]! - z) > earshot) return [];
    const shuns = [...person.kept.muted, ...person.kept.blocked].includes(speaker.id);
    return shuns || speaker.kept.blocked.includes(person.id) ? [] : [person.id];
  });
}

const texts = [
  "meet me at the gate",
  "it lies by the third lamp",
  "no",
  "a much longer secret than the others were",
] as const;

export const hubSecrecy: Pick<
  SecrecyOptions<WatchedState, Move, View>,
  "knows" | "move" | "push" | "vary" | "redeal" | "options"
> = {
  options: { clock: "days" },
  /** What was said to them, and what lies where they are: from a little farther away than it is seen. */
  knows(state, viewer) {
    if (viewer.kind !== "player") return null;
    const person = state.people[viewer.seat];
    const rows = Array.from({ length: Treasure.capacity }, (_, row) => row);
    const near = person === null || person === undefined ? [] : rows.filter((row) => isNear(row, person.row));
    return {
      heard: state.heard[viewer.id] ?? [],
      near: near.map((row) => [row, Treasure.x[row], Treasure.z[row], Treasure.kind[row]]),
      found: person?.kept.found ?? 0,
    };
  },
  move: ({ view, rows, seat, random }) => {
    if (view.mine?.inWorld !== true) return { do: "enter", name: `P${seat}`, race: "spectre", coat: 0, light: 0 };
    const chance = random.below(20);
    if (rows("Treasure").length > 0 && chance < 8) return { do: "dig" };
    if (chance < 15) return { do: "say", text: texts[random.below(texts.length)]! };
    if (chance === 15) return { do: "emote", emote: emotes[random.below(emotes.length)]! };
    if (chance === 16) return { do: "mute", player: anybody(random), mute: random.below(2) === 0 };
    if (chance === 17) return { do: "block", player: anybody(random), block: random.below(2) === 0 };
    if (chance === 18) return { do: "space", keep: random.below(2) === 0 };
    return random.below(2) === 0 ? { do: "claim-spirit" } : { do: "dig" };
  },
  push: ({ random }) => wander(random),
  vary: ({ move, random }) => (move.do === "say" ? { ...move, text: texts[random.below(texts.length)]! } : null),
  /** What this viewer has not come close to lies elsewhere, and is something else. */
  redeal({ state, viewer, random }) {
    const person = viewer.kind === "player" ? state.people[viewer.seat] : null;
    for (let row = 0; row < Treasure.capacity; row++) {
      if (Treasure.live[row] === 0 || (person !== null && person !== undefined && isNear(row, person.row))) continue;
      const spot = somewhere(random);
      Treasure.x[row] = spot.x;
      Treasure.z[row] = spot.z;
      Treasure.kind[row] = random.below(3);
    }
  },
};

/** Looks around are a quarter of a second apart, and somebody who runs is two metres farther by then. */
const nearWithin = lostBeyond + 2;

const isNear = (row: number, body: number): boolean =>
  body !== -1 &&
  Treasure.live[row] === 1 &&
  distance(Treasure.x[row]! - Body.x[body]!, Treasure.z[row]! - Body.z[body]!) <= nearWithin;

function somewhere(random: Random): { readonly x: number; readonly z: number } {
  for (;;) {
    const spot = { x: (random.unit() * 2 - 1) * island.radius, z: (random.unit() * 2 - 1) * island.radius };
    if (distance(spot.x, spot.z) > island.plaza && terrain.isFree(spot)) return spot;
  }
}

function wander(random: Random): { readonly [field: string]: number } {
  const [x, z] = [random.below(3) - 1, random.below(3) - 1];
  return { x: x * pushMax, z: z * pushMax, run: random.below(2) };
}

/** Whoever is meant, if they are here: accounts in these games are numbered. */
const anybody = (random: Random): string => random.below(4).toString(16).repeat(32);
