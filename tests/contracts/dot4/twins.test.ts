/** Dot4 in TypeScript and in AssemblyScript is one game: rooms of both say the same, byte for byte, and log the same. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { dot4, type Seat, type View } from "../../../contracts/dot4/dot4.ts";
import { moveSchema } from "../../../contracts/dot4/moves.ts";
import { randomMove } from "../../../contracts/dot4/play.ts";
import { encodeAnswer, type Call } from "#contract/abi.ts";
import { parseMove } from "#contract/parse-move.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Value } from "#protocol/value.ts";
import { secrecyTest } from "#testing/secrecy.ts";
import { seeded } from "#testing/seeded.ts";
import { Stage } from "#testing/stage.ts";
import { bundleOf } from "../../support/bundles.ts";
import { dot4Secrecy } from "./entitled.ts";
import { players } from "./game.ts";

vi.setConfig({ testTimeout: 120_000 });

const folder = fileURLToPath(new URL("../../../contracts/dot4/", import.meta.url));

let twins: readonly [script: LoadedContract, assembly: LoadedContract];

beforeAll(async () => {
  const engine = await contractEngine();
  const load = async (path: string): Promise<LoadedContract> => engine.load(await bundleOf(`${folder}${path}`));
  twins = [await load("dot4.ts"), await load("assembly/dot4.ts")];
}, 120_000);

const key = (seed: string): Uint8Array => seeded("twins", seed).bytes(32);
const viewers = [...players.map((player) => ({ kind: "player" as const, ...player })), { kind: "spectator" as const }];

/** Both answer, and the answer is the same. */
function ask(rooms: readonly Instance[], call: Call): ReturnType<Instance["call"]> {
  const [first, second] = rooms.map((room) => room.call(call));
  expect(bytesToHex(encodeAnswer(second!)), JSON.stringify(call)).toBe(bytesToHex(encodeAnswer(first!)));
  return first!;
}

function opened(seed: string): readonly Instance[] {
  const rooms = twins.map((twin) => twin.instantiate());
  ask(rooms, { call: "open", tick: 0, key: key(seed), options: { clock: "10" } });
  for (const player of players) ask(rooms, { call: "join", tick: 1, key: key(`${seed} ${player.seat}`), player });
  return rooms;
}

/** Shapes that nearly are moves: what is wrong with them is said in the same words. */
const anyCoordinate = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -2, max: 11 }) },
  fc.constantFrom<Value>(null, "3", true, 2.5, -0.5, [], {}, 1e20, -1e-7),
);
const anyCell = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(anyCoordinate, anyCoordinate) },
  fc.array(anyCoordinate, { maxLength: 4 }),
  fc.constantFrom<Value>(null, "ab", new Uint8Array(2), { 0: 1, 1: 2 }),
);
const anyBombs = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(anyCell, anyCell, anyCell) },
  fc.array(anyCell, { maxLength: 5 }),
);
const anyKind = fc.constantFrom<Value>("place", "drop", "resign", "place", "drop", "cheat", 3, null, []);
const anySide = fc.constantFrom<Value>("top", "right", "bottom", "left", "middle", "", 0, null);
const anyNearMove: fc.Arbitrary<Value> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { kind: anyKind, bombs: anyBombs, side: anySide, line: anyCoordinate, more: fc.constant(1) },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Value>,
  },
  fc.record({ kind: fc.constant("place"), bombs: anyBombs }) as fc.Arbitrary<Value>,
  fc.record({ kind: fc.constant("drop"), side: anySide, line: anyCoordinate }) as fc.Arbitrary<Value>,
  fc.constantFrom<Value>(null, true, 7, "drop", [], ["drop"], new Uint8Array(3), {}),
);

test("they declare the same manifest, and are not the same contract", () => {
  const [script, assembly] = twins;
  expect(assembly.manifest).toEqual(script.manifest);
  expect(assembly.hash).not.toEqual(script.hash);
});

test("what is no move is refused in the same words", () => {
  const rooms = opened("words");
  fc.assert(
    fc.property(anyNearMove, (move) => {
      fc.pre(!parseMove(moveSchema, move).ok);
      ask(rooms, { call: "move", tick: 2, player: players[0], move });
    }),
    { seed: 4, numRuns: 2000 },
  );
});

