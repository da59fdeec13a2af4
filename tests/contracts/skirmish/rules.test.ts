/** The rules of Skirmish: walls, shots that look back, what lies about, rounds; and what a tick costs. */
import { beforeAll, describe, expect, test } from "vitest";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { Fighter, Find, Gear, Shot } from "../../../contracts/skirmish/components.ts";
import { isWall, tileOf } from "../../../contracts/skirmish/field.ts";
import { clipMax, girth, healthMax, speed, tile } from "../../../contracts/skirmish/terms.ts";
import { Arena, flyingShots, playerIn, rowOf, rowsOf, skirmishContract } from "./arena.ts";
import { findsNear, fightersSeen, shotsSeen } from "./seen.ts";

let contract: LoadedContract;

beforeAll(async () => {
  contract = await skirmishContract();
}, 240_000);

/** Two enemies in the open middle of the field, so far from each other. */
function duel(apart: number): Arena {
  const arena = new Arena(contract);
  arena.join(0, 1);
  arena.steps(30);
  // Nothing lies about that would heal anybody.
  arena.inside(() => {
    for (const find of rowsOf(Find)) Find.x[find] = 0;
  });
  const middle = (arena.view.field.tiles * tile) / 2;
  arena.put(0, middle - apart / 2, middle);
  arena.put(1, middle + apart / 2, middle);
  arena.steps(8);
  return arena;
}

const healthOf = (arena: Arena, seat: number): number => arena.inside(() => Fighter.health[rowOf(seat)]!);
const placeOf = (arena: Arena, seat: number) =>
  arena.inside(() => ({ x: Fighter.x[rowOf(seat)]!, z: Fighter.z[rowOf(seat)]! }));

describe("the field", () => {
  test.for(["small", "medium", "large"])("%s is the one that the page makes of its seed", (field) => {
    for (const seed of [1, 2, 3]) {
      const { walls, tiles } = new Arena(contract, { field }, seed).field;
      const floor = walls.filter((wall) => wall === 0).length;
      expect(floor).toBeGreaterThan((tiles * tiles * 2) / 5);
      expect([...walls]).toEqual([...walls].reverse());
    }
  });

  test("holds everybody between its walls and apart, whatever they do", () => {
    const arena = new Arena(contract);
    const { field } = arena;
    arena.join(...Array.from({ length: 24 }, (_, seat) => seat));
    arena.play(80, () => {
      for (const row of rowsOf(Fighter)) {
        const [x, z] = [Fighter.x[row]!, Fighter.z[row]!];
        for (const side of [-girth, girth]) {
          // An f32 may be half a thousandth off.
          expect(isWall(field, tileOf(x + side * 0.999), tileOf(z))).toBe(false);
          expect(isWall(field, tileOf(x), tileOf(z + side * 0.999))).toBe(false);
        }
      }
    });
  });

  test("parts two who stand in one place", () => {
    const arena = duel(0);
    const [ann, ben] = [placeOf(arena, 0), placeOf(arena, 1)];
    expect(Math.hypot(ann.x - ben.x, ann.z - ben.z)).toBeGreaterThan(2 * girth - 0.05);
  });
});

describe("a fighter", () => {
  test("walks six metres a second where the stick points, no faster along both sides, and slides along a wall", () => {
    const arena = duel(6);
    const start = placeOf(arena, 0);
    arena.want(0, { east: -100, south: -100 });
    arena.steps(10);
    const end = placeOf(arena, 0);
    expect(Math.hypot(end.x - start.x, end.z - start.z)).toBeCloseTo(speed / 2, 2);
    arena.put(1, 0.001 + tile + girth, 5 * tile);
    const wall = placeOf(arena, 1);
    arena.want(1, { east: -100, south: 0 });
    arena.steps(5);
    expect(placeOf(arena, 1).x).toBeGreaterThan(tile);
    expect(placeOf(arena, 1).x).toBeLessThanOrEqual(wall.x);
  });

  test("who has dropped stands still and fires no more", () => {
    const arena = duel(6);
    arena.want(0, { east: -100, trigger: 1 });
    arena.call({ call: "dropped", tick: arena.tick, player: playerIn(0) });
    const before = placeOf(arena, 0);
    arena.steps(5);
    expect(placeOf(arena, 0)).toEqual(before);
    expect(arena.inside(flyingShots)).toEqual([]);
  });

  test("joins another team only if that does not become the larger one", () => {
    const arena = duel(6);
    const move = (seat: number, team: unknown) =>
      arena.call({ call: "move", tick: arena.tick, player: playerIn(seat), move: { team } as never });
    expect(move(0, 1)).toMatchObject({ reason: "That team would be larger." });
    expect(move(0, 0)).toMatchObject({ reason: "You are in this team already." });
    expect(move(0, 2)).toMatchObject({ reason: "There is no such team." });
    expect(move(0, "red")).toMatchObject({ reason: expect.stringMatching(/^team: /) });
    arena.join(2);
    expect(arena.inside(() => Fighter.team[rowOf(2)])).toBe(0);
    expect(move(2, 1)).toMatchObject({ reason: null });
    expect(arena.inside(() => Fighter.team[rowOf(2)])).toBe(1);
  });
});

