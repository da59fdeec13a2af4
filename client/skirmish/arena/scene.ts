/** One moment of the arena, as it is drawn: out of the rows that the room tells this player of. */
import type { Entities } from "#client/entities/entities.ts";
import type { Fighter, Find, Gear, Shot } from "#skirmish/components.ts";

export interface FighterNow {
  readonly x: number;
  readonly z: number;
  readonly aim: number;
  readonly team: number;
  readonly health: number;
  readonly seat: number;
}

export interface Scene {
  /** Undefined for spectators. */
  readonly self: FighterNow | undefined;
  readonly others: readonly FighterNow[];
  readonly shots: readonly {
    readonly x: number;
    readonly z: number;
    readonly heading: number;
    readonly team: number;
  }[];
  readonly finds: readonly { readonly x: number; readonly z: number; readonly kind: number }[];
}

/** What is the player's own, as the page says it in words and numbers. */
export interface GearNow {
  readonly clip: number;
  readonly spare: number;
  readonly readyAt: number;
  readonly returnsAt: number;
  readonly hits: number;
  readonly points: number;
  readonly falls: number;
  readonly felledBy: number;
}

export interface Rows {
  readonly fighters: Entities<typeof Fighter>;
  readonly shots: Entities<typeof Shot>;
  readonly finds: Entities<typeof Find>;
  readonly gear: Entities<typeof Gear>;
}

export function sceneOf({ fighters, shots, finds }: Rows): Scene {
  const { x, z, aim, team, health, seat } = fighters.shown();
  const fighter = (id: number): FighterNow => ({
    x: x[id]!,
    z: z[id]!,
    aim: aim[id]!,
    team: team[id]!,
    health: health[id]!,
    seat: seat[id]!,
  });
  const [mine] = fighters.mine;
  const flying = shots.shown();
  const lying = finds.columns;
  return {
    self: mine === undefined ? undefined : fighter(mine),
    others: fighters.ids.filter((id) => id !== mine).map(fighter),
    shots: shots.ids.map((id) => ({
      x: flying.x[id]!,
      z: flying.z[id]!,
      heading: flying.heading[id]!,
      team: flying.team[id]!,
    })),
    finds: finds.ids.map((id) => ({ x: lying.x[id]!, z: lying.z[id]!, kind: lying.kind[id]! })),
  };
}

export function gearOf({ gear }: Rows): GearNow | undefined {
  const [id] = gear.mine;
  if (id === undefined) return undefined;
  const { clip, spare, readyAt, returnsAt, hits, points, falls, felledBy } = gear.columns;
  return {
    clip: clip[id]!,
    spare: spare[id]!,
    readyAt: readyAt[id]!,
    returnsAt: returnsAt[id]!,
    hits: hits[id]!,
    points: points[id]!,
    falls: falls[id]!,
    felledBy: felledBy[id]!,
  };
}
