/** A gateway's end of the link in hostile hands: frames for seats that it makes up, and now and then what is no frame at all. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeCreated, decodeRefused, encodeControl } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";
import type { Connection, Receiver, Transport } from "#client/index.ts";
import type { SeededNumbers } from "./deep.ts";
import { hostileEnvelope } from "./hostile-envelopes.ts";

/** Seats that batches fight over. Insiders have the numbers above. */
const seats = 200;
/** How long a worker may take to read a batch before it counts as stuck, in ms: a thousand times what it needs. */
const patienceMs = 60_000;

const nothing = new Uint8Array(0);

export class HostileGateway implements Transport {
  readonly #socket: Socket;
  readonly #reader = new LinkReader();
  readonly #writer = new LinkWriter();
  readonly #waiting: {
    readonly fits: (message: LinkMessage) => boolean;
    readonly resolve: (message: LinkMessage | undefined) => void;
  }[] = [];
  readonly #receivers = new Map<number, Receiver>();
  /** What attaches a seat to a room, once encoded. */
  readonly #attaching = new Map<RoomId, Uint8Array>();
  #marks = 0;
  #lastSeat = seats;
  isOpen = true;
  /** Whether it has sent something on which a worker may hang up: nothing that clients send is. */
  misbehaved = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(new Uint8Array(chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end());
  }

  static async connect(path: string): Promise<HostileGateway> {
    const socket = connect(path);
    await once(socket, "connect");
    return new HostileGateway(socket);
  }

  /** Makes a room, as an honest gateway would. */
  async create(): Promise<RoomId> {
    const ref = (this.#marks += 1);
    const made = this.#next(({ kind, body }) => kind === linkKinds.created && decodeCreated(body).ref === ref);
    this.#writer.put(linkKinds.create, 0, encodeControl({ ref, contract: "dot4", options: {}, listed: true }));
    this.#flush();
    return decodeCreated((await made)!.body).room;
  }

  /** Attaches seats and sends hostile envelopes to them. */
  batch(numbers: SeededNumbers, rooms: readonly RoomId[], frames: number): void {
    const writer = this.#writer;
    for (let i = 0; i < frames; i++) {
      const seat = 1 + numbers.below(seats);
      // Nearly every envelope closes its seat, so each is attached anew; now and then one comes for nobody.
      if (numbers.below(20) > 0) writer.put(linkKinds.attach, seat, this.#attachTo(numbers.pick(rooms)));
      writer.put(linkKinds.frame, seat, hostileEnvelope(numbers, 4));
      if (numbers.below(50) === 0) writer.put(linkKinds.detach, seat, nothing);
      // What waits for a client is for that client to decide; how it is said is the gateway's.
      if (numbers.below(50) === 0) {
        writer.put(linkKinds.buffered, seat, encodeControl({ bytes: numbers.below(2 ** 32) }));
      }
    }
    this.#flush();
    this.#misbehave(numbers);
  }

  /** Resolves once everything sent so far has been read, or the worker has hung up. @throws Error if it does neither. */
  async answered(): Promise<void> {
    // Each ping is answered once, and one is asked after the other.
    const pong = this.#next(({ kind }) => kind === linkKinds.pong);
    this.#writer.put(linkKinds.ping, 0, nothing);
    this.#flush();
    let timer: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("the worker does not answer any more")), patienceMs);
    });
    await Promise.race([pong, stuck]);
    clearTimeout(timer);
  }

  /** A seat for somebody who shakes hands. */
  open(room: RoomId, receiver: Receiver): Promise<Connection> {
    const seat = (this.#lastSeat += 1);
    this.#receivers.set(seat, receiver);
    this.#send(linkKinds.attach, seat, this.#attachTo(room));
    return Promise.resolve({
      send: (envelope) => this.#send(linkKinds.frame, seat, envelope),
      close: () => {
        if (this.#receivers.delete(seat)) this.#send(linkKinds.detach, seat, nothing);
      },
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Now and then something on which the worker hangs up, as it should. */
  #misbehave(numbers: SeededNumbers): void {
    const garbage = numbers.bytes(8 + numbers.below(1000));
    const manner = numbers.below(60);
    this.misbehaved ||= manner < 3;
    switch (manner) {
      case 0:
        return this.#send(numbers.below(256) as LinkKind, 0, garbage);
      case 1:
        // A batch longer than any.
        garbage[3] = 0xff;
        break;
      case 2:
        // A batch as long as it says, of messages that are none.
        new DataView(garbage.buffer).setUint32(0, garbage.length - 4, true);
        break;
      default:
        return;
    }
    this.#socket.write(garbage);
  }

  #attachTo(room: RoomId): Uint8Array {
    let body = this.#attaching.get(room);
    if (body === undefined) this.#attaching.set(room, (body = encodeControl({ room })));
    return body;
  }

  #send(kind: LinkKind, seat: number, body: Uint8Array): void {
    this.#writer.put(kind, seat, body);
    this.#flush();
  }

  #flush(): void {
    const batch = this.#writer.take();
    if (batch !== undefined && this.isOpen) this.#socket.write(batch);
  }

  #read(chunk: Uint8Array): void {
    for (const message of this.#reader.push(chunk)) {
      this.#hand(message);
      const at = this.#waiting.findIndex(({ fits }) => fits(message));
      if (at >= 0) this.#waiting.splice(at, 1)[0]!.resolve({ ...message, body: message.body.slice() });
    }
  }

  #hand({ kind, seat, body }: LinkMessage): void {
    const receiver = this.#receivers.get(seat);
    if (receiver === undefined) return;
    if (kind === linkKinds.frame) receiver.bytes(body.slice());
    if (kind !== linkKinds.close) return;
    this.#receivers.delete(seat);
    receiver.closed(decodeRefused(body).code);
  }

  #end(): void {
    this.isOpen = false;
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
    for (const receiver of this.#receivers.values()) receiver.closed("worker-lost");
    this.#receivers.clear();
  }

  #next(fits: (message: LinkMessage) => boolean): Promise<LinkMessage | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push({ fits, resolve }));
  }
}