describe("a shot", () => {
  test("wounds the first enemy, four fell, and the fallen return after three seconds", () => {
    const arena = duel(6);
    arena.want(0, { aim: 0, trigger: 1 });
    arena.steps(4);
    expect(healthOf(arena, 1)).toBe(healthMax - 25);
    arena.steps(12);
    expect(healthOf(arena, 1)).toBe(0);
    expect(arena.view.points).toEqual([2, 0]);
    expect(arena.inside(() => [Gear.hits[rowOf(0)], Gear.points[rowOf(0)], Gear.felledBy[rowOf(1)]])).toEqual([
      4, 2, 1,
    ]);
    arena.want(0, { trigger: 0 });
    arena.steps(57);
    expect(healthOf(arena, 1)).toBe(0);
    arena.steps(5);
    expect(healthOf(arena, 1)).toBe(healthMax);
  });

  test("does nothing to friends, and stops at a wall", () => {
    const arena = new Arena(contract);
    arena.join(0, 1, 2);
    arena.steps(30);
    const middle = (arena.view.field.tiles * tile) / 2;
    arena.put(0, middle - 3, middle);
    arena.put(2, middle + 2, middle);
    arena.put(1, tile * 1.5, tile * 1.5);
    arena.want(0, { aim: 0, trigger: 1 });
    arena.steps(20);
    expect(healthOf(arena, 2)).toBe(healthMax);
    arena.want(0, { trigger: 0 });
    arena.steps(20);
    expect(arena.inside(() => rowsOf(Shot))).toEqual([]);
  });

  test("needs rounds: a clip of eight, then it takes a while to load", () => {
    const arena = duel(6);
    arena.want(0, { aim: Math.PI, trigger: 1 });
    arena.steps(4 * clipMax - 3);
    expect(arena.inside(() => Gear.clip[rowOf(0)])).toBe(0);
    arena.steps(4);
    expect(arena.inside(() => [Gear.clip[rowOf(0)], Gear.spare[rowOf(0)]])).toEqual([clipMax, 24]);
    arena.steps(20);
    expect(arena.inside(() => Gear.clip[rowOf(0)])).toBe(clipMax);
    arena.steps(12);
    expect(arena.inside(() => Gear.clip[rowOf(0)])).toBeLessThan(clipMax);
  });

  test.for([
    [5, healthMax - 25],
    [0, healthMax],
  ])("at somebody who runs by, fired %s ticks late, leaves them a health of %s", ([late, health]) => {
    const arena = duel(9);
    const middle = (arena.view.field.tiles * tile) / 2;
    arena.put(1, middle + 4.5, middle + 3);
    arena.want(1, { south: -100 });
    // A shot flies nine metres in five ticks: fired now, it meets the runner where the shooter aims. It is fired later.
    arena.steps(6);
    const seen = arena.tick;
    arena.steps(4);
    expect(Math.abs(placeOf(arena, 1).z - middle)).toBeLessThan(0.2);
    arena.want(0, { aim: 0, trigger: 1, seen: late === 0 ? arena.tick + 1 : seen });
    arena.steps(1);
    arena.want(0, { trigger: 0 });
    arena.steps(12);
    expect(healthOf(arena, 1)).toBe(health);
  });

  test("of somebody who has left hits nobody", () => {
    const arena = duel(10);
    arena.want(0, { aim: 0, trigger: 1 });
    arena.steps(1);
    expect(arena.inside(flyingShots)).toHaveLength(1);
    arena.leave(0);
    arena.steps(10);
    expect(healthOf(arena, 1)).toBe(healthMax);
  });
});

test("whoever is seen is near with nothing between, and sees the one who sees them; what is found was near", () => {
  const arena = new Arena(contract);
  const { field } = arena;
  arena.join(...Array.from({ length: 16 }, (_, seat) => seat));
  const found = new Set<string>();
  let [seen, shots, finds] = [0, 0, 0];
  arena.play(120, () => {
    for (const row of rowsOf(Fighter)) {
      const seat = Fighter.owner[row]!;
      const others = rowsOf(Fighter).filter((other) => other !== row && Fighter.isRevealed(other, seat));
      expect(others).toEqual(fightersSeen(field, row));
      if (Fighter.health[row] !== 0)
        for (const other of others) expect(Fighter.isRevealed(row, Fighter.owner[other]!)).toBe(true);
      const flying = rowsOf(Shot).filter((shot) => Shot.isRevealed(shot, seat));
      expect(flying).toEqual(shotsSeen(field, row));
      for (const find of findsNear(field, row)) found.add(nameOf(seat, find));
      const known = rowsOf(Find).filter((find) => Find.isRevealed(find, seat));
      for (const find of known) expect(found).toContain(nameOf(seat, find));
      [seen, shots, finds] = [seen + others.length, shots + flying.length, finds + known.length];
    }
  });
  expect(Math.min(seen, shots, finds)).toBeGreaterThan(20);
});

