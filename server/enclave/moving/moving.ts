/**
 * Rooms that change workers: the one that has a room lets go of it, the other one opens it from the store.
 *
 * ```text
 * old worker                         store                          new worker
 *   steps the room no more
 *   waits for what it wrote   ──────►
 *   writes "released"         ──────►  ◄─ from here on nothing of its term may follow
 *   seals a snapshot          ──────►
 *   forgets the room                   ──────────────────────────►  reads it
 *                                      ◄──────────────────────────  writes its opening: the next term
 * ```
 *
 * The store is the way from one to the other, and no channel between the two is needed: all that a room is stands in its
 * log, both derive the room's keys from the platform's, and secrets of channels must not move, because players verify the
 * new worker before they go on. Whichever worker dies at whichever step, the log is whole, and any other can open it; the
 * term and the head that its opening stands behind keep the one before from writing ever again.
 */
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Introduction, MovingAnswer, MovingRequest } from "#protocol/moving.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";
import type { Boundaries } from "../boundaries.ts";
import type { Recovery } from "../recovery.ts";
import type { HostedRoom, Rooms } from "../rooms.ts";
import type { Vault } from "../vault/vault.ts";
import type { Peers } from "./peers.ts";
import { checkAnnouncement } from "./reopening.ts";

export interface MovingSetup {
  readonly rooms: Rooms;
  readonly boundaries: Pick<Boundaries, "halt">;
  readonly recovery: Pick<Recovery, "one">;
  readonly vault: Pick<Vault, "release">;
  readonly peers: Peers;
  /** A room may have work now. */
  readonly touched: (room: HostedRoom) => void;
}

export class Moving {
  readonly #setup: MovingSetup;
  readonly #leaving = new WeakSet<HostedRoom>();

  constructor(setup: MovingSetup) {
    this.#setup = setup;
  }

  /** @throws ProtocolError with the code for the gateway; PlatformError where the machine proves nothing. */
  async answer(request: MovingRequest): Promise<MovingAnswer> {
    const { peers, recovery } = this.#setup;
    switch (request.ask) {
      case "instance":
        return peers.instance;
      case "introduce":
        return peers.introduce(request.to);
      case "release":
        await this.#release(request.room, request.to);
        return null;
      case "open":
        if ((await recovery.one(request.room)) === undefined) throw new ProtocolError("room-not-found");
        return null;
      case "upgrade":
        this.#announce(request.room, request.upgrade);
        return null;
    }
  }

  /**
   * A room whose upgrade is in force goes on by the new rules: as if it moved, but to this very worker. Its players greet
   * it anew, and so learn which rules it has now.
   *
   * @throws ProtocolError "room-moved" if somebody else has it by now; what keeps it from being read back.
   */
  async renew(hosted: HostedRoom): Promise<void> {
    if (this.#leaving.has(hosted)) return;
    await this.#leave(hosted, null, "rules-changed");
    await this.#setup.recovery.one(hosted.room.id);
  }

  #announce(room: RoomId, bytes: Uint8Array): void {
    const { rooms, touched } = this.#setup;
    const hosted = rooms.find(room);
    if (hosted === undefined) throw new ProtocolError("room-not-found");
    const { lineage, log } = hosted;
    if (lineage === undefined || log === undefined) throw new ProtocolError("store-unavailable");
    const upgrade = decodeUpgrade(bytes);
    checkAnnouncement(upgrade, hosted, lineage, rooms.loaded(upgrade.to));
    hosted.room.announceUpgrade(bytes);
    touched(hosted);
  }

  async #release(room: RoomId, to: Introduction | null): Promise<void> {
    const { rooms, peers } = this.#setup;
    // Players play on meanwhile.
    if (to !== null) await peers.check(to);
    const hosted = rooms.find(room);
    if (hosted === undefined) throw new ProtocolError("room-not-found");
    if (this.#leaving.has(hosted)) throw new ProtocolError("busy", "leaving already");
    await this.#leave(hosted, to, "room-moved");
  }

  async #leave(hosted: HostedRoom, to: Introduction | null, code: "room-moved" | "rules-changed"): Promise<void> {
    const { rooms, boundaries, vault } = this.#setup;
    const { log, room } = hosted;
    // Nobody keeps it: it lives and dies here.
    if (log === undefined) throw new ProtocolError("store-unavailable");
    this.#leaving.add(hosted);
    boundaries.halt(hosted);
    const last = { input: "released", next: log.term + 1, to: to?.instance ?? null } as const;
    try {
      await vault.release(log, () => room.save(), { tick: room.tick, inputs: [last] });
    } finally {
      // Whatever went wrong, it stands still here, and its log is whole: whoever opens it next goes on from there.
      rooms.forget(hosted, code);
    }
  }
}
