/**
 * A field in fog: bodies see who is near, mines are seen by those who laid them, treasure by those who found it. Nothing of
 * it is in a view. What may leak is made in `fogOf`, so that a leak is one changed part.
 */
import * as v from "valibot";
import { accept, component, everyone, f32, i16, near, owner, revealed, u8 } from "#contract/index.ts";
import type { Context, Contract, Player, Viewer } from "#contract/index.ts";
import type { SecrecyOptions } from "#testing/secrecy.ts";

export type FogMove = { readonly go: number } | { readonly lay: number };

export interface FogState {
  rounds: number;
  /** By seat: rows of treasure. */
  found: number[][];
}

const seats = 4;
const sight = 6;
const treasures = 24;

const components = () => ({
  Body: component(
    { x: f32, z: f32, hurt: u8 },
    { capacity: 8, audience: near(sight, { full: 4, far: 3 }), position: true },
  ),
  Mine: component({ x: f32, z: f32, fuse: u8 }, { capacity: 96, audience: owner, position: true }),
  Treasure: component(
    { x: f32, z: f32, worth: u8 },
    { capacity: treasures, audience: revealed(seats), position: true },
  ),
  Round: component({ count: u8, news: i16 }, { capacity: 1, audience: everyone }),
});

type FogComponents = ReturnType<typeof components>;

/** What the rules do that a leak changes. */
export interface FogParts {
  readonly components: FogComponents;
  /** Called at every tick and after every move, with what somebody may know of it. */
  readonly also: (rows: FogComponents, context: Context) => void;
}

export const fogParts = (): FogParts => ({ components: components(), also: () => undefined });

const start = [-9, -3, 3, 9];
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

export function fogOf({ components: rows, also }: FogParts): Contract<FogState, FogMove, { readonly rounds: number }> {
  const { Body, Mine, Treasure, Round } = rows;
  const bodyOf = (seat: number): number => {
    for (let row = 0; row < Body.capacity; row++) if (Body.live[row] === 1 && Body.owner[row] === seat) return row;
    return -1;
  };
  const find = (state: FogState, { seat }: Player): void => {
    const own = bodyOf(seat);
    for (let row = 0; row < Treasure.capacity; row++) {
      const isHere = Treasure.live[row] === 1 && Treasure.x[row] === Body.x[own] && Treasure.z[row] === Body.z[own];
      if (!isHere || state.found[seat]!.includes(row)) continue;
      state.found[seat]!.push(row);
      Treasure.reveal(row, seat);
    }
  };
  return {
    name: "fog",
    players: { min: 2, max: seats },
    pace: "ticks",
    hz: 10,
    presence: "any",
    graceMs: 1000,
    components: { Body, Mine, Treasure, Round },
    moves: v.union([
      v.strictObject({ go: v.picklist([0, 1, 2, 3]) }),
      v.strictObject({ lay: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)) }),
    ]) as unknown as Contract<FogState, FogMove, never>["moves"],
    open(context) {
      Round.spawn();
      for (let i = 0; i < treasures; i++) {
        const row = Treasure.spawn();
        Treasure.x[row] = context.random.below(31) - 15;
        Treasure.z[row] = context.random.below(9) - 4;
        Treasure.worth[row] = context.random.below(100);
      }
      return { rounds: 0, found: Array.from({ length: seats }, () => []) };
    },
    join(state, player, context) {
      state.found[player.seat] = [];
      const row = Body.spawn(player.seat);
      Body.x[row] = start[player.seat]!;
      context.focus(player, Body.entity(row));
    },
    leave(_state, { seat }) {
      Body.despawn(bodyOf(seat));
      for (let row = 0; row < Mine.capacity; row++) if (Mine.owner[row] === seat) Mine.despawn(row);
    },
    apply(state, move, context) {
      const { seat } = context.player;
      const own = bodyOf(seat);
      if ("go" in move) {
        const [x, z] = steps[move.go]!;
        Body.x[own] = Math.max(-15, Math.min(15, Body.x[own]! + x));
        Body.z[own] = Math.max(-4, Math.min(4, Body.z[own]! + z));
        find(state, context.player);
      } else {
        // A few at once, so that how many there are differs.
        for (let i = 0; i < move.lay; i++) {
          const row = Mine.spawn(seat);
          if (row === -1) break;
          Mine.x[row] = Body.x[own]!;
          Mine.fuse[row] = 10 + i;
        }
      }
      also(rows, context);
      return accept(state);
    },
    tick(state, context) {
      if (context.tick % 10 === 0) {
        state.rounds += 1;
        Round.count[0] = state.rounds;
      }
      for (let row = 0; row < Mine.capacity; row++) {
        if (Mine.live[row] === 0) continue;
        Mine.fuse[row]! -= 1;
        if (Mine.fuse[row] === 0) Mine.despawn(row);
      }
      also(rows, context);
    },
    view: ({ rounds }) => ({ rounds }),
  };
}

/** From the rules: a player knows bodies in sight, the mines that are the player's, and the treasure that was found. */
export function fogSecrecy({ components: rows }: FogParts) {
  const { Body, Mine, Treasure } = rows;
  const live = (of: typeof Body | typeof Mine | typeof Treasure): number[] =>
    Array.from({ length: of.capacity }, (_, row) => row).filter((row) => of.live[row] === 1);
  const knows = (state: FogState, viewer: Viewer): unknown => {
    if (viewer.kind === "spectator") return null;
    const own = live(Body).find((row) => Body.owner[row] === viewer.seat);
    const isNear = (row: number): boolean =>
      own !== undefined && Math.hypot(Body.x[row]! - Body.x[own]!, Body.z[row]! - Body.z[own]!) <= sight;
    return {
      bodies: live(Body)
        .filter(isNear)
        .map((row) => [Body.owner[row], Body.x[row], Body.z[row]]),
      mines: live(Mine)
        .filter((row) => Mine.owner[row] === viewer.seat)
        .map((row) => [Mine.x[row], Mine.fuse[row]]),
      treasure: state.found[viewer.seat]!.map((row) => [Treasure.x[row], Treasure.z[row], Treasure.worth[row]]),
    };
  };
  return {
    knows,
    move: ({ random }) => (random.below(3) === 0 ? { lay: random.below(4) } : { go: random.below(4) }),
    vary: ({ move, random }) => ("lay" in move ? { lay: random.below(10) } : null),
    redeal: ({ state, viewer, random }) => {
      for (const row of live(Treasure)) {
        if (viewer.kind === "player" && state.found[viewer.seat]!.includes(row)) continue;
        Treasure.worth[row] = random.below(100);
        if (random.below(3) === 0) Treasure.despawn(row);
      }
    },
  } satisfies SecrecyOptions<FogState, FogMove, { readonly rounds: number }>;
}
