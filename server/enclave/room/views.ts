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

/** In rooms that tick, views are computed at most so often. */
const viewsPerSecond = 5;

/** A seat, or all spectators. */
export type Perspective = number | "spectators";

export interface NewestView {
  readonly value: Value;
  /** Another number for each time it was computed. */
  readonly version: number;
}

/** What of the views outlasts a worker. */
export interface SavedViews {
  readonly computedTick: number;
  readonly newest: readonly (readonly [perspective: Perspective, value: Value, stale: boolean])[];
}

export class Views {
  readonly #manifest: Manifest;
  readonly #rules: Rules;
  readonly #members: Members;
  readonly #newest = new Map<Perspective, NewestView>();
  /** Views that no longer show what is. */
  readonly #stale = new Set<Perspective>();
  #computedTick = 0;
  #version = 0;

  constructor(manifest: Manifest, rules: Rules, members: Members) {
    this.#manifest = manifest;
    this.#rules = rules;
    this.#members = members;
  }

  save(): SavedViews {
    return {
      computedTick: this.#computedTick,
      newest: [...this.#newest].map(([perspective, { value }]) => [perspective, value, this.#stale.has(perspective)]),
    };
  }

  /** Views that were computed before are not computed again: that would be another course. */
  restore({ computedTick, newest }: SavedViews): void {
    this.#computedTick = computedTick;
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
    if (due.some((perspective) => this.#newest.has(perspective))) this.#computedTick = tick;
    const views = this.#rules.views(
      tick,
      due.map((perspective) => this.#asCall(perspective)),
    );
    if (views === undefined) return;
    this.#version += 1;
    due.forEach((perspective, i) => {
      this.#newest.set(perspective, { value: views[i] ?? null, version: this.#version });
      this.#stale.delete(perspective);
    });
  }

  #markStale(): void {
    const { changed, touched } = this.#rules.takeChanges();
    const everybody = this.#manifest.pace === "turns" || this.#rules.ended !== null ? changed : touched.has("everyone");
    if (everybody) for (const perspective of this.#newest.keys()) this.#stale.add(perspective);
    if (touched.size === 0) return;
    for (const { id, seat } of this.#members.all()) if (touched.has(id)) this.#stale.add(seat);
  }

  /** Nearly always nobody, in a room that ticks: nothing is made for those who are not. */
  #due(tick: number, watched: boolean): Perspective[] {
    const due: Perspective[] = [];
    for (const { seat, present } of this.#members.all()) if (present && this.#isDue(seat, tick)) due.push(seat);
    if (watched && this.#isDue("spectators", tick)) due.push("spectators");
    return due;
  }

  #isDue(perspective: Perspective, tick: number): boolean {
    if (!this.#newest.has(perspective)) return true;
    if (!this.#stale.has(perspective)) return false;
    if (this.#manifest.pace === "turns" || this.#rules.ended !== null) return true;
    return tick - this.#computedTick >= this.#manifest.hz / viewsPerSecond;
  }

  #asCall(perspective: Perspective): ViewerCall {
    if (perspective === "spectators") return { kind: "spectator" };
    return { kind: "player", ...asPlayer(this.#members.at(perspective)!) };
  }
}
