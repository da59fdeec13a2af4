/** A course between two boundaries: all it takes to go on from there. */
import type { PlayerId } from "#protocol/identity.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { SavedApplying } from "./applying.ts";
import type { SavedAudit } from "./audit.ts";
import type { Member } from "./members.ts";
import type { SavedRules } from "./rules.ts";
import type { AnnouncedUpgrade } from "./upgrades.ts";
import type { SavedViews } from "./views.ts";

export interface SavedCourse extends SavedApplying {
  readonly tick: number;
  readonly members: readonly Member[];
  readonly outcomes: readonly (readonly [player: PlayerId, outcomes: readonly OutcomeEntry[]])[];
  readonly views: SavedViews;
  readonly rules: SavedRules;
  /** Of rooms whose log may be revealed. */
  readonly audit?: SavedAudit;
  /** That was announced and is not in force yet. */
  readonly upgrade?: AnnouncedUpgrade;
  /** Number of the newest upgrade that was announced; missing if none was. */
  readonly upgrades?: number;
  /** Tickets that were used; see `arrivals.ts`. */
  readonly arrivals?: Uint8Array;
}