const nameOf = (seat: number, find: number): string => `${seat} ${find} ${Find.generation[find]}`;

test("who takes a seat sees nothing of what its last player saw, before looking round", () => {
  const arena = duel(6);
  expect(arena.inside(() => Fighter.isRevealed(rowOf(0), 1))).toBe(true);
  arena.leave(1);
  arena.join(1);
  expect(arena.inside(() => rowsOf(Fighter).filter((row) => Fighter.isRevealed(row, 1)))).toEqual([]);
});

test("what lies about helps whoever takes it, and is somewhere else then", () => {
  const arena = new Arena(contract);
  arena.join(0, 1);
  arena.steps(30);
  const before = arena.inside(() => {
    const find = rowsOf(Find).find((row) => Find.kind[row] === 1)!;
    Fighter.health[rowOf(0)] = 30;
    return { find, x: Find.x[find]!, z: Find.z[find]!, count: rowsOf(Find).length };
  });
  arena.put(0, before.x, before.z);
  arena.steps(1);
  expect(healthOf(arena, 0)).toBe(80);
  arena.inside(() => {
    expect(rowsOf(Find)).toHaveLength(before.count);
    expect(rowsOf(Find).some((find) => Find.x[find] === before.x && Find.z[find] === before.z)).toBe(false);
  });
});

describe("a match", () => {
  test("ends after its rounds, with a medal for the best of each round and of the match", () => {
    const arena = new Arena(contract, { rounds: "3", minutes: "1" });
    arena.join(0, 1);
    let felled = 0;
    for (let i = 0; i < 4200 && arena.effects.every(({ effect }) => effect !== "end"); i++) {
      // Seat 1 falls once in every round.
      if (arena.view.phase === "playing" && arena.view.points[0] === 0) fell(arena);
      else arena.steps(20);
      felled = Math.max(felled, arena.view.wins[0]!);
    }
    const end = arena.effects.find(({ effect }) => effect === "end");
    expect(end).toMatchObject({ result: { winner: 0, champion: 0, wins: [3, 0] } });
    const awards = arena.effects.filter(({ effect }) => effect === "award");
    expect(awards).toMatchObject([
      { player: playerIn(0).id, once: "round-1", item: { collection: "SKIRMISH", symbol: "medal" } },
      { player: playerIn(0).id, once: "round-2" },
      { player: playerIn(0).id, once: "round-3" },
      { player: playerIn(0).id, once: "match", item: { collection: "SKIRMISH", symbol: "trophy" } },
    ]);
    expect(felled).toBe(3);
  });

  test("does not begin before two teams are there, and a draw gives nobody a medal", () => {
    const arena = new Arena(contract, { rounds: "1", minutes: "1" });
    arena.join(0);
    arena.steps(20);
    expect(arena.view).toMatchObject({ phase: "waiting", round: 0, last: null });
    arena.join(1);
    arena.steps(1400);
    expect(arena.effects.filter(({ effect }) => effect === "award" || effect === "end")).toMatchObject([
      { effect: "end", result: { winner: -1, champion: -1 } },
    ]);
  });
});

function fell(arena: Arena): void {
  const middle = (arena.view.field.tiles * tile) / 2;
  arena.steps(40);
  arena.put(0, middle - 3, middle);
  arena.put(1, middle + 3, middle);
  arena.want(0, { aim: 0, trigger: 1 });
  arena.steps(24);
  arena.want(0, { trigger: 0 });
}

describe("a tick", () => {
  test.for([
    ["small", 16, 2_000_000],
    ["medium", 100, 6_000_000],
    ["large", 300, 12_000_000],
    ["large", 1000, 60_000_000],
  ] as const)("on a %s field with %s fighters costs less than it may", ([field, count, most]) => {
    const arena = new Arena(contract, { field });
    arena.join(...Array.from({ length: count }, (_, seat) => seat));
    arena.steps(25);
    for (let seat = 0; seat < count; seat++) arena.want(seat, { east: 60, south: 80, aim: seat, trigger: 1 });
    arena.steps(10);
    expect(arena.fuel).toBeLessThan(most);
  });

  test("with a thousand in one crowd, all of them firing, stays within the budget", () => {
    const arena = new Arena(contract, { field: "large" });
    arena.join(...Array.from({ length: 1000 }, (_, seat) => seat));
    arena.steps(25);
    const middle = (arena.view.field.tiles * tile) / 2;
    for (let seat = 0; seat < 1000; seat++) {
      arena.put(seat, middle - 5 + (seat % 32) * 0.3, middle - 5 + Math.trunc(seat / 32) * 0.3);
      arena.want(seat, { aim: seat, trigger: 1 });
    }
    for (let i = 0; i < 6; i++) {
      arena.steps(1);
      expect(arena.fuel).toBeLessThan(contract.manifest.fuel);
    }
  });
});
