/**
 * The list of rooms that anybody may join. All it knows of a room is its `Listing`: no title, no name, no rating; those
 * live inside the room's channels.
 */
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { RoomOptions } from "#protocol/manifest.ts";

export interface LobbyLimits {
  readonly lobbyRooms: number;
  readonly promiseMs: number;
}

export class Lobby {
  readonly #limits: LobbyLimits;
  readonly #rooms = new Map<RoomId, Listing>();
  /** Seats that people found and are on their way to: when each promise ends. */
  readonly #promises = new Map<RoomId, number[]>();

  constructor(limits: LobbyLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Takes note of a room. False if the lobby is full and this room is not in it. */
  update(listing: Listing): boolean {
    const { room } = listing;
    const before = this.#rooms.get(room);
    if (!listing.listed || listing.phase === "ended") {
      this.remove(room);
      return true;
    }
    if (before === undefined && this.#rooms.size >= this.#limits.lobbyRooms) return false;
    this.#rooms.set(room, listing);
    // Whoever took a seat was most likely the one it was promised to first.
    const arrived = listing.taken - (before?.taken ?? 0);
    if (arrived > 0) this.#promises.get(room)?.splice(0, arrived);
    return true;
  }

  remove(room: RoomId): void {
    this.#rooms.delete(room);
    this.#promises.delete(room);
  }

  clear(): void {
    this.#rooms.clear();
    this.#promises.clear();
  }

  /** Oldest first, rooms with a free seat before those that can only be watched. */
  list(contract: string | undefined, lengthMax: number): Listing[] {
    const joinable: Listing[] = [];
    const others: Listing[] = [];
    for (const listing of this.#rooms.values()) {
      if (contract !== undefined && listing.contract !== contract) continue;
      (isJoinable(listing) ? joinable : others).push(listing);
      if (joinable.length === lengthMax) break;
    }
    return [...joinable, ...others].slice(0, lengthMax);
  }

  /**
   * Finds the oldest room of these rules with a seat that is neither taken nor promised, and promises it.
   *
   * @param options a value for every option the contract declares.
   * @param now monotonic, in ms.
   */
  find(contract: string, options: RoomOptions, now: number): RoomId | undefined {
    for (const listing of this.#rooms.values()) {
      if (listing.contract !== contract || !isJoinable(listing) || !sameOptions(listing.options, options)) continue;
      if (listing.free <= this.#promised(listing.room, now)) continue;
      this.promise(listing.room, now);
      return listing.room;
    }
    return undefined;
  }

  /** Keeps a seat of this room for somebody on the way. Nothing happens if the room is gone already. */
  promise(room: RoomId, now: number): void {
    if (!this.#rooms.has(room)) return;
    const promises = this.#promises.get(room) ?? [];
    promises.push(now + this.#limits.promiseMs);
    this.#promises.set(room, promises);
  }

  #promised(room: RoomId, now: number): number {
    const promises = this.#promises.get(room);
    if (promises === undefined) return 0;
    while (promises.length > 0 && promises[0]! <= now) promises.shift();
    if (promises.length === 0) this.#promises.delete(room);
    return promises.length;
  }
}

const isJoinable = ({ phase, free }: Listing): boolean => phase === "open" && free > 0;

function sameOptions(a: RoomOptions, b: RoomOptions): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
