/** Other rules that a room was told of: which, and from which tick it goes on by them. */
import type { UpgradeNotice } from "#protocol/message.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";

/** Other rules, by which the room goes on from a tick. */
export interface AnnouncedUpgrade {
  /** See `#protocol/upgrade.ts`. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

export class Upgrades {
  readonly #hz: number;
  #announced: AnnouncedUpgrade | undefined;
  #number: number;

  /** @param saved what was announced and is not in force yet, and the number of the newest. */
  constructor(hz: number, saved: { readonly upgrade?: AnnouncedUpgrade; readonly upgrades?: number } = {}) {
    this.#hz = hz;
    this.#announced = saved.upgrade;
    this.#number = saved.upgrades ?? 0;
  }

  /** That was announced and is not in force yet; undefined if there is none. */
  get announced(): AnnouncedUpgrade | undefined {
    return this.#announced;
  }

  /** The same, for players. */
  get notice(): UpgradeNotice | undefined {
    const { bytes, at } = this.#announced ?? {};
    return bytes === undefined || at === undefined ? undefined : { contract: decodeUpgrade(bytes).to, tick: at };
  }

  /** Number of the newest that was announced; 0 if none was. */
  get number(): number {
    return this.#number;
  }

  /** The notice is of running play: ticks stand still whenever the room does. */
  announce(tick: number, bytes: Uint8Array): void {
    const { number, noticeMs } = decodeUpgrade(bytes);
    if (number <= this.#number) return;
    this.#announced = { bytes, at: tick + Math.ceil((noticeMs * this.#hz) / 1000) };
    this.#number = number;
  }

  /** What was announced is not to be tried any more. */
  drop(): void {
    this.#announced = undefined;
  }
}
