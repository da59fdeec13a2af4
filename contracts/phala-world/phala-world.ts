/**
 * The hub of Phala World: an island on which hundreds walk, talk, dig, and grow a body for their soul. README.md has its
 * rules in words.
 *
 * 1. Whoever sits down is not in the world yet, but has what they kept. 2. They enter, with a name and a look. 3. They walk at
 * every tick, and everything else is a move. 4. What they keep is saved when it changes, and goes with them.
 */
import { accept, refuse, type Context, type Contract, type MoveContext, type Outcome } from "#contract/index.ts";
import { seatsMax, type Emote } from "./codes.ts";
import * as components from "./components.ts";
import { arrive, travel } from "./gates.ts";
import { migrate, save as handOver } from "./handover/handover.ts";
import { collections } from "./items.ts";
import { showAll } from "./common.ts";
import { eraAt } from "./loop/clock.ts";
import { shellsOf } from "./loop/loop.ts";
import { beginEra } from "./loop/origins.ts";
import { disclose, keepOrder, keptOut, report } from "./moderation.ts";
import { moveSchema, type Move, type MoveOf } from "./moves.ts";
import { dress, enter, placeGuide, remove, seePresent, show } from "./people.ts";
import { forget, forgetAbsent, readRecord, writeRecord } from "./record.ts";
import { liveOn, type SoulMove } from "./souls.ts";
import { say, shun } from "./speech.ts";
import { newPerson, newState, personAt, type Person, type State } from "./state.ts";
import { bury, buriedAtOnce, buryTimer, dig, lookAround } from "./treasure.ts";
import { viewOf, type View } from "./view.ts";
import { walk } from "./walking.ts";

export type { Move } from "./moves.ts";
export type { SaidMessage } from "./speech.ts";
export type { State } from "./state.ts";
export type { OriginView, OwnView, PartView, ShellView, View } from "./view.ts";

const hz = 20;

/** Ticks between two looks around for what lies buried: a quarter of a second. */
const lookEvery = 5;

/** Ticks between two times of saving whatever has changed. */
const saveEvery = 5 * hz;

/** Seconds that a wave, and everything that ends by itself, takes; what goes on goes on for an hour. */
const emoteSeconds: Record<Emote, number> = { wave: 2, cheer: 1.5, dance: 3600, sit: 3600 };

export const phalaWorld: Contract<State, Move, View> = {
  name: "phala-world",
  players: { min: 1, max: seatsMax },
  spectators: 50,
  pace: "ticks",
  hz,
  graceMs: 60_000,
  /** How long an era takes: a day as in the original, or less for people in a hurry. */
  options: { clock: ["days", "minutes", "seconds"] },
  records: true,
  collections,
  input: "Push",
  memoryPages: 512,
  /** As much as there is: a hub that is handed over with hundreds of people takes most of it, and nothing else does. */
  fuel: 200_000_000,
  components,
  moves: moveSchema,

  open(context) {
    const state = newState(context);
    placeGuide();
    for (let i = 0; i < buriedAtOnce; i++) bury(state);
    return state;
  },

  join(state, player, context) {
    const person = newPerson(player, player.moderator);
    state.people[player.seat] = person;
    person.kept = readRecord(player.record, player.id, state);
    const place = person.kept.seenIn;
    person.shell = place === null ? null : (shellsOf(state.loop, player.id)[place]?.id ?? null);
    if (player.arrival !== null) arrive(person, player.arrival);
    context.touch(person.player);
  },

  leave(state, player, context) {
    const person = personAt(state, player.seat);
    remove(person, state, context);
    save(state, person, context);
    state.people[player.seat] = null;
    forget(player.id, state);
  },

  returned(state, player, context) {
    const person = personAt(state, player.seat);
    if (player.arrival !== null) arrive(person, player.arrival);
    context.touch(person.player);
  },

  apply(state, move, context) {
    const person = personAt(state, context.player.seat);
    const out = keptOut(state, person, context.tick);
    return out === undefined ? act(state, person, move, context) : refuse(out);
  },

  tick(state, context) {
    const { tick } = context;
    const { present, people } = state;
    walk(state, context, hz);
    for (let i = tick % lookEvery; i < present.length; i += lookEvery) lookAround(present[i]!);
    for (let seat = tick % saveEvery; seat < people.length; seat += saveEvery) {
      const person = people[seat] ?? null;
      if (person !== null) save(state, person, context);
    }
    const era = eraAt(tick, state.eraTicks);
    if (era !== state.era) turnEra(state, era, context);
  },

  timer(state, { name }) {
    if (name.startsWith(buryTimer)) bury(state);
  },

  save: handOver,
  migrate,
  view: viewOf,
};

function act(state: State, person: Person, move: Move, context: MoveContext): Outcome<State> {
  switch (move.do) {
    case "enter":
      enter(person, move, state, context);
      return accept(state);
    case "dress":
      return redress(state, person, move);
    case "emote":
      return emote(state, person, move, context);
    case "say":
      return say(state, person, move, context);
    case "space":
      person.kept.space = move.keep;
      person.unsaved = true;
      seePresent(state);
      context.touch(person.player);
      return accept(state);
    case "mute":
      return shun(state, person, "muted", { player: move.player, on: move.mute }, context);
    case "block":
      return shun(state, person, "blocked", { player: move.player, on: move.block }, context);
    case "dig":
      return dig(state, person, context);
    case "travel":
      return travel(state, person, move, context);
    case "disclose":
      return disclose(state, person, move);
    case "report":
      return report(state, person, move, context);
    case "kick":
    case "ban":
    case "give-ticket":
    case "gift":
      return keepOrder(state, person, move, context);
    default:
      return liveOn(state, person, move satisfies SoulMove, context);
  }
}

function redress(state: State, person: Person, { race, coat, light }: MoveOf<"dress">): Outcome<State> {
  Object.assign(person, { race, coat, light });
  dress(person, state);
  return accept(state);
}

function emote(state: State, person: Person, { emote: clip }: MoveOf<"emote">, context: MoveContext): Outcome<State> {
  if (person.row === -1) return refuse("Enter the world first.");
  // Whoever pushes goes on with that at the next tick.
  person.pushed = 0;
  person.emote = { clip, until: context.tick + context.seconds(emoteSeconds[clip]) };
  show(person, clip, context.tick);
  return accept(state);
}

function save(state: State, person: Person, context: Context): void {
  if (!person.unsaved) return;
  person.unsaved = false;
  context.record(person.player, writeRecord(person.kept, person.id, state));
}

function turnEra(state: State, era: number, context: Context): void {
  state.era = era;
  const draw = beginEra(state.loop, era);
  if (draw !== undefined) {
    for (const person of state.people) if (person !== null) person.unsaved = true;
    context.send("players", { draw: { ...draw, preorders: [...draw.preorders], chosen: [...draw.chosen] } });
  }
  const here = new Set(state.people.map((person) => person?.id));
  forgetAbsent((player) => here.has(player), state);
  showAll(state);
  context.touch("everyone");
}
