/** Where rooms hand in what their contracts ask, and are told what came of it: always, once, and never at once. */
import { isBelow, requestLimits, type OutsideAnswer, type OutsideRequest } from "#protocol/request.ts";
import type { HostedRoom } from "../rooms.ts";
import { ask, type Way } from "./https.ts";

/** Who asks: a `HostedRoom` is one. */
export type Asking = Pick<HostedRoom, "room" | "contract">;

export interface RequestDeskSetup<Room extends Asking> {
  readonly way: Way;
  /** What came of it. The room may be gone by now. */
  readonly answered: (room: Room, id: string, answer: OutsideAnswer) => void;
}

export class RequestDesk<Room extends Asking = HostedRoom> {
  readonly #setup: RequestDeskSetup<Room>;
  /** Under way: of each room, and in all. */
  readonly #ofRoom = new WeakMap<Room, number>();
  #all = 0;

  constructor(setup: RequestDeskSetup<Room>) {
    this.#setup = setup;
  }

  ask(room: Room, id: string, request: OutsideRequest): void {
    void this.#answerTo(room, request).then((answer) => this.#setup.answered(room, id, answer));
  }

  async #answerTo(room: Room, request: OutsideRequest): Promise<OutsideAnswer> {
    if (!isBelow(request.url, room.contract.manifest.requests ?? [])) return { failed: "not-allowed" };
    const { pending, pendingOfWorker } = requestLimits;
    if (this.#all >= pendingOfWorker || this.#countOf(room) >= pending) return { failed: "too-many" };
    this.#count(room, 1);
    try {
      return await ask(request, this.#setup.way);
    } finally {
      this.#count(room, -1);
    }
  }

  #countOf(room: Room): number {
    return this.#ofRoom.get(room) ?? 0;
  }

  #count(room: Room, change: 1 | -1): void {
    this.#all += change;
    this.#ofRoom.set(room, this.#countOf(room) + change);
  }
}
