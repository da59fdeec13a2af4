/**
 * Items that a contract wants to use up, until it is known whether they are. Each has a number, counted in the room: asked
 * for once more, by whoever opens the room again, it is the same use and not a second one.
 */
import { consumingMax } from "#protocol/consumption.ts";
import type { PlayerId } from "#protocol/identity.ts";

export interface Consumption {
  readonly n: number;
  /** Whose item it must be. */
  readonly player: PlayerId;
  /** Its id on the chain. */
  readonly item: string;
}

/** As it outlasts a worker. */
export interface SavedConsuming {
  readonly count: number;
  readonly pending: readonly Consumption[];
}

export class Consuming {
  readonly #pending = new Map<number, Consumption>();
  #count = 0;

  /** Undefined if nothing was ever to be used up. */
  save(): SavedConsuming | undefined {
    return this.#count === 0 ? undefined : { count: this.#count, pending: this.all() };
  }

  restore({ count, pending }: SavedConsuming): void {
    this.#count = count;
    for (const consumption of pending) this.#pending.set(consumption.n, consumption);
  }

  /** Undefined if too many wait already. */
  add(player: PlayerId, item: string): Consumption | undefined {
    if (this.#pending.size >= consumingMax) return undefined;
    const consumption = { n: ++this.#count, player, item };
    this.#pending.set(consumption.n, consumption);
    return consumption;
  }

  /** In the order in which they were asked for. */
  all(): readonly Consumption[] {
    return [...this.#pending.values()];
  }

  /** It is known now; undefined if it was known before. */
  settled(n: number): Consumption | undefined {
    const consumption = this.#pending.get(n);
    this.#pending.delete(n);
    return consumption;
  }
}
