/** Gateways that ask for rooms, and seats at them: what is not here yet is waited for. */
import { decodeCreate, encodeControl, encodeRefused } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds } from "#protocol/link.ts";
import type { Gate } from "./gate.ts";
import type { LinkConnection } from "./link-server.ts";
import type { Recovery } from "./recovery.ts";
import type { HostedRoom, Rooms } from "./rooms.ts";
import { WaitingSeats } from "./waiting-seats.ts";

export interface RoomDeskSetup {
  readonly rooms: Rooms;
  readonly gate: Gate;
  readonly recovery: Recovery;
  /** Whether rooms can be read back. */
  readonly kept: () => boolean;
  /** What was said may leave. */
  readonly flush: () => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

export class RoomDesk {
  readonly #setup: RoomDeskSetup;
  readonly #waiting = new WaitingSeats<LinkConnection>();
  /** Who asked for a room that is not durable yet. */
  readonly #asked = new Map<HostedRoom, { readonly link: LinkConnection; readonly ref: number }>();

  constructor(setup: RoomDeskSetup) {
    this.#setup = setup;
  }

  /** @throws ProtocolError "malformed". Why there is no room, the gateway is told. */
  create(link: LinkConnection, body: Uint8Array): void {
    const request = decodeCreate(body);
    try {
      const hosted = this.#setup.rooms.create(request, this.#setup.now());
      if (hosted.log !== undefined) this.#asked.set(hosted, { link, ref: request.ref });
      else link.put(linkKinds.created, 0, encodeControl({ ref: request.ref, room: hosted.room.id }));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      link.put(linkKinds.refused, 0, encodeRefused({ ref: request.ref, code: error.code }));
    }
    this.#setup.flush();
  }

  /** More of a room is durable: whoever waits for its beginning has it. */
  durable(hosted: HostedRoom): void {
    const asked = this.#asked.get(hosted);
    if (asked !== undefined) {
      this.#asked.delete(hosted);
      asked.link.put(linkKinds.created, 0, encodeControl({ ref: asked.ref, room: hosted.room.id }));
    }
    this.#setup.flush();
  }

  /** A room is gone, perhaps before it was durable: then there is none. */
  gone(room: RoomId): void {
    for (const [hosted, { link, ref }] of this.#asked) {
      if (hosted.room.id !== room) continue;
      this.#asked.delete(hosted);
      link.put(linkKinds.refused, 0, encodeRefused({ ref, code: "busy" }));
    }
  }

  /** A room that is not here may be brought back; the seat's first words wait for that. */
  attach(link: LinkConnection, seat: number, room: RoomId): void {
    const { rooms, gate, recovery, kept, flush } = this.#setup;
    if (rooms.find(room) !== undefined || !kept()) {
      gate.attach(link, seat, room);
      return flush();
    }
    this.#waiting.wait(link, seat, recovery.one(room), (said, error) => {
      if (error instanceof ProtocolError) gate.refuse(link, seat, error.code);
      else gate.attach(link, seat, room);
      for (const envelope of said) gate.frame(link, seat, envelope);
      flush();
    });
  }

  frame(link: LinkConnection, seat: number, envelope: Uint8Array): void {
    if (!this.#waiting.hear(link, seat, envelope)) this.#setup.gate.frame(link, seat, envelope);
  }

  detach(link: LinkConnection, seat: number): void {
    this.#waiting.leave(link, seat);
    this.#setup.gate.detach(link, seat);
  }

  /** So many bytes wait for a seat's client. */
  buffered(link: LinkConnection, seat: number, bytes: number): void {
    this.#setup.gate.buffered(link, seat, bytes);
  }

  /** A whole gateway is gone. */
  unlink(link: LinkConnection): void {
    this.#waiting.unlink(link);
    this.#setup.gate.unlink(link);
  }
}
