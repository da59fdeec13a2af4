/** From where players look, as the contract says: which entity is whose focus, and who is in which team. */
import type { Entity } from "#contract/abi.ts";
import { manifestLimits } from "#protocol/manifest.ts";

/** What of them outlasts a worker. */
export type SavedViewpoints = readonly (readonly [player: string, focus: Entity | null, team: number | null])[];

interface Viewpoint {
  focus: Entity | null;
  team: number | null;
}

export class Viewpoints {
  readonly #byPlayer = new Map<string, Viewpoint>();

  save(): SavedViewpoints {
    return Array.from(this.#byPlayer, ([player, { focus, team }]) => [player, focus, team] as const);
  }

  restore(saved: SavedViewpoints): void {
    for (const [player, focus, team] of saved) this.#byPlayer.set(player, { focus, team });
  }

  focusOf(player: string): Entity | null {
    return this.#byPlayer.get(player)?.focus ?? null;
  }

  teamOf(player: string): number | null {
    return this.#byPlayer.get(player)?.team ?? null;
  }

  focus(player: string, focus: Entity | null): void {
    this.#of(player).focus = focus;
  }

  team(player: string, team: number | null): void {
    this.#of(player).team = team;
  }

  /** Somebody has given up the seat. */
  forget(player: string): void {
    this.#byPlayer.delete(player);
  }

  #of(player: string): Viewpoint {
    let viewpoint = this.#byPlayer.get(player);
    if (viewpoint === undefined) {
      viewpoint = { focus: null, team: null };
      this.#byPlayer.set(player, viewpoint);
      this.#forgetOldest();
    }
    return viewpoint;
  }

  /** As many as can be seated look from anywhere. Rules may name whom they like. */
  #forgetOldest(): void {
    if (this.#byPlayer.size <= manifestLimits.seats) return;
    for (const oldest of this.#byPlayer.keys()) {
      this.#byPlayer.delete(oldest);
      return;
    }
  }
}
