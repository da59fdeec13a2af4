/** Rooms whose logs are recorded. Whoever adds a contract adds a line here, and records it with `record.ts`. */
import { dot4, type Seat, type State, type View } from "../../contracts/dot4/dot4.ts";
import { randomMove } from "../../contracts/dot4/play.ts";
import { directionCount } from "../../contracts/mover/directions.ts";
import type { Call, Player, Viewer } from "#contract/abi.ts";
import type { Value } from "#protocol/value.ts";
import { inProcess } from "#testing/in-process.ts";
import { seeded } from "#testing/seeded.ts";

export interface RecordedGame {
  readonly name: string;
  readonly about: string;
  /** From the root of the project. */
  readonly entry: string;
  readonly calls: () => Call[];
}

const ann: Player = { id: "a".repeat(32), seat: 0 };
const ben: Player = { id: "b".repeat(32), seat: 1 };
const viewers: Viewer[] = [{ kind: "player", ...ann }, { kind: "player", ...ben }, { kind: "spectator" }];
const key = (...words: string[]): Uint8Array => seeded("determinism", ...words).bytes(32);
const look = (tick: number): Call => ({ call: "view", tick, viewers });
const move = (tick: number, player: Player, value: unknown): Call => ({
  call: "move",
  tick,
  player,
  move: value as Value,
});

const opening = (words: string, options: Record<string, string>): Call[] => [
  { call: "open", tick: 0, key: key(words, "open"), options },
  { call: "join", tick: 1, key: key(words, "ann"), player: ann },
  { call: "join", tick: 2, key: key(words, "ben"), player: ben },
  look(2),
];

/** A game of random legal moves to its end, seen by everybody all the while. */
function dot4Game(words: string): Call[] {
  const random = seeded("determinism", words);
  const room = inProcess(dot4).instantiate();
  const calls: Call[] = [];
  const say = (call: Call): ReturnType<typeof room.call> => {
    calls.push(call);
    return room.call(call);
  };
  for (const call of opening(words, { clock: "30" })) say(call);
  for (let tick = 3; (room.state as State).result === null; tick++) {
    const seen = say(look(tick));
    const views = (seen.answer === "views" ? seen.views : []) as unknown as View[];
    for (const player of [ann, ben]) {
      const chosen = randomMove(views[player.seat]!, player.seat as Seat, random);
      if (chosen !== null) say(move(tick, player, chosen));
    }
  }
  say(look(1000));
  return calls;
}

function highCard(): Call[] {
  const calls = opening("high-card", { deck: "long" });
  const shouts = ["higher!", "ünï¢ödé 🂡", "", "x".repeat(21)];
  shouts.forEach((text, i) => calls.push(move(3 + i, i % 2 === 0 ? ann : ben, { kind: "shout", text })));
  calls.push({ call: "dropped", tick: 8, player: ben }, { call: "returned", tick: 9, player: ben });
  calls.push({ call: "timer", tick: 10, name: "hurry", payload: { warned: 0 } }, look(10));
  calls.push(move(11, ann, { kind: "guess", guess: "higher" }), move(12, ben, { kind: "guess", guess: "lower" }));
  return [...calls, look(13)];
}

/** Three seconds of a room that ticks, one of whose players keeps turning. */
function mover(): Call[] {
  const random = seeded("determinism", "mover");
  const calls = opening("mover", {});
  for (let tick = 3; tick < 60; tick++) {
    calls.push({ call: "tick", tick });
    if (tick % 5 === 0) {
      calls.push(move(tick, ann, { direction: random.below(directionCount), walking: random.below(4) > 0 }));
    }
  }
  return [...calls, look(60), { call: "leave", tick: 60, player: ben }, { call: "tick", tick: 61 }];
}

const arithmetic = (): Call[] => [
  ...opening("arithmetic", {}),
  ...Array.from({ length: 12 }, (_, i) => move(3 + i, ann, i)),
  look(20),
];

/** What ends at a depth, in memory or in fuel: the place must not depend on whose stack or memory it is. */
function hostile(): Call[] {
  const attacks = {
    deep: ["recursion in toString", "recursion in a proxy", "recursion in generators", "recursion in species"]
      .concat(["deep JSON", "deep arrays made flat", "a regular expression of sets", "recursion that catches"])
      .concat(["recursion in a chain of prototypes that are proxies", "recursion in sort", "deep arrays as text"]),
    endless: [
      "promises that make promises",
      "a power of BigInt",
      "a sort of words by locale",
      "text that is normalised",
    ],
    greedy: ["bytes", "a buffer that resizes", "text by patterns", "a memory bomb that catches everything"],
    sly: ["puts a getter on every object", "freezes everything", "hides a note in its input", "throws what throws"],
  };
  const moves = Object.entries(attacks).flatMap(([kind, names]) => names.map((name) => move(5, ann, { kind, name })));
  return [{ call: "open", tick: 0, key: key("hostile"), options: {} }, ...moves, look(7)];
}

const twin = "The same calls as its twin in TypeScript, by the contract in AssemblyScript.";

export const games: readonly RecordedGame[] = [
  { name: "high-card", about: "Every kind of call.", entry: "tests/contracts/fixtures/high-card.ts", calls: highCard },
  { name: "dot4", about: "A game of Dot4.", entry: "contracts/dot4/dot4.ts", calls: () => dot4Game("first") },
  { name: "dot4-again", about: "Another game.", entry: "contracts/dot4/dot4.ts", calls: () => dot4Game("second") },
  { name: "dot4-assembly", about: twin, entry: "contracts/dot4/assembly/dot4.ts", calls: () => dot4Game("first") },
  { name: "mover", about: "A hundred bodies in columns of f32.", entry: "contracts/mover/mover.ts", calls: mover },
  { name: "mover-assembly", about: twin, entry: "contracts/mover/assembly/mover.ts", calls: mover },
  {
    name: "arithmetic",
    about: "What processors and C libraries round each in their own way, NaNs, dates, text, sorting, BigInt.",
    entry: "tests/contracts/fixtures/arithmetic.ts",
    calls: arithmetic,
  },
  {
    name: "hostile-scripts",
    about: "Attacks, each of which faults at its place.",
    entry: "tests/adversary/hostile-scripts/contract.js",
    calls: hostile,
  },
];
