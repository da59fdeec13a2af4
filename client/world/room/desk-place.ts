/** Where the moderator's desk stands, once somebody has shown the key; its code is fetched then. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { RoomId } from "#protocol/identity.ts";
import type { Desk } from "../hud/order.tsx";
import type { DeskEntrance, ModeratorDesk } from "./moderator-desk.ts";
import type { Visit } from "./visit.ts";

export class DeskPlace {
  readonly #visit: Visit;
  readonly #entrance: Omit<DeskEntrance, "room">;
  readonly #desk = signal<ModeratorDesk | null>(null);

  readonly shown: ReadonlySignal<Desk | null> = computed(() => this.#desk.value?.shown.value ?? null);

  constructor(visit: Visit, entrance: Omit<DeskEntrance, "room">) {
    this.#visit = visit;
    this.#entrance = entrance;
  }

  /** @returns why the key in this file opens nothing, or nothing. */
  async open(file: string): Promise<string | undefined> {
    const { room } = this.#visit;
    if (room === null) return "There is no room to keep order in.";
    const { ModeratorDesk: Opening } = await import("./moderator-desk.ts");
    const opened = await Opening.open({ ...this.#entrance, room: room.room as RoomId }, file);
    if (typeof opened === "string") return opened;
    this.#desk.value?.close();
    this.#desk.value = opened;
    return undefined;
  }
}
