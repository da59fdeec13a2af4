/**
 * A worker without an enclave: it speaks the link, makes rooms that are nothing but an id, and sends every envelope back
 * to whoever sent it. What it cannot do is the point: it shows that the gateway needs nothing else.
 */
import { EventEmitter, once } from "node:events";
import {
  decodeAttach,
  decodeBuffered,
  decodeCreate,
  encodeControl,
  encodeRefused,
  type HostedContract,
  type Listing,
  type Ready,
} from "#protocol/control.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { decodeAsked, encodeTold, type Asked } from "#protocol/moving.ts";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { decodeOffer } from "#protocol/store-link.ts";
import { listenLink, type LinkConnection, type LinkServer } from "#enclave/link-server.ts";

export const echo: HostedContract = {
  name: "echo",
  hash: "ab".repeat(32),
  players: { min: 1, max: 2 },
  spectators: 1,
  options: { pace: ["slow", "fast"] },
};

interface EchoEvents {
  attach: [seat: number, room: RoomId];
  detach: [seat: number];
  frame: [seat: number, envelope: Uint8Array];
  buffered: [seat: number, bytes: number];
  /** A room is asked for. */
  create: [];
  /** Something about a room is asked. */
  asked: [asked: Asked];
  /** There is a store, which others have rooms in as well, or nobody else. */
  offer: [shared: boolean];
}

export class EchoWorker extends EventEmitter<EchoEvents> {
  readonly seats = new Map<number, RoomId>();
  readonly #listings = new Map<RoomId, Listing>();
  #server!: LinkServer;
  #lastRoom = 0;
  /** Answers nothing to `create` while false. */
  creates = true;
  /** What this worker refuses to make rooms with. */
  refusing: ErrorCode | undefined;
  /** Sends envelopes back while true. */
  echoes = true;

  /** @param more what it says of itself beside what every worker says. */
  static async start(
    address: string,
    version: number = protocolVersion,
    more: Partial<Ready> = {},
  ): Promise<EchoWorker> {
    const worker = new EchoWorker();
    worker.#server = await listenLink(parseLinkAddress(address)!, {
      onOpen: (link) => worker.#greet(link, { version, ...more }),
      onMessage: (link, message) => worker.#receive(link, message),
      onClose: () => worker.seats.clear(),
    });
    return worker;
  }

  get address(): string {
    return this.#server.address;
  }

  /** Adds a room, as if somebody had made it. */
  open(listing: Partial<Listing> = {}): RoomId {
    const room = (this.#lastRoom += 1).toString(16).padStart(20, "0") as RoomId;
    this.announce({
      contract: "echo",
      taken: 0,
      free: 2,
      phase: "open",
      options: { pace: "slow" },
      listed: true,
      ...listing,
      room,
    });
    return room;
  }

  announce(listing: Listing): void {
    this.#listings.set(listing.room, listing);
    this.#put(linkKinds.listing, 0, encodeControl(listing));
  }

  /** It is done. */
  answer({ ref }: Asked): void {
    this.#put(linkKinds.told, 0, encodeTold({ ref, answer: null }));
  }

  forget(room: RoomId): void {
    this.#listings.delete(room);
    this.#put(linkKinds.gone, 0, encodeControl({ room }));
  }

  send(seat: number, envelope: Uint8Array): void {
    this.#put(linkKinds.frame, seat, envelope);
  }

  refuse(seat: number, code: ErrorCode): void {
    this.seats.delete(seat);
    this.#put(linkKinds.close, seat, encodeRefused({ ref: 0, code }));
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #greet(link: LinkConnection, said: Pick<Ready, "version"> & Partial<Ready>): void {
    link.put(
      linkKinds.ready,
      0,
      encodeControl({ platform: "none", world: "cd".repeat(32), contracts: [echo], ...said }),
    );
    for (const listing of this.#listings.values()) link.put(linkKinds.listing, 0, encodeControl(listing));
    link.flush();
  }

  #receive(link: LinkConnection, { kind, seat, body }: LinkMessage): void {
    if (kind === linkKinds.attach) {
      const { room } = decodeAttach(body);
      this.seats.set(seat, room);
      this.emit("attach", seat, room);
      if (!this.#listings.has(room)) this.refuse(seat, "room-not-found");
    } else if (kind === linkKinds.detach) {
      this.seats.delete(seat);
      this.emit("detach", seat);
    } else if (kind === linkKinds.frame) {
      this.emit("frame", seat, body.slice());
      if (this.echoes && this.seats.has(seat)) this.send(seat, body);
    } else if (kind === linkKinds.buffered) {
      this.emit("buffered", seat, decodeBuffered(body).bytes);
    } else if (kind === linkKinds.storeOffer) {
      this.emit("offer", decodeOffer(body).shared);
    } else if (kind === linkKinds.create) {
      this.#create(link, body);
    } else if (kind === linkKinds.ask) {
      this.emit("asked", decodeAsked(body));
    }
  }

  #create(link: LinkConnection, body: Uint8Array): void {
    const { ref, contract, options, listed } = decodeCreate(body);
    this.emit("create");
    if (!this.creates) return;
    if (this.refusing !== undefined) {
      link.put(linkKinds.refused, 0, encodeRefused({ ref, code: this.refusing }));
      return link.flush();
    }
    const room = this.open({ contract, options: options as Listing["options"], listed });
    link.put(linkKinds.created, 0, encodeControl({ ref, room }));
    link.flush();
  }

  #put(kind: Parameters<LinkConnection["put"]>[0], seat: number, body: Uint8Array): void {
    for (const link of this.#server.connections) {
      link.put(kind, seat, body);
      link.flush();
    }
  }
}

/** As a process of its own: `node echo-worker.ts <address>`. Stops with SIGTERM, or when whoever started it is gone. */
if (import.meta.main) {
  const worker = await EchoWorker.start(process.argv[2]!);
  worker.open();
  process.stdin.resume();
  await Promise.race([once(process, "SIGTERM"), once(process.stdin, "end")]);
  await worker.close();
  process.exit(0);
}
