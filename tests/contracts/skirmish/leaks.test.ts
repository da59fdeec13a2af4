/**
 * Leaks that other frameworks are known for, one by one, on Skirmish: the same game is played with nothing hidden in it and
 * with much, and whoever sees none of it gets the same bytes.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Participant } from "#testing/participant.ts";
import { Stage } from "#testing/stage.ts";
import { fieldOf } from "../../../contracts/skirmish/bot.ts";
import { Fighter, Find, Gear, Ground, Shot } from "../../../contracts/skirmish/components.ts";
import { isWall, type Field } from "../../../contracts/skirmish/field.ts";
import { healthMax, sight, tile } from "../../../contracts/skirmish/terms.ts";
import { rowOf, rowsOf, skirmishContract } from "./arena.ts";
import { arranged } from "./arranged.ts";
import { inSight } from "./seen.ts";

let contract: LoadedContract;

beforeAll(async () => {
  contract = await skirmishContract();
}, 240_000);

interface Place {
  readonly x: number;
  readonly z: number;
}

/** Where somebody stands, where somebody else stands whom they see, and what is seen from neither: a place and another. */
interface Spots {
  readonly here: Place;
  readonly near: Place;
  readonly away: Place;
  readonly store: Place;
}

/** Ann stands in the open, Cy where she sees him or away, and Ben away, with as many hidden things as there are to be. */
class Game {
  readonly ann: Participant;
  readonly ben: Participant;
  readonly cy: Participant;
  readonly watcher: Participant;
  readonly stage: Stage;
  /** By seat. Whoever is in none of these walks. */
  readonly held = new Map<number, "here" | "near" | "away">();
  /** Shots of Ben's in the air, and things that lie where nobody is, kept at this number. */
  hidden = 0;
  /** Once, after the next tick. */
  once: ((spots: Spots) => void) | undefined;
  /** The row of what Ann has found; the rules know of nothing that they did not lay there themselves. */
  found = -1;
  #spots: Spots | undefined;

