/** The field on plain Colyseus: probes by its SDK; all others only count. */
import type { Room } from "@colyseus/sdk";
import type { WebSocket } from "ws";
import { count, countBeside, sdkClient, socketOf } from "../socket.ts";
import type { Steering } from "../steering.ts";
import type { Field, Probe, Received, Walker } from "../walker.ts";
import type { FieldState } from "./state.ts";

type FieldRoom = Room<{ state: FieldState }, FieldState>;

/** @param url of the server; `http:`. */
export function colyseusField(url: string): Field {
  const join = async (): Promise<FieldRoom> => {
    const room = (await (await sdkClient(url)).joinOrCreate("field")) as FieldRoom;
    room.reconnection.enabled = false;
    room.onMessage("*", () => undefined);
    return room;
  };
  return {
    async join() {
      return new CountingWalker(await join());
    },
    async probe() {
      return new ColyseusProbe(await join());
    },
  };
}

/** ROOM_DATA_BYTES, then the type "i" as a msgpack string, then what `FieldRoom` reads. */
const input = ({ x, z, aim }: Steering): Uint8Array => Uint8Array.of(17, 0xa1, 0x69, x, z, aim, aim >> 8);

class CountingWalker implements Walker {
  readonly received: Received = { frames: 0, bytes: 0 };
  readonly #socket: WebSocket;

  constructor(room: FieldRoom) {
    this.#socket = socketOf(room);
    count(this.#socket, this.received);
  }

  steer(steering: Steering): void {
    this.#socket.send(input(steering));
  }

  close(): void {
    this.#socket.close();
  }
}

class ColyseusProbe implements Probe {
  readonly received: Received = { frames: 0, bytes: 0 };
  readonly #room: FieldRoom;

  constructor(room: FieldRoom) {
    this.#room = room;
    countBeside(socketOf(room), this.received);
  }

  get visible(): number {
    return this.#room.state.bodies?.size ?? 0;
  }

  onHeading(listener: (aim: number) => void): void {
    this.#room.onStateChange(() => {
      const own = this.#room.state.bodies?.get(this.#room.sessionId);
      if (own !== undefined) listener(own.heading);
    });
  }

  steer(steering: Steering): void {
    socketOf(this.#room).send(input(steering));
  }

  close(): void {
    void this.#room.leave();
  }
}
