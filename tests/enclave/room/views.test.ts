/** When views are made anew: never so many at once that a room waits for them, and in turn. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Members } from "#enclave/room/members.ts";
import { Views, type ViewRules } from "#enclave/room/views.ts";
import type { PlayerId } from "#protocol/identity.ts";

const idOf = (seat: number): PlayerId => seat.toString(16).padStart(32, "0") as PlayerId;

/** A room at twenty boundaries a second, whose view is the tick it was made at. */
class Hall implements ViewRules {
  readonly ended = null;
  readonly members = new Members();
  newest: Views;
  tick = 0;
  /** Seats whose views were made at the newest boundary. */
  made: readonly number[] = [];
  #touched = new Set<string>();

  constructor(players: number, pace: "turns" | "ticks" = "ticks") {
    for (let seat = 0; seat < players; seat++) this.sit(seat, true);
    this.newest = new Views({ pace, hz: 20 }, this, this.members);
  }

  sit(seat: number, present: boolean): void {
    this.members.set({ id: idOf(seat), seat, name: "", present, pauseLeftMs: 0 });
  }

  touch(...who: readonly (number | "everyone")[]): void {
    for (const one of who) this.#touched.add(one === "everyone" ? one : idOf(one));
  }

  boundary(): readonly number[] {
    this.tick += 1;
    this.made = [];
    this.newest.refresh(this.tick, false);
    return this.made;
  }

  /** Goes on by what was saved, as another worker does. */
  move(): void {
    const saved = this.newest.save();
    this.newest = new Views({ pace: "ticks", hz: 20 }, this, this.members);
    this.newest.restore(saved);
  }

  takeChanges(): ReturnType<ViewRules["takeChanges"]> {
    const touched = this.#touched;
    this.#touched = new Set();
    return { changed: touched.size > 0, touched };
  }

  views(tick: number, viewers: Parameters<ViewRules["views"]>[1]): number[] {
    this.made = viewers.map((viewer) => (viewer.kind === "player" ? viewer.seat : -1));
    return viewers.map(() => tick);
  }
}

/** Boundaries until everybody has seen what was touched at the first. */
function boundariesUntilSeen(hall: Hall, players: number): number {
  const waiting = new Set(Array.from({ length: players }, (_, seat) => seat));
  for (let passed = 1; ; passed++) {
    for (const seat of hall.boundary()) waiting.delete(seat);
    if (waiting.size === 0) return passed;
  }
}

describe("in a room that ticks", () => {
  test("two hundred whose views change at once get them sixteen at a time", () => {
    const hall = new Hall(200);
    expect(hall.boundary()).toHaveLength(200);
    hall.tick += 10;
    hall.touch("everyone");
    expect(boundariesUntilSeen(hall, 200)).toBe(13);
    expect(hall.boundary()).toEqual([]);
  });

  test("a few get theirs at once, and not again before a fifth of a second is over", () => {
    const hall = new Hall(5);
    hall.boundary();
    hall.tick += 10;
    hall.touch(1, 3);
    expect(hall.boundary()).toEqual([1, 3]);
    hall.touch(1);
    expect([1, 2, 3, 4].map(() => hall.boundary())).toEqual([[], [], [], [1]]);
  });

  test("who has the oldest view comes first", () => {
    const hall = new Hall(20);
    hall.boundary();
    hall.tick += 10;
    hall.touch(0, 1, 2);
    hall.boundary();
    hall.tick += 10;
    hall.touch("everyone");
    expect(hall.boundary()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    expect(hall.boundary()).toEqual([19, 0, 1, 2]);
  });

  test("who is away is no longer waited for, and sees what is new when they are back", () => {
    const hall = new Hall(20);
    hall.boundary();
    hall.tick += 10;
    hall.touch("everyone");
    hall.boundary();
    for (let seat = 16; seat < 20; seat++) hall.sit(seat, false);
    expect(hall.boundary()).toEqual([]);
    hall.touch(0);
    hall.tick += 4;
    expect(hall.boundary()).toEqual([0]);
    hall.sit(17, true);
    hall.tick += 4;
    expect(hall.boundary()).toEqual([17]);
  });

  test("who has seen nothing yet begins no round for the others", () => {
    const hall = new Hall(5);
    hall.sit(3, false);
    hall.boundary();
    hall.tick += 10;
    hall.touch(3);
    hall.boundary();
    hall.sit(3, true);
    expect(hall.boundary()).toEqual([3]);
    hall.touch(1);
    expect(hall.boundary()).toEqual([1]);
  });

  test("however views change, no boundary makes too many and all are made; another worker makes the same ones", () => {
    const step = fc.record({
      touched: fc.oneof(fc.constant<"everyone"[]>(["everyone"]), fc.uniqueArray(fc.nat(59), { maxLength: 30 })),
      gone: fc.uniqueArray(fc.nat(59), { maxLength: 3 }),
      moves: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [hall, elsewhere] = [new Hall(60), new Hall(60)];
        const seen = new Set<number>();
        for (const { touched, gone, moves } of steps) {
          for (const one of [hall, elsewhere]) {
            one.touch(...touched);
            for (const seat of gone) one.sit(seat, !one.members.at(seat)!.present);
          }
          if (moves) elsewhere.move();
          const made = hall.boundary();
          expect(elsewhere.boundary()).toEqual(made);
          expect(made.filter((seat) => seen.has(seat)).length).toBeLessThanOrEqual(16);
          for (const seat of made) seen.add(seat);
        }
        for (let seat = 0; seat < 60; seat++) hall.sit(seat, true);
        hall.touch("everyone");
        expect(boundariesUntilSeen(hall, 60)).toBeLessThanOrEqual(12);
      }),
      { numRuns: 200 },
    );
  });
});

test("in a room of turns everybody sees a move at once", () => {
  const hall = new Hall(40, "turns");
  hall.boundary();
  hall.touch(3);
  expect(hall.boundary()).toHaveLength(40);
});
