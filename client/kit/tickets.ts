/**
 * Tickets from room to room, on their way through this window: one page is handed a ticket, and the page that it opens next
 * joins with it. Sealed: nobody here can read what comes along. Each is used once.
 */
import { decodeBase64url, encodeBase64url } from "#client/base64url.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { RoomEvents } from "#client/room.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Drawer } from "./keepsakes.ts";

const keyOf = (room: RoomId): string => `phatroom:ticket:${room}`;
const fromKey = "phatroom:from";

/** A room, as far as tickets go. */
interface TicketRoom {
  on(name: "ticket", listener: (...ticket: RoomEvents<unknown>["ticket"]) => void): () => void;
}

export class Tickets {
  readonly #window: Drawer;

  /** @param window outlives a page, and nothing else. */
  constructor(window: Drawer) {
    this.#window = window;
  }

  keep({ room, ticket }: Pick<TicketEntry, "room" | "ticket">): void {
    this.#window.setItem(keyOf(room), encodeBase64url(ticket));
  }

  /** Joins, with the ticket for that room if this window has one; from then on keeps what the room hands out. */
  async join<Joined extends TicketRoom>(
    options: JoinOptions,
    join: (options: JoinOptions) => Promise<Joined>,
  ): Promise<Joined> {
    const ticket = decodeBase64url(this.#window.getItem(keyOf(options.room)) ?? "");
    const shown = ticket === undefined || ticket.length === 0 ? {} : { ticket };
    const room = await join({ ...options, ...shown });
    this.#window.removeItem(keyOf(options.room));
    room.on("ticket", (entry) => this.keep(entry));
    return room;
  }

  /** From which hub this window came to where it is. */
  get from(): RoomId | undefined {
    const kept = this.#window.getItem(fromKey);
    return isRoomId(kept) ? kept : undefined;
  }

  comeFrom(hub: RoomId): void {
    this.#window.setItem(fromKey, hub);
  }
}
