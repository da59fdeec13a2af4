/** Where each player of a load goes: to the room that was named, or to one that is made when the last is full. */
import { createRoom } from "#client/lobby.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { LoadPlan, Surroundings } from "./plan.ts";

export class Rooms {
  readonly #plan: LoadPlan;
  readonly #around: Surroundings;
  readonly #made: { readonly room: RoomId; free: number }[] = [];
  #making: Promise<void> = Promise.resolve();

  constructor(plan: LoadPlan, around: Surroundings) {
    this.#plan = plan;
    this.#around = around;
  }

  get size(): number {
    return this.#plan.room === undefined ? this.#made.length : 1;
  }

  /** A place for one. @throws ClientError if no room can be made. */
  async next(): Promise<RoomId> {
    const { room } = this.#plan;
    if (room !== undefined) return room as RoomId;
    for (;;) {
      // One after the other: all who wait for a room would otherwise make one each.
      const made = this.#making.then(() => this.#make());
      this.#making = made.catch(() => undefined);
      await made;
      const last = this.#made.at(-1)!;
      if (last.free === 0) continue;
      last.free -= 1;
      return last.room;
    }
  }

  async #make(): Promise<void> {
    if ((this.#made.at(-1)?.free ?? 0) > 0) return;
    const { url, contract, players, perRoom } = this.#plan;
    const { hosted, bots } = this.#around;
    const seats = Math.min(hosted.players.max, perRoom ?? hosted.players.max);
    const options = bots.options?.(Math.min(players, seats));
    const room = await createRoom(url, { contract, ...(options === undefined ? {} : { options }) });
    this.#made.push({ room, free: seats });
  }
}
