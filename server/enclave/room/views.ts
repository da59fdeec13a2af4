/** Who is due a view at a boundary, and the views: one for each seat, one for all spectators together. */
import type { Manifest } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import type { Viewer as ViewerCall } from "#contract/abi.ts";
import type { Audience, Viewer } from "./audience.ts";
import type { Rules } from "./rules.ts";
import { playerOf } from "./seats.ts";

/** In rooms that tick, views are computed at most so often. */
const viewsPerSecond = 5;

export class Views {
  readonly #manifest: Manifest;
  readonly #rules: Rules;
  readonly #audience: Audience;
  #viewedTick = 0;

  constructor(manifest: Manifest, rules: Rules, audience: Audience) {
    this.#manifest = manifest;
    this.#rules = rules;
    this.#audience = audience;
  }

  /** How to find a viewer's view among the newest; undefined if none was computed for that viewer. */
  at(tick: number): (viewer: Viewer) => Value | undefined {
    // What an abandoned or faulted room hides stays hidden.
    if (this.#rules.ended !== null && this.#rules.ended.how !== "finished") return () => undefined;
    const due = new Map<number | "spectators", Viewer>();
    for (const viewer of this.#audience.all()) if (this.#isDue(viewer, tick)) due.set(keyOf(viewer), viewer);
    if (due.size === 0) return () => undefined;
    this.#viewedTick = tick;
    const views = this.#rules.views(tick, [...due.values()].map(asCall));
    if (views === undefined) return () => undefined;
    const byKey = new Map([...due.keys()].map((key, i) => [key, views[i] ?? null]));
    return (viewer) => byKey.get(keyOf(viewer));
  }

  #isDue(viewer: Viewer, tick: number): boolean {
    if (viewer.view === undefined) return true;
    if (this.#manifest.pace === "turns" || this.#rules.ended !== null) return this.#rules.changed;
    if (tick - this.#viewedTick < this.#manifest.hz / viewsPerSecond) return false;
    return this.#rules.touched.has("everyone") || this.#rules.touched.has(viewer.player);
  }
}

const keyOf = (viewer: Viewer): number | "spectators" => viewer.seat?.seat ?? "spectators";

const asCall = ({ seat }: Viewer): ViewerCall =>
  seat === undefined ? { kind: "spectator" } : { kind: "player", ...playerOf(seat) };
