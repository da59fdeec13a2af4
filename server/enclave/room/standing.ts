/** What phase a room is in, and when something is due in it. */
import type { Phase } from "#protocol/message.ts";
import type { Agenda } from "./agenda.ts";
import type { Audience } from "./audience.ts";
import type { RoomClock } from "./clock.ts";
import type { Course } from "./course.ts";
import type { Presence } from "./presence.ts";
import type { Sequence } from "./sequence.ts";
import type { Shown } from "./shown.ts";
import type { Standstill } from "./standstill.ts";
import type { Witnesses } from "./witnesses.ts";

export interface StandingSetup {
  readonly course: Course;
  readonly clock: RoomClock;
  readonly standstill: Standstill;
  readonly presence: Presence;
  readonly audience: Audience;
  readonly agenda: Agenda;
  readonly sequence: Sequence;
  readonly witnesses: Witnesses;
  readonly shown: Pick<Shown, "complete" | "givenUp" | "dueAt">;
}

export class Standing {
  readonly #setup: StandingSetup;

  constructor(setup: StandingSetup) {
    this.#setup = setup;
  }

  get over(): boolean {
    return this.#setup.course.ended !== null;
  }

  /** The phase that it has or, while it is frozen, would have. */
  get phase(): Exclude<Phase, "frozen"> {
    const { course, standstill } = this.#setup;
    // Whether it is over is not said while it waits for somebody who has not shown that they know.
    if (standstill.waiting) return "paused";
    if (this.over) return "ended";
    return course.started ? "playing" : "open";
  }

  /** The phase as far as everybody has shown that they know it: what outsiders may be told. */
  get shownPhase(): Exclude<Phase, "frozen"> {
    const { course, shown } = this.#setup;
    if (!this.over || shown.complete || shown.givenUp) return this.phase;
    return this.phase === "paused" ? "paused" : course.started ? "playing" : "open";
  }

  /**
   * When the next boundary is due, in ms. Infinity if nothing will happen until somebody does something.
   *
   * @param next the earliest that it can be.
   */
  dueAt(next: number): number {
    const { course, clock, presence, audience, agenda, sequence, witnesses, shown, standstill } = this.#setup;
    const ticking = course.manifest.pace === "ticks" && sequence.running && audience.size > 0;
    if (agenda.restless || sequence.workWaits || ticking || presence.abandoned) return next;
    const witnessAt = audience.size > 0 ? witnesses.dueAt : Number.POSITIVE_INFINITY;
    const shownAt = standstill.frozen === null ? shown.dueAt : Number.POSITIVE_INFINITY;
    const awaitedUntil = standstill.waiting ? presence.expiresAt : Number.POSITIVE_INFINITY;
    if (this.over) return Math.max(next, Math.min(witnessAt, shownAt, awaitedUntil));
    // A paused clock is due never.
    const timerAt = clock.dueAt(Math.min(course.nextTimer, course.upgrade?.at ?? Infinity));
    return Math.max(next, Math.min(timerAt, presence.expiresAt, witnessAt, shownAt));
  }

  /** Whether somebody is waited for may be different now. */
  settle(now: number): void {
    const { course, presence } = this.#setup;
    presence.settle({ started: course.started, over: this.over }, now);
  }
}
