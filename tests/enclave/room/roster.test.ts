/** However a room's roster is told, everybody ends with the same one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Roster } from "#enclave/room/roster.ts";
import { Seats } from "#enclave/room/seats.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { RosterEntry } from "#protocol/message.ts";
import { rosterAfter } from "#protocol/roster.ts";

const idOf = (number: number): PlayerId => number.toString(16).padStart(32, "0") as PlayerId;

/** A room of two hundred seats, and somebody who is told of it now and then. */
class Hall {
  readonly seats = new Seats({ players: { min: 1, max: 200 }, pauseMs: 0 });
  readonly roster = new Roster(this.seats);
  known: readonly RosterEntry[] = [];
  told = -1;
  #players = 0;

  sit(): void {
    this.roster.change(this.seats.take(idOf((this.#players += 1)), "").seat);
  }

  stand(which: number): void {
    const seat = this.seats.all()[which % Math.max(1, this.seats.taken)];
    if (seat === undefined) return;
    this.seats.give(seat);
    this.roster.change(seat.seat);
  }

  drop(which: number): void {
    const seat = this.seats.all()[which % Math.max(1, this.seats.taken)];
    if (seat === undefined) return;
    seat.present = !seat.present;
    this.roster.change(seat.seat);
  }

  tell(): number {
    const { roster, seats } = this.roster.since(this.told);
    this.known = roster ?? rosterAfter(this.known, seats ?? []);
    this.told = this.roster.version;
    return (roster ?? seats ?? []).length;
  }
}

test("who was told of changes only knows the same roster as who is told all of it", () => {
  const step = fc.record({ does: fc.constantFrom("sit", "stand", "drop", "tell"), which: fc.nat(500) });
  fc.assert(
    fc.property(fc.nat(190), fc.array(step, { maxLength: 60 }), (crowd, steps) => {
      const hall = new Hall();
      for (let i = 0; i < crowd; i++) hall.sit();
      for (const { does, which } of steps) {
        if (does === "tell") hall.tell();
        else if (does !== "sit") hall[does](which);
        else if (hall.seats.free > 0) hall.sit();
      }
      hall.tell();
      expect(hall.known).toEqual(hall.seats.roster());
    }),
    { numRuns: 200 },
  );
});

test("in a large room one newcomer is one entry", () => {
  const hall = new Hall();
  for (let i = 0; i < 150; i++) hall.sit();
  expect(hall.tell()).toBe(150);
  hall.sit();
  expect(hall.tell()).toBe(1);
});
