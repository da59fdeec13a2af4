/** What is looked at once a second: empty rooms, slow joiners, old secrets, stores that stay away, what is worth saving, what players own. */
import { StoreError } from "#protocol/store.ts";
import type { Boundaries } from "./boundaries.ts";
import type { BusyShare } from "./busy.ts";
import type { Continuity } from "./continuity.ts";
import type { Resumptions } from "./channel/resumptions.ts";
import type { Gate } from "./gate.ts";
import type { ItemDesk } from "./item-desk.ts";
import type { Rooms } from "./rooms.ts";

export interface UpkeepSetup {
  readonly busy: Pick<BusyShare, "look">;
  readonly gate: Pick<Gate, "expire">;
  readonly resumptions: Pick<Resumptions, "expire">;
  readonly continuity: Pick<Continuity, "look">;
  readonly rooms: Pick<Rooms, "tidy" | "save">;
  readonly boundaries: Pick<Boundaries, "forget" | "takeHeldBack">;
  readonly items: Pick<ItemDesk, "look">;
  readonly log: (event: UpkeepEvent) => void;
  /** What was said may leave. */
  readonly flush: () => void;
  /** An error that is ours. */
  readonly bug: (error: unknown) => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

export type UpkeepEvent =
  /** Rooms of this contract take so long that they lose ticks, lest their neighbours do. At most once a second. */
  { readonly event: "held-back"; readonly contract: string };

const everyMs = 1000;

export class Upkeep {
  readonly #setup: UpkeepSetup;
  readonly #timer: NodeJS.Timeout;

  /** Begins. */
  constructor(setup: UpkeepSetup) {
    this.#setup = setup;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { busy, gate, resumptions, continuity, rooms, boundaries, items, log, flush, now } = this.#setup;
    busy.look();
    gate.expire();
    resumptions.expire(now());
    continuity.look();
    for (const hosted of rooms.tidy(now())) boundaries.forget(hosted);
    const heldBack = new Set([...boundaries.takeHeldBack()].map(({ contract }) => contract.manifest.name));
    for (const contract of heldBack) log({ event: "held-back", contract });
    items.look();
    void rooms.save((error) => this.#unsaved(error));
    flush();
  }

  /** A snapshot saves time and nothing else: what it would have held is in the records. */
  #unsaved(error: unknown): void {
    if (!(error instanceof StoreError)) this.#setup.bug(error);
  }
}