  constructor() {
    const chosen = { field: "small", teams: "2", rounds: "endless", minutes: "3" };
    this.stage = new Stage({ contract: arranged(contract, () => this.#arrange()), options: chosen, seed: "leaks" });
    const [ann, ben, cy] = ["Ann", "Ben", "Cy"].map((name) => this.stage.invite("play", name));
    [this.ann, this.ben, this.cy, this.watcher] = [ann!, ben!, cy!, this.stage.invite("watch", "Watcher")];
    for (const who of this.stage.participants) this.stage.enter(who);
    this.pass(30);
    this.held.set(0, "here").set(1, "away").set(2, "away");
    this.pass(10);
    this.stage.takeDeliveries();
  }

  get spots(): Spots {
    return this.#spots!;
  }

  pass(ticks: number): void {
    for (let i = 0; i < ticks; i++) this.stage.advance(this.stage.now + 1000 / 20);
    expect(this.stage.faults).toEqual([]);
  }

  /** What somebody got since the last time: when, and every byte. */
  got(...whom: readonly Participant[]): string[] {
    return this.stage
      .takeDeliveries()
      .filter(({ to }) => whom.includes(to))
      .map(({ at, to, frames }) => `${at} ${to.name} ${frames.map((frame) => bytesToHex(frame)).join(" ")}`);
  }

  #arrange(): void {
    const field = fieldOf({ field: { seed: Ground.seed[0]!, tiles: Ground.tiles[0]!, check: 0 } });
    const spots = (this.#spots ??= spotsIn(field));
    for (const [seat, spot] of this.held) {
      const row = rowOf(seat);
      if (row === -1) continue;
      [Fighter.x[row], Fighter.z[row]] = [spots[spot].x, spots[spot].z];
      // Not that of a tile: what is near is looked at again.
      Gear.column[row] = 255;
    }
    this.#hide(spots);
    this.once?.(spots);
    this.once = undefined;
    if (this.found !== -1) Find.reveal(this.found, 0);
  }

  #hide({ store }: Spots): void {
    const shots = rowsOf(Shot).filter((shot) => Shot.owner[shot] === 1);
    while (shots.length < this.hidden) shots.push(Shot.spawn(1));
    shots.forEach((shot, i) => {
      [Shot.x[shot], Shot.z[shot], Shot.heading[shot]] = [store.x, store.z, i];
    });
    const finds = rowsOf(Find).filter((find) => Find.x[find] === 0);
    // Inside of the wall around the field: nobody comes there.
    while (finds.length < this.hidden) finds.push(Find.spawn());
    for (const find of finds) [Find.x[find], Find.z[find]] = [0, 0];
  }
}

function spotsIn(field: Field): Spots {
  const open: Place[] = [];
  for (let line = 0; line < field.tiles; line++) {
    for (let column = 0; column < field.tiles; column++) {
      if (!isWall(field, column, line)) open.push({ x: (column + 0.5) * tile, z: (line + 0.5) * tile });
    }
  }
  const apart = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.z - b.z);
  for (const here of open) {
    const near = open.find((to) => apart(here, to) > 4 && apart(here, to) < 8 && inSight(field, here, to));
    if (near === undefined) continue;
    const [away, ...others] = open.filter((to) => Math.min(apart(here, to), apart(near, to)) > sight + 6);
    // So far from everybody that no shot hits anybody, which would be seen in the points.
    const store = others.find((to) => apart(away!, to) > 8);
    if (away !== undefined && store !== undefined) return { here, near, away, store };
  }
  throw new Error("a field without a place to hide");
}

/** @param play the same every time but for what is hidden: nothing, little, much. */
function expectAlike(play: (game: Game, hidden: number) => readonly string[]): void {
  const [none, ...others] = [0, 1, 7, 40].map((hidden) => play(new Game(), hidden));
  // Something was told, or nothing is compared.
  expect(none!.length).toBeGreaterThan(3);
  for (const other of others) expect(other).toEqual(none);
}

/**
 * Cy fires away from Ann, and something that lies near her is found: rows that come into her sight behind hidden ones.
 * Returns how many of each she saw at once.
 */
function bringIntoSight(game: Game): readonly [shots: number, finds: number] {
  let [shots, finds] = [0, 0];
  game.held.set(2, "near");
  game.pass(3);
  game.once = ({ here, near }) => {
    const find = Find.spawn();
    [Find.x[find], Find.z[find], Find.kind[find]] = [(here.x + near.x) / 2, (here.z + near.z) / 2, 2];
    game.found = find;
  };
  const { here, near } = game.spots;
  game.stage.push(game.cy, { trigger: 1, aim: Math.atan2(near.z - here.z, near.x - here.x) });
  for (let i = 0; i < 12; i++) {
    game.pass(1);
    shots = Math.max(shots, game.ann.rows.of("Shot").length);
    finds = Math.max(finds, game.ann.rows.of("Find").length);
  }
  game.stage.push(game.cy, { trigger: 0 });
  return [shots, finds];
}

describe("counts through ids (@colyseus/schema: refIds count what was made for others)", () => {
  test("ids do not skip for shots and finds that are hidden from whoever sees the next ones", () => {
    expectAlike((game, hidden) => {
      game.hidden = hidden;
      game.pass(3);
      expect(Math.min(...bringIntoSight(game))).toBeGreaterThan(0);
      return game.got(game.ann, game.watcher);
    });
  });
});

describe("views granted again (@colyseus/schema, StateView: what was granted before comes along)", () => {
  test("somebody who was seen, hid and is seen again brings nothing of what happened meanwhile", () => {
    expectAlike((game, hidden) => {
      game.held.set(2, "near");
      game.pass(5);
      expect(game.ann.rows.of("Fighter")).toHaveLength(2);
      game.held.set(2, "away");
      game.pass(2);
      expect(game.ann.rows.of("Fighter")).toHaveLength(1);
      // Wounds, and turns, as many as there are hidden things; then all is as it was.
      for (let i = 0; i < 8; i++) {
        game.once = () => {
          const row = rowOf(2);
          Fighter.health[row] = i < 7 ? 1 + ((hidden * (i + 3)) % healthMax) : healthMax;
          Gear.clip[row] = i < 7 ? hidden % 8 : 8;
        };
        game.hidden = i < 7 ? hidden : 0;
        game.stage.push(game.cy, { aim: i < 7 ? hidden / 10 : 0 });
        game.pass(1);
      }
      game.pass(6);
      game.held.set(2, "near");
      game.pass(5);
      expect(game.ann.rows.of("Fighter")).toHaveLength(2);
      return game.got(game.ann, game.watcher);
    });
  });
});

describe("initial snapshots (boardgame.io: the first one holds everything)", () => {
  test("whoever comes late, or comes back, gets what is in sight and no trace of what is not", () => {
    expectAlike((game, hidden) => {
      game.hidden = hidden;
      game.stage.cut(game.ann);
      game.pass(5);
      bringIntoSight(game);
      game.held.set(2, "away").set(3, "here");
      game.pass(40);
      game.stage.takeDeliveries();
      const dee = game.stage.invite("play", "Dee");
      game.stage.enter(dee);
      game.stage.enter(game.ann);
      const late = game.stage.invite("watch", "Late");
      game.stage.enter(late);
      game.pass(4);
      for (const who of [dee, game.ann]) {
        // Each other and themselves: not Ben, nor Cy, nor anything of Ben's.
        expect(who.rows.of("Fighter")).toHaveLength(2);
        expect(who.rows.of("Shot")).toEqual([]);
        expect(who.rows.of("Gear")).toHaveLength(1);
        for (const { x } of who.rows.of("Find")) expect(x).not.toBe(0);
      }
      for (const name of ["Fighter", "Shot", "Gear", "Find"]) expect(late.rows.of(name)).toEqual([]);
      return game.got(dee, game.ann, late);
    });
  });
});

describe("frame lengths (what is encrypted still has a length)", () => {
  test("hidden shots and finds make no frame longer, bring none and keep none away", () => {
    const lengthsOf = (hidden: number): string[] => {
      const game = new Game();
      game.held.set(2, "near");
      for (let i = 0; i < 16; i++) {
        // More and more, then none.
        game.hidden = i < 12 ? hidden * i : 0;
        game.stage.push(game.cy, { aim: i / 10 });
        game.pass(1);
      }
      return game.stage
        .takeDeliveries()
        .filter(({ to }) => to !== game.ben)
        .map(({ at, to, frames }) => `${at} ${to.name} ${frames.map(({ length }) => length).join(" ")}`);
    };
    const none = lengthsOf(0);
    expect(none.length).toBeGreaterThan(20);
    for (const hidden of [1, 20]) expect(lengthsOf(hidden)).toEqual(none);
  });
});