test("games of moves that are legal, late, out of turn and blocked get the same answers and views", () => {
  const reasons = new Set<string | null>();
  const ends = new Set<unknown>();
  for (let game = 0; game < 6; game++) {
    const random = seeded("twin games", String(game));
    const rooms = opened(String(game));
    for (let tick = 2, ended = false; !ended && tick < 800; tick++) {
      const views = ask(rooms, { call: "view", tick, viewers });
      const seat = random.below(2) as Seat;
      const view = (views.answer === "views" ? views.views[seat] : null) as unknown as View;
      const drop = { kind: "drop", side: ["top", "right", "bottom", "left"][random.below(4)]!, line: random.below(10) };
      const move = random.below(4) === 0 ? drop : randomMove(view, seat, random);
      if (move === null) continue;
      const answer = ask(rooms, { call: "move", tick, player: players[seat], move: move as Value });
      if (answer.answer !== "done") throw new Error(answer.answer);
      reasons.add(answer.reason);
      const end = answer.effects.find((effect) => effect.effect === "end");
      if (end === undefined) continue;
      ended = true;
      ends.add((end.result as { readonly how: string }).how);
      ask(rooms, { call: "move", tick, player: players[seat], move: drop });
      ask(rooms, { call: "view", tick, viewers });
    }
  }
  expect(reasons.size).toBeGreaterThan(3);
  expect(ends).toContain("four");
});

test.for<[string, Call[]]>([
  ["somebody leaves", [{ call: "leave", tick: 3, player: players[1] }]],
  ["nobody hides bombs in time", [{ call: "timer", tick: 3001, name: "clock", payload: null }]],
  ["somebody stays away", [{ call: "abandon", tick: 9, absent: [players[0]] }]],
  ["both stay away", [{ call: "abandon", tick: 9, absent: players }]],
  [
    "a turn takes too long",
    [
      { call: "timer", tick: 3001, name: "clock", payload: null },
      { call: "timer", tick: 4501, name: "clock", payload: null },
    ],
  ],
  ["somebody resigns", [{ call: "move", tick: 3, player: players[0], move: { kind: "resign" } }]],
])("it ends the same when %s", ([, calls]) => {
  const rooms = opened("ends");
  for (const call of calls) ask(rooms, call);
  ask(rooms, { call: "view", tick: 9999, viewers });
});

test("rooms of both send the same frames to everybody, and chain the same records", () => {
  const stages = twins.map((contract) => new Stage({ contract, seed: "twin rooms" }));
  const clients = stages.map((stage) => [stage.invite("play"), stage.invite("play"), stage.invite("watch")]);
  const frames = (): string[][] =>
    stages.map((stage) =>
      stage.takeDeliveries().flatMap(({ to, frames: sent }) => sent.map((frame) => `${to.index} ${bytesToHex(frame)}`)),
    );
  const random = seeded("twin rooms");
  const both = (act: (stage: Stage, i: number) => void): void => stages.forEach(act);
  for (const n of [0, 1, 2]) both((stage, i) => stage.enter(clients[i]![n]!));
  let heads = 0;
  for (let step = 0; step < 300 && stages[0]!.room.phase !== "ended"; step++) {
    const n = random.below(2);
    const { view } = clients[0]![n]!;
    const move = view === undefined ? null : randomMove(view as unknown as View, n as Seat, random);
    if (move !== null) both((stage, i) => void stage.move(clients[i]![n]!, move as Value));
    if (random.below(12) === 0) both((stage, i) => stage.enter(clients[i]![random.below(1) + 1]!));
    const wait = random.below(3) * 400;
    both((stage) => void stage.advance(stage.now + 20 + wait));
    const [script, assembly] = frames();
    expect(assembly).toEqual(script);
    const [head, same] = stages.map(({ room }) => bytesToHex(room.head));
    expect(same).toBe(head);
    heads++;
  }
  expect(stages.map(({ faults }) => faults)).toEqual([[], []]);
  expect(stages.map(({ room }) => room.phase)).toEqual(["ended", "ended"]);
  expect(heads).toBeGreaterThan(20);
});

test("the twin keeps bombs as secret, through everything that the kit lets happen", () => {
  const report = secrecyTest(dot4, { ...dot4Secrecy, engine: twins[1], steps: 300 });
  expect(report.framesCompared.players).toBeGreaterThan(0);
});
