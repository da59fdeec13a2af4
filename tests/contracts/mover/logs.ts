/** What may happen in a room of mover, in an order that a room would call it, from a seed. */
import fc from "fast-check";
import type { Call, Player, Viewer } from "#contract/abi.ts";

const players: readonly Player[] = Array.from({ length: 4 }, (_, seat) => ({
  id: `${seat}`.repeat(32),
  seat,
}));

const viewersOf = (seated: readonly Player[]): Viewer[] => [
  ...seated.map((player): Viewer => ({ kind: "player", ...player })),
  { kind: "spectator" },
];

const keyOf = (byte: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (byte * 7 + i) & 0xff);

type Event =
  | { readonly what: "come" | "go" | "drop" | "return" | "look"; readonly seat: number }
  | { readonly what: "ticks"; readonly count: number }
  | { readonly what: "move"; readonly seat: number; readonly move: unknown };

const seat = fc.nat(players.length - 1);

const steer = fc.record({ direction: fc.nat(31), walking: fc.boolean() });
/** What a player's client never sends, but a player can. */
const nonsense = fc.oneof(
  fc.constantFrom(null, "north", [], {}, { direction: 3 }, { direction: "3", walking: true }, { walking: 1 }),
  fc.record({ direction: fc.constantFrom(-1, 32, 1.5, 2 ** 40), walking: fc.boolean() }),
);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant("come" as const), seat }) },
  fc.record({ what: fc.constantFrom("go" as const, "drop" as const, "return" as const, "look" as const), seat }),
  { weight: 3, arbitrary: fc.record({ what: fc.constant("ticks" as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("move" as const), seat, move: steer }) },
  fc.record({ what: fc.constant("move" as const), seat, move: nonsense }),
);

/** A whole log: opened, somebody there, and then anything that can follow. */
export const anyLog: fc.Arbitrary<readonly Call[]> = fc
  .tuple(fc.nat(255), fc.array(event, { minLength: 1, maxLength: 40, size: "max" }))
  .map(([key, events]) => callsOf(key, events));

function callsOf(key: number, events: readonly Event[]): Call[] {
  const calls: Call[] = [{ call: "open", tick: 0, key: keyOf(key), options: {} }];
  const seated = new Set<Player>();
  let tick = 0;
  const add = (one: Event): void => {
    const player = "seat" in one ? players[one.seat]! : players[0]!;
    if (one.what === "ticks") {
      for (let i = 0; i < one.count; i++) calls.push({ call: "tick", tick: ++tick });
    } else if (one.what === "look") {
      calls.push({ call: "view", tick, viewers: viewersOf([...seated]) });
    } else if (one.what === "come") {
      if (!seated.has(player)) calls.push({ call: "join", tick, key: keyOf(key + calls.length), player });
      seated.add(player);
    } else if (!seated.has(player)) {
      return;
    } else if (one.what === "go") {
      calls.push({ call: "leave", tick, player });
      seated.delete(player);
    } else if (one.what === "move") {
      calls.push({ call: "move", tick, player, move: one.move as never });
    } else {
      calls.push({ call: one.what === "drop" ? "dropped" : "returned", tick, player });
    }
  };
  add({ what: "come", seat: 0 });
  for (const one of events) add(one);
  add({ what: "look", seat: 0 });
  return calls;
}
