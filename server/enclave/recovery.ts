/**
 * Rooms on their way back: all of them when a store is there for the first time, and any one that a player asks for.
 */
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { codeOfStore } from "./continuity.ts";
import type { LinkedStore } from "./vault/store-client.ts";
import type { HostedRoom, Rooms } from "./rooms.ts";
import type { Vault } from "./vault/vault.ts";

export interface RecoverySetup {
  readonly rooms: Rooms;
  readonly vault: Vault;
  readonly store: Pick<LinkedStore, "whenOffered" | "offered">;
  /** A room is here again. */
  readonly back: (room: HostedRoom) => void;
  /** For the operator; names no room. */
  readonly log: (event: RecoveryEvent) => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

export type RecoveryEvent =
  /** Told at the beginning, and once a second. */
  | { readonly event: "recovering"; readonly rooms: number; readonly done: number }
  | { readonly event: "recovered"; readonly rooms: number; readonly failed: number; readonly ms: number }
  | { readonly event: "room-unreadable"; readonly code: string };

/** Between two words to the operator about how far it is, in ms. */
const progressMs = 1000;

/** Rooms on their way at once: while one is made of what was read, the store reads others. */
const atOnce = 8;

export class Recovery {
  readonly #setup: RecoverySetup;
  readonly #waking = new Map<RoomId, Promise<HostedRoom | undefined>>();

  constructor(setup: RecoverySetup) {
    this.#setup = setup;
  }

  /** Brings every room back that is not over, a few at once; others are served in between. */
  async all(): Promise<void> {
    const { vault, log, now, store } = this.#setup;
    await store.whenOffered();
    const began = now();
    const ids = await vault.rooms();
    if (ids.length === 0) return;
    const waiting = ids.values();
    let [done, failed] = [0, 0];
    let toldAt = Number.NEGATIVE_INFINITY;
    const tell = (): void => {
      if (now() - toldAt < progressMs) return;
      toldAt = now();
      log({ event: "recovering", rooms: ids.length, done });
    };
    tell();
    const bringBack = async (): Promise<void> => {
      for (const id of waiting) {
        if ((await this.#patiently(id)) === undefined) failed += 1;
        done += 1;
        tell();
        // Making one takes milliseconds, and rooms that are here have boundaries.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, bringBack));
    log({ event: "recovered", rooms: ids.length - failed, failed, ms: Math.round(now() - began) });
  }

  /**
   * The room if it is here or can be brought back; undefined if there is no such room.
   *
   * @throws ProtocolError why it cannot: the store's code, or that of whatever refused the room here.
   */
  one(id: RoomId): Promise<HostedRoom | undefined> {
    const { rooms } = this.#setup;
    const here = rooms.find(id);
    if (here !== undefined) return Promise.resolve(here);
    let waking = this.#waking.get(id);
    if (waking === undefined) {
      waking = this.#wake(id).finally(() => this.#waking.delete(id));
      this.#waking.set(id, waking);
    }
    return waking;
  }

  /** Goes on once there is a store again, if the one that was there is gone. Undefined if the room cannot be had. */
  async #patiently(id: RoomId): Promise<HostedRoom | undefined> {
    const { store } = this.#setup;
    for (;;) {
      const room = await this.one(id).catch(() => undefined);
      if (room !== undefined || store.offered) return room;
      await store.whenOffered();
    }
  }

  async #wake(id: RoomId): Promise<HostedRoom | undefined> {
    const { rooms, vault, now, back, log } = this.#setup;
    try {
      const kept = await vault.read(id);
      if (kept === undefined) return undefined;
      const hosted = rooms.adopt(id, kept, now());
      back(hosted);
      return hosted;
    } catch (error) {
      // That a store is gone is no news of a room.
      if (this.#setup.store.offered) log({ event: "room-unreadable", code: codeOf(error) });
      throw error instanceof ProtocolError ? error : new ProtocolError(codeOfStore(error));
    }
  }
}

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : "unknown";
};
