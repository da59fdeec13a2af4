/** What is remembered of a room whose log is to be revealed: its awards, and how it ended. */
import { noAwards, tallied, type AwardsTally, type Finale } from "./finale.ts";
import type { Happening } from "./happenings.ts";

export interface SavedAudit {
  readonly awards: AwardsTally;
  readonly finale: Finale | null;
}

export class Audit {
  #awards: AwardsTally;
  #finale: Finale | undefined;

  constructor(saved?: SavedAudit) {
    this.#awards = saved?.awards ?? noAwards;
    this.#finale = saved?.finale ?? undefined;
  }

  /** How it ended, if its log may be revealed now. */
  get finale(): Finale | undefined {
    return this.#finale;
  }

  save(): SavedAudit {
    return { awards: this.#awards, finale: this.#finale ?? null };
  }

  /** What came of a boundary. */
  add(happenings: readonly Happening[]): void {
    this.#awards = tallied(this.#awards, happenings);
  }

  /** The boundary was the last one, by the room's rules, and everybody was there who had to be. */
  end(ending: Omit<Finale, "awards">): void {
    const { tick, result, memory } = ending;
    this.#finale = { tick, result, awards: this.#awards, memory };
  }
}
