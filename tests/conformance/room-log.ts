/** Rooms of high-card and whatever may happen in them. */
import fc from "fast-check";
import { encodeAnswer, type Answer, type Call, type Player, type Viewer } from "#contract/abi.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";

export const ann: Player = { id: "a".repeat(32), seat: 0 };
export const ben: Player = { id: "b".repeat(32), seat: 1 };
export const viewers: Viewer[] = [{ kind: "player", ...ann }, { kind: "player", ...ben }, { kind: "spectator" }];
export const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

export const opening: readonly Call[] = [
  { call: "open", tick: 0, key: key(1), options: { deck: "long" } },
  { call: "join", tick: 1, key: key(2), player: ann },
  { call: "join", tick: 2, key: key(3), player: ben },
];

export function opened(contract: LoadedContract): Instance {
  const instance = contract.instantiate();
  for (const call of opening) instance.call(call);
  return instance;
}

export const see = (instance: Instance, tick = 9): Answer => instance.call({ call: "view", tick, viewers });

const anyMove = fc.oneof(
  fc.constantFrom({ kind: "guess", guess: "higher" }, { kind: "guess", guess: "lower" }, { kind: "guess" }, null),
  fc.record({ kind: fc.constant("shout"), text: fc.string({ unit: "grapheme", maxLength: 24 }) }),
);

const anyCall = (tick: number): fc.Arbitrary<Call> => {
  const at = { tick: fc.constant(tick) };
  const player = fc.constantFrom(ann, ben);
  return fc.oneof<fc.Arbitrary<Call>[]>(
    fc.record({ call: fc.constant("move" as const), ...at, player, move: anyMove }),
    fc.record({ call: fc.constantFrom("dropped" as const, "returned" as const), ...at, player }),
    fc.record({ call: fc.constant("timer" as const), ...at, name: fc.constant("hurry"), payload: anyPayload }),
    fc.constant({ call: "view" as const, tick, viewers }),
  );
};

const anyPayload = fc.constantFrom(null, { warned: 0 }, { warned: 70_000, names: ["é", "", "x".repeat(40)] });

/** Seats change hands now and then, so that cards are drawn again. */
const anySeating = (tick: number): fc.Arbitrary<Call[]> =>
  fc.tuple(fc.constantFrom(ann, ben, { id: "c".repeat(32), seat: 1 }), fc.nat(255)).map(([player, byte]) => [
    { call: "leave", tick, player: player.seat === 0 ? ann : ben },
    { call: "join", tick, key: key(byte), player },
  ]);

export const anyLog: fc.Arbitrary<Call[]> = fc
  .integer({ min: 1, max: 12 })
  .chain((length) =>
    fc.tuple(
      ...Array.from({ length }, (_, i) =>
        fc.oneof(
          { weight: 9, arbitrary: anyCall(10 + i).map((call) => [call]) },
          { weight: 1, arbitrary: anySeating(10 + i) },
        ),
      ),
    ),
  )
  .map((calls) => calls.flat());

/** Answers as bytes: they agree or they do not. */
export const replay = (room: { call(call: Call): Answer }, log: readonly Call[]): string[] =>
  log.map((call) => bytesToHex(encodeAnswer(room.call(call))));
