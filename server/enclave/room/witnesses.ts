/**
 * Hands everybody here what lets them notice an older copy of this room later: a witness of everything durable.
 *
 * In `all` rooms it leaves whenever more is durable, in front of the words that rest on it, which wait until everybody has
 * shown that they keep it (`shown.ts`): whatever anybody was told, all can prove that it happened. In `any` rooms, which are large and fast and may be explored by a host anyway, it leaves once a
 * second. When it leaves depends on what the host sees in its store and on nothing else.
 */
import type { Manifest } from "#protocol/manifest.ts";
import type { Audience } from "./audience.ts";
import type { HeldOutput } from "./held-output.ts";
import type { RoomJournal } from "./journal.ts";
import type { Shown } from "./shown.ts";
import type { Standstill } from "./standstill.ts";

/** Between two witnesses in an `any` room, in ms. */
const everyMs = 1000;

export interface WitnessesSetup {
  readonly manifest: Pick<Manifest, "presence">;
  readonly journal: RoomJournal;
  readonly audience: Audience;
  readonly standstill: Standstill;
  readonly shown: Pick<Shown, "handed">;
  readonly output: Pick<HeldOutput, "sendAtOnce">;
}

export class Witnesses {
  readonly #setup: WitnessesSetup;
  readonly #atOnce: boolean;
  #handedAt = Number.NEGATIVE_INFINITY;
  /** Whether everybody whom this opening had to wait for was here together. */
  #believed = false;
  /** What was durable when they were handed out last. */
  #handed = 0;

  constructor(setup: WitnessesSetup) {
    this.#setup = setup;
    this.#atOnce = setup.manifest.presence === "all";
  }

  /** When the next one is due, in ms; Infinity if nothing new is durable. */
  get dueAt(): number {
    const { journal } = this.#setup;
    const news = journal.witness !== undefined && journal.durable > this.#handed;
    return news && !this.#atOnce && !this.#withheld ? this.#handedAt + everyMs : Number.POSITIVE_INFINITY;
  }

  /** More is durable; in ms. To be called before what waited for it is said. */
  durable(now: number): void {
    if (this.#atOnce) this.#hand(now);
  }

  /** A boundary; in ms. */
  boundary(now: number): void {
    this.#believed ||= !this.#setup.standstill.still;
    if (!this.#atOnce && now - this.#handedAt < everyMs) return;
    if (this.#hand(now)) this.#handedAt = now;
  }

  /** A copy that is not believed gives nothing away that could be held against another one. */
  get #withheld(): boolean {
    return !this.#believed || this.#setup.standstill.frozen === "rolled-back";
  }

  /** Returns whether anybody got one. */
  #hand(now: number): boolean {
    const { journal, audience, output, shown } = this.#setup;
    const { durable } = journal;
    if (this.#withheld || durable === 0 || journal.witness === undefined) return false;
    let witness: Uint8Array | undefined;
    for (const viewer of audience.all()) {
      if (viewer.witnessed === durable) continue;
      witness ??= journal.witness();
      viewer.witnessed = durable;
      shown.handed(viewer.player, witness, now);
      output.sendAtOnce(viewer.connection, { type: "witness", witness });
    }
    this.#handed = durable;
    return witness !== undefined;
  }
}
