/**
 * The newest views: one for each seat that is taken and present, one for all spectators together.
 *
 * When they are computed follows from what the room was told and from nothing else, neither from who is connected nor
 * from how fast a link is: so a room that is repeated computes the same views at the same moments.
 */
import type { Manifest } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import type { Viewer as ViewerCall } from "#contract/abi.ts";
import { asPlayer, type Members } from "./members.ts";
import type { Rules } from "./rules.ts";

/** In rooms that tick, views are made anew in rounds, for those who then have something to see: at most so many rounds. */
const roundsPerSecond = 5;

/**
 * In rooms that tick, old views of one boundary at most; the others of a round follow at the next boundaries. A view takes
 * rules up to a millisecond or two, and whoever waits for the boundary waits for all of them.
 */
const viewsPerBoundary = 16;

/** A seat, or all spectators. */
export type Perspective = number | "spectators";

export interface NewestView {
  readonly value: Value;
  /** Another number for each time it was computed. */
  readonly version: number;
}

/** What of the views outlasts a worker. */
export interface SavedViews {
  /** When the newest round began. */
  readonly computedTick: number;
  /** Views that this round has still to make. Missing: none. */
  readonly left?: number;
  /** The oldest first. */
  readonly newest: readonly (readonly [perspective: Perspective, value: Value, stale: boolean])[];
}

type ViewPace = Pick<Manifest, "pace" | "hz">;

/** What views need of the rules. */
export type ViewRules = Pick<Rules, "ended" | "takeChanges" | "views">;

export class Views {
  readonly #manifest: ViewPace;
  readonly #rules: ViewRules;
  readonly #members: Members;
  /** The oldest first: who has waited longest comes next. */
  readonly #newest = new Map<Perspective, NewestView>();
  /** Views that no longer show what is. */
  readonly #stale = new Set<Perspective>();
  #computedTick = 0;
  #left = 0;
  #version = 0;

  constructor(manifest: ViewPace, rules: ViewRules, members: Members) {
    this.#manifest = manifest;
    this.#rules = rules;
    this.#members = members;
  }

  save(): SavedViews {
    return {
      computedTick: this.#computedTick,
      ...(this.#left > 0 && { left: this.#left }),
      newest: [...this.#newest].map(([perspective, { value }]) => [perspective, value, this.#stale.has(perspective)]),
    };
  }

  /** Views that were computed before are not computed again: that would be another course. */
  restore({ computedTick, left, newest }: SavedViews): void {
    this.#computedTick = computedTick;
    this.#left = left ?? 0;
    this.#version += 1;
    for (const [perspective, value, stale] of newest) {
      this.#newest.set(perspective, { value, version: this.#version });
      if (stale) this.#stale.add(perspective);
    }
  }

  /** Counts up whenever views are computed. */
  get version(): number {
    return this.#version;
  }

  /** Undefined if there is none, or if nothing hidden may be shown any more. */
  of(perspective: Perspective): NewestView | undefined {
    const { ended } = this.#rules;
    // What an abandoned or faulted room hides stays hidden.
    if (ended !== null && ended.how !== "finished") return undefined;
    return this.#newest.get(perspective);
  }

  /** Forgets what somebody saw who sits there no more. */
  forget(perspective: Perspective): void {
    this.#newest.delete(perspective);
    this.#stale.delete(perspective);
  }

  /** Computes what is due at the end of a boundary. */
  refresh(tick: number, watched: boolean): void {
    if (this.#rules.ended !== null && this.#rules.ended.how !== "finished") return;
    this.#markStale();
    const due = this.#due(tick, watched);
    if (due.length === 0) return;
    const views = this.#rules.views(
      tick,
      due.map((perspective) => this.#asCall(perspective)),
    );
    if (views === undefined) return;
    this.#version += 1;
    due.forEach((perspective, i) => {
      this.#newest.delete(perspective);
      this.#newest.set(perspective, { value: views[i] ?? null, version: this.#version });
      this.#stale.delete(perspective);
    });
  }

  #markStale(): void {
    const { changed, touched } = this.#rules.takeChanges();
    const everybody = this.#manifest.pace === "turns" || this.#rules.ended !== null ? changed : touched.has("everyone");
    if (everybody) for (const perspective of this.#newest.keys()) this.#stale.add(perspective);
    if (touched.size === 0) return;
    for (const { id, seat } of this.#members.all()) {
      if (touched.has(id) && this.#newest.has(seat)) this.#stale.add(seat);
    }
  }

  /** Nearly always nobody, in a room that ticks: nothing is made for those who are not. */
  #due(tick: number, watched: boolean): Perspective[] {
    const due: Perspective[] = [];
    for (const { seat, present } of this.#members.all()) if (present && !this.#newest.has(seat)) due.push(seat);
    if (watched && !this.#newest.has("spectators")) due.push("spectators");
    if (this.#stale.size > 0) this.#addStale(due, tick, watched);
    return due;
  }

  #addStale(due: Perspective[], tick: number, watched: boolean): void {
    const limit = this.#limit(tick, watched);
    let added = 0;
    for (const perspective of this.#newest.keys()) {
      if (added === limit) break;
      if (!this.#isWanted(perspective, watched)) continue;
      due.push(perspective);
      added += 1;
    }
    // Somebody of this round may have gone meanwhile.
    this.#left = added < limit ? 0 : Math.max(this.#left - added, 0);
  }

  /** How many old views may be made anew at this boundary. */
  #limit(tick: number, watched: boolean): number {
    if (this.#manifest.pace === "turns" || this.#rules.ended !== null) return Infinity;
    if (this.#left === 0 && tick - this.#computedTick >= this.#manifest.hz / roundsPerSecond) {
      for (const perspective of this.#stale) if (this.#isWanted(perspective, watched)) this.#left += 1;
      if (this.#left > 0) this.#computedTick = tick;
    }
    return Math.min(this.#left, viewsPerBoundary);
  }

  /** Whether there is somebody to see what has changed. */
  #isWanted(perspective: Perspective, watched: boolean): boolean {
    if (!this.#stale.has(perspective)) return false;
    return perspective === "spectators" ? watched : this.#members.at(perspective)?.present === true;
  }

  #asCall(perspective: Perspective): ViewerCall {
    if (perspective === "spectators") return { kind: "spectator" };
    return { kind: "player", ...asPlayer(this.#members.at(perspective)!) };
  }
}
