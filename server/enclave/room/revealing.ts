/**
 * When a room's log is revealed: after its end, as soon as nobody can be taken back to before it.
 *
 * A host that has read the log and then shows the players an older copy of the room would know all that they hide in it.
 * In `all` rooms nothing is revealed, therefore, before everybody who has a seat has presented a witness of the end: with
 * one honest player among them no older copy goes on. In `any` rooms a host may let a copy come to its end anyway.
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Audience } from "./audience.ts";
import type { Course } from "./course.ts";
import type { HeldOutput } from "./held-output.ts";
import type { RoomJournal } from "./journal.ts";
import type { Seats } from "./seats.ts";
import type { Standstill } from "./standstill.ts";

export interface RevealingSetup {
  readonly course: Course;
  readonly journal: RoomJournal;
  readonly seats: Seats;
  readonly audience: Audience;
  readonly standstill: Standstill;
  readonly output: Pick<HeldOutput, "sendAtOnce">;
}

export class Revealing {
  readonly #setup: RevealingSetup;
  /** Who has shown a witness of the end. */
  readonly #holders = new Set<PlayerId>();

  constructor(setup: RevealingSetup) {
    this.#setup = setup;
  }

  /** Somebody here presents the witness that they keep. Returns whether the log may be revealed at the next boundary. */
  kept(player: PlayerId, witness: Uint8Array): boolean {
    const { journal } = this.#setup;
    if (!this.#due || journal.witness === undefined || !equalBytes(witness, journal.witness())) return false;
    this.#holders.add(player);
    return true;
  }

  /** A boundary, or more is durable. */
  settle(): void {
    const { course, journal, seats } = this.#setup;
    const { finale, manifest } = course;
    if (!this.#due || finale === undefined) return this.#tell();
    const held = manifest.presence === "any" || seats.all().every(({ id }) => this.#holders.has(id));
    if (held) journal.reveal?.(finale, manifest);
  }

  /** Whether there is something to reveal, all of which is durable. */
  get #due(): boolean {
    const { course, journal, standstill } = this.#setup;
    const { durable, recorded, revealed } = journal;
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
