/** What a contract causes, carried out in order: remembered with the room, or kept until it is handed out. */
import type { Effect } from "#contract/abi.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { itemAwardsMax } from "#protocol/limits.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { Ended } from "#protocol/message.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import { collectionOfItem } from "../reward/award.ts";
import { Asked } from "./asked.ts";
import { Consuming, type SavedConsuming } from "./consuming.ts";
import type { Happening, ItemAward } from "./happenings.ts";
import { Kept, type SavedKept } from "./kept.ts";
import { Timers, type Timer } from "./timers.ts";
import { Viewpoints, type SavedViewpoints } from "./viewpoints.ts";

export interface EffectsSetup {
  readonly manifest: Manifest;
  /** It caused more than a room can bear. */
  readonly fail: () => void;
  readonly end: (ended: Ended) => void;
}

/** What of them outlasts a worker. */
export interface SavedEffects {
  readonly timers: readonly Timer[];
  /** Reasons of what is no item. */
  readonly awarded: readonly string[];
  /** Items that were awarded: somebody outside keeps them. Absent if there are none. */
  readonly items?: readonly ItemAward[];
  /** Absent if the contract has said nothing of them. */
  readonly viewpoints?: SavedViewpoints;
  /** Ids of requests that wait for an answer. Absent if there are none. */
  readonly asked?: readonly string[];
  /** Absent if nothing was ever to be used up. */
  readonly consuming?: SavedConsuming;
  /** Absent if nobody was here for whom anything could be kept. */
  readonly kept?: SavedKept;
}

/** Other awards whose reasons a room remembers, the newest: what is no item is nobody's after the room. */
export const reasonsRemembered = 16_384;

export class Effects {
  readonly timers = new Timers();
  readonly viewpoints = new Viewpoints();
  readonly kept = new Kept();
  readonly asked = new Asked();
  readonly consuming = new Consuming();
  readonly #setup: EffectsSetup;
  /** Reasons of awards, of items and of what is none; of these the oldest is first. */
  readonly #ofItems = new Set<string>();
  readonly #ofOthers = new Set<string>();
  readonly #items: ItemAward[] = [];
  #touched = new Set<string>();
  #happenings: Happening[] = [];

  constructor(setup: EffectsSetup, saved?: SavedEffects) {
    this.#setup = setup;
    if (saved === undefined) return;
    for (const timer of saved.timers) this.timers.set(timer);
    for (const item of saved.items ?? []) this.#keepItem(item);
    for (const once of saved.awarded) if (!this.#ofItems.has(once)) this.#remember(once);
    this.viewpoints.restore(saved.viewpoints ?? []);
    for (const id of saved.asked ?? []) this.asked.restore(id);
    if (saved.consuming !== undefined) this.consuming.restore(saved.consuming);
    if (saved.kept !== undefined) this.kept.restore(saved.kept);
  }

  /** Between boundaries, when nothing waits to be handed out. */
  save(): SavedEffects {
    const viewpoints = this.viewpoints.save();
    const asked = this.asked.all();
    const consuming = this.consuming.save();
    const kept = this.kept.save();
    return {
      timers: this.timers.all(),
      awarded: [...this.#ofOthers],
      ...(this.#items.length === 0 ? {} : { items: [...this.#items] }),
      ...(viewpoints.length === 0 ? {} : { viewpoints }),
      ...(asked.length === 0 ? {} : { asked }),
      ...(consuming === undefined ? {} : { consuming }),
      ...(kept === undefined ? {} : { kept }),
    };
  }

  /** Items that were awarded so far. */
  get items(): readonly ItemAward[] {
    return this.#items;
  }

  /** Items that can still be awarded. */
  get itemsLeft(): number {
    return Math.max(0, itemAwardsMax - this.#items.length);
  }

  /** What was caused since this was last asked, in order. */
  takeHappenings(): readonly Happening[] {
    const happenings = this.#happenings;
    for (const saving of this.kept.take()) happenings.push({ happening: "kept", ...saving });
    this.#happenings = [];
    this.asked.handOut();
    return happenings;
  }

  /** Whose views are to be computed again: "everyone", or players' ids. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  apply(effect: Effect, tick: number): void {
    switch (effect.effect) {
      case "send":
        this.#happenings.push({ happening: "sent", to: effect.to, message: effect.message });
        return;
      case "schedule":
        if (!this.timers.set({ name: effect.name, tick: effect.tick, payload: effect.payload })) this.#setup.fail();
        return;
      case "cancel":
        return this.timers.cancel(effect.name);
      case "award":
        return this.#award(effect);
      case "consume":
        return this.#consume(effect.player as PlayerId, effect.item);
      case "touch":
        this.#touched.add(effect.who === "everyone" ? "everyone" : effect.who.player);
        return;
      case "focus":
        return this.viewpoints.focus(effect.player, effect.entity);
      case "team":
        return this.viewpoints.team(effect.player, effect.team);
      case "request":
        return this.#ask(effect.id, effect.request);
      case "travel":
        return this.#travel(effect, tick);
      case "record":
        if (this.#setup.manifest.records === true) this.kept.keep(effect.player, effect.record);
        return;
      case "report":
        this.#happenings.push({ happening: "reported", report: effect.report });
        return;
      case "end":
        return this.#setup.end({ how: "finished", result: effect.result });
    }
  }

  #consume(player: PlayerId, item: string): void {
    const consumption = this.consuming.add(player, item);
    if (consumption === undefined) this.#setup.fail();
    else this.#happenings.push({ happening: "consuming", ...consumption });
  }

  #ask(id: string, request: OutsideRequest): void {
    const added = this.asked.add(id);
    if (added === "full") this.#setup.fail();
    if (added === "new") this.#happenings.push({ happening: "asked", id, request });
  }

  #travel({ player, room, contract, payload }: Extract<Effect, { effect: "travel" }>, moment: number): void {
    this.#happenings.push({ happening: "travelled", player, to: { room, contract }, moment, payload, back: null });
  }

  #award({ player, item, once }: Extract<Effect, { effect: "award" }>): void {
    if (this.#ofItems.has(once) || this.#ofOthers.has(once)) return;
    const award: ItemAward = { player: player as PlayerId, item, once };
    const collection = collectionOfItem(item);
    if (collection === undefined || !Object.hasOwn(this.#setup.manifest.collections ?? {}, collection)) {
      this.#remember(once);
    } else if (this.itemsLeft > 0) this.#keepItem(award);
    // The rules were told with the call that there would be none. No fault of theirs ends the room for all others.
    else return;
    this.#happenings.push({ happening: "awarded", ...award });
  }

  #keepItem(award: ItemAward): void {
    this.#items.push(award);
    this.#ofItems.add(award.once);
  }

  #remember(once: string): void {
    this.#ofOthers.add(once);
    if (this.#ofOthers.size <= reasonsRemembered) return;
    for (const oldest of this.#ofOthers) {
      this.#ofOthers.delete(oldest);
      return;
    }
  }
}
