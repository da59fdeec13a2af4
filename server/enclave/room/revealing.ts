/**
 * When a room's log is revealed: after its end, as soon as nobody can be taken back to before it.
 *
 * A host that has read the log and then shows the players an older copy of the room would know all that they hide in it.
 * In `all` rooms nothing is revealed, therefore, before everybody who has a seat has shown a witness of the end: with
 * one honest player among them no older copy goes on. In `any` rooms a host may let a copy come to its end anyway.
 */
import type { Audience } from "./audience.ts";
import type { Course } from "./course.ts";
import type { HeldOutput } from "./held-output.ts";
import type { RoomJournal } from "./journal.ts";
import type { Shown } from "./shown.ts";
import type { Standstill } from "./standstill.ts";

export interface RevealingSetup {
  readonly course: Course;
  readonly journal: RoomJournal;
  readonly shown: Pick<Shown, "complete" | "givenUp">;
  readonly audience: Audience;
  readonly standstill: Standstill;
  readonly output: Pick<HeldOutput, "sendAtOnce">;
}

export class Revealing {
  readonly #setup: RevealingSetup;

  constructor(setup: RevealingSetup) {
    this.#setup = setup;
  }

  /** A boundary, or more is durable, or somebody has shown more. */
  settle(): void {
    const { course, journal, shown } = this.#setup;
    const { finale, manifest } = course;
    if (!this.#due || finale === undefined) return this.#tell();
    if (shown.complete) journal.reveal?.(finale, manifest);
  }

  /** Whether there is something to reveal, all of which is durable. */
  get #due(): boolean {
    const { course, journal, standstill, shown } = this.#setup;
    const { durable, recorded, revealed } = journal;
    if (shown.givenUp) return false;
    return course.finale !== undefined && revealed === undefined && durable === recorded && standstill.frozen === null;
  }

  #tell(): void {
    const { journal, audience, output, standstill } = this.#setup;
    const { revealed } = journal;
    if (revealed === undefined || standstill.frozen !== null) return;
    for (const viewer of audience.all()) {
      if (viewer.revealTold) continue;
      viewer.revealTold = true;
      output.sendAtOnce(viewer.connection, { type: "revealed", ...revealed });
    }
  }
}
