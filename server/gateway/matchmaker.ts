/** Quick match: the oldest open room with a free seat, or a new one. First come, first served. */
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Lobby } from "./lobby.ts";

/** People waiting for one kind of room while it is being made. */
const waitingMax = 256;

export interface MatchPorts {
  readonly lobby: Lobby;
  /** Makes a listed room. Throws ProtocolError. */
  readonly create: (contract: string, options: RoomOptions) => Promise<RoomId>;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

export class QuickMatch {
  readonly #ports: MatchPorts;
  /** Who asks for the same rules at the same time waits for the room that the first one makes. */
  readonly #queues = new Map<string, { last: Promise<unknown>; waiting: number }>();

  constructor(ports: MatchPorts) {
    this.#ports = ports;
  }

  /**
   * A room with a seat that nobody else was promised.
   *
   * @param options a value for every option the contract declares.
   * @param permit called before a room is made for this asker; throws if this asker may not.
   * @throws ProtocolError "busy", or why no room could be made.
   */
  async match(contract: string, options: RoomOptions, permit: () => void): Promise<RoomId> {
    const key = JSON.stringify([contract, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const queue = this.#queues.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= waitingMax) throw new ProtocolError("busy", "quick match");
    queue.waiting += 1;
    this.#queues.set(key, queue);
    const mine = queue.last.then(() => this.#findOrCreate(contract, options, permit));
    queue.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }

  async #findOrCreate(contract: string, options: RoomOptions, permit: () => void): Promise<RoomId> {
    const { lobby, create, now } = this.#ports;
    const found = lobby.find(contract, options, now());
    if (found !== undefined) return found;
    permit();
    const room = await create(contract, options);
    lobby.promise(room, now());
    return room;
  }
}
