/**
 * The one Colyseus room class: the shadow of one room in the enclave. It has no state and sends no patches; it passes
 * envelopes on, both ways, unread.
 *
 * Colyseus' own reconnection is not used: a client that was dropped joins again and resumes its channel with the worker.
 */
import { Room, type Client } from "@colyseus/core";
import type { RoomId } from "#protocol/identity.ts";
import { closeCodeOf, RelaySeat, type RelayPorts } from "./relay-seat.ts";

export const relayRoomName = "relay";

/** What a client may and must send to join. */
export interface RelayOptions {
  readonly room: RoomId;
}

/**
 * Longer than any room lives. `null` would be the natural value, but Colyseus then ticks a clock sixty times a second
 * in every room, which nothing here reads.
 */
const never = 2 ** 31 - 1;

/** A reserved seat that nobody takes blocks nothing here; it is only memory. */
const reservationSeconds = 10;

export class RelayRoom extends Room {
  override patchRate = never;
  override seatReservationTimeout = reservationSeconds;
  readonly #seats = new Map<Client, RelaySeat>();
  #ports!: RelayPorts;

  override onCreate({ room, ports }: RelayOptions & { readonly ports: RelayPorts }): void {
    this.roomId = room;
    this.#ports = ports;
  }

  override onJoin(client: Client): void {
    this.#ports.traffic.joins += 1;
    this.#seats.set(client, new RelaySeat(client, this.roomId as RoomId, this.#ports));
  }

  override onLeave(client: Client): void {
    this.#seats.get(client)?.gone();
    this.#seats.delete(client);
  }

  override onBeforeShutdown(): void {
    // Colyseus would wait for seats that were reserved and that nobody will take any more.
    for (const session of Object.keys(this["_reservedSeats"])) {
      clearTimeout(this["_reservedSeatTimeouts"][session]);
      delete this["_reservedSeatTimeouts"][session];
      delete this["_reservedSeats"][session];
    }
    clearTimeout(this["_autoDisposeTimeout"]);
    this["_autoDisposeTimeout"] = undefined;
    void this.disconnect(closeCodeOf("shutting-down"));
  }
}
