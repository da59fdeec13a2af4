/**
 * The gateway's end of the link to one worker: it connects, comes back when the worker does, and hands out seats.
 *
 * Which of several workers has a room, `workers.ts` knows: it keeps one link for each.
 */
import { EventEmitter } from "node:events";
import {
  decodeAttach,
  decodeCreated,
  decodeHolding,
  decodeListing,
  decodePulse,
  decodeReady,
  decodeRefused,
  encodeControl,
  type CreateRequest,
  type Holding,
  type Listing,
  type Ready,
} from "#protocol/control.ts";
import { decodeTold, encodeAsked, type MovingAnswer, type MovingRequest } from "#protocol/moving.ts";
import {
  type CollateralAnswer,
  type CollateralRequest,
  decodeCollateralRequest,
  encodeCollateralAnswer,
} from "#protocol/collateral.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { encodeChainOffer } from "#protocol/chain-link.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { LinkSocket, linkTimes, type LinkTimes } from "./link-socket.ts";
import type { Log, LossReason } from "./log.ts";

/** What one seat is told. */
export interface SeatReceiver {
  /** One envelope. It is a view: copy what is kept. */
  frame(envelope: Uint8Array): void;
  /** The worker is too slow: read no more from this client, or go on reading. */
  hold(held: boolean): void;
  /** The worker ended this seat, or is gone. Nothing follows. */
  close(code: ErrorCode): void;
}

/** One client's place in the link. */
export interface Seat {
  send(envelope: Uint8Array): void;
  /** How many bytes wait for this client: a hint, so that the worker may say less. */
  report(bytes: number): void;
  /** The client is gone. */
  detach(): void;
}

export interface LinkEvents {
  /** The worker is there. Its listings follow. */
  ready: [ready: Ready];
  /** The worker has answered a ping; `busy` is new. */
  pulse: [];
  holding: [holding: Holding];
  listing: [listing: Listing];
  gone: [room: RoomId];
  /** The worker asks for the vendor's statements about its machine; `answerCollateral` answers. */
  wanted: [request: CollateralRequest];
  /** A fragment of what the worker asks the store that was offered to it. A view; whoever listens may throw ProtocolError. */
  asked: [fragment: Uint8Array];
  /** A fragment of what the worker asks the chain that was offered to it. As `asked`. */
  chainAsked: [fragment: Uint8Array];
  /** Something about a tunnel; see `#protocol/tunnel.ts`. A view; whoever listens may throw ProtocolError. */
  tunnel: [tunnel: number, body: Uint8Array];
  /** The worker is gone, and with it every seat and listing. */
  lost: [reason: LossReason];
}

/** Questions without an answer: more means that the worker has stopped answering any. */
const unansweredMax = 64;

/** Something asked of the worker. */
interface Pending {
  resolve(answer: RoomId | MovingAnswer): void;
  reject(error: ProtocolError): void;
  readonly timer: NodeJS.Timeout;
}

export class EnclaveLink extends EventEmitter<LinkEvents> {
  readonly #address: LinkAddress;
  readonly #log: Log;
  readonly #times: LinkTimes;
  readonly #seats = new Map<number, SeatReceiver>();
  readonly #pending = new Map<number, Pending>();
  #socket: LinkSocket | undefined;
  #ready: Ready | undefined;
  #busy = 0;
  #caughtUp: PromiseWithResolvers<void> | undefined;
  #lastSeat = 0;
  #lastRef = 0;
  #retryMs: number;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: LinkAddress, log: Log, times: LinkTimes = linkTimes) {
    super();
    this.#address = address;
    this.#log = log;
    this.#times = times;
    this.#retryMs = times.retryMs;
  }

  /** What the worker said it is; undefined while there is none. */
  get ready(): Ready | undefined {
    return this.#ready;
  }

  get seats(): number {
    return this.#seats.size;
  }

  /** For how much of the time the worker has something to do, as it says: 0 to 1. */
  get busy(): number {
    return this.#busy;
  }

  /** Settles when the worker reads again, or is gone; undefined while it reads what it is sent. */
  get caughtUp(): Promise<void> | undefined {
    return this.#caughtUp?.promise;
  }

  /** Connects, and keeps trying. */
  start(): void {
    const socket: LinkSocket = new LinkSocket(
      this.#address,
      {
        message: (message) => this.#believing(() => this.#dispatch(message)),
        pulse: (body) =>
          this.#believing(() => {
            this.#busy = decodePulse(body).busy;
            this.emit("pulse");
          }),
        held: (held) => {
          this.#caughtUp?.resolve();
          this.#caughtUp = held ? Promise.withResolvers() : undefined;
          for (const receiver of this.#seats.values()) receiver.hold(held);
        },
        end: (reason) => this.#end(reason),
      },
      this.#times,
    );
    this.#socket = socket;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.end("stopped");
  }

  /**
   * A seat at this room. Whether the room exists, the worker says by closing the seat.
   *
   * @throws ProtocolError "worker-lost" while there is no worker, "busy" while it takes no more.
   */
  attach(room: RoomId, receiver: SeatReceiver): Seat {
    const socket = this.#open();
    if (socket.held) throw new ProtocolError("busy", "link");
    const seat = this.#nextSeat();
    this.#seats.set(seat, receiver);
    socket.put(linkKinds.attach, seat, encodeControl({ room }));
    // Once the seat is closed from the other side, its number may be somebody else's.
    const mine = (): boolean => this.#seats.get(seat) === receiver;
    return {
      send: (envelope) => {
        if (mine()) socket.put(linkKinds.frame, seat, envelope);
      },
      report: (bytes) => {
        if (mine()) socket.put(linkKinds.buffered, seat, encodeControl({ bytes }));
      },
      detach: () => {
        if (!mine()) return;
        this.#seats.delete(seat);
        socket.put(linkKinds.detach, seat, new Uint8Array(0));
      },
    };
  }

  /** Makes a room. @throws ProtocolError with the worker's code; "worker-lost"; "busy" if it takes too long. */
  create(request: Omit<CreateRequest, "ref">): Promise<RoomId> {
    return this.#await("create", (ref, socket) =>
      socket.put(linkKinds.create, 0, encodeControl({ ref, ...request })),
    ) as Promise<RoomId>;
  }

  /** Asks about where rooms are. @throws ProtocolError as `create`. */
  ask(request: MovingRequest): Promise<MovingAnswer> {
    return this.#await(request.ask, (ref, socket) =>
      socket.put(linkKinds.ask, 0, encodeAsked({ ...request, ref })),
    ) as Promise<MovingAnswer>;
  }

  async #await(what: string, send: (ref: number, socket: LinkSocket) => void): Promise<RoomId | MovingAnswer> {
    const socket = this.#open();
    if (socket.held || this.#pending.size >= unansweredMax) throw new ProtocolError("busy", what);
    const ref = (this.#lastRef += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#answered(ref)?.reject(new ProtocolError("busy", what)),
        this.#times.createMs,
      );
      this.#pending.set(ref, { resolve, reject, timer });
      send(ref, socket);
    });
  }

  /** Does nothing while there is no worker. @throws ProtocolError "too-long" */
  answerCollateral(answer: CollateralAnswer): void {
    this.#socket?.put(linkKinds.collateral, 0, encodeCollateralAnswer(answer));
  }

  /**
   * Tells the worker that there is a store here. Fragments of questions come as "asked".
   *
   * @param shared whether other workers have rooms there, too.
   */
  offerStore(shared = false): void {
    this.#socket?.put(linkKinds.storeOffer, 0, encodeOffer(shared));
  }

  /** Sends fragments of answers. `done` is called once they are on their way; never, if the worker is gone. */
  answerStore(fragments: readonly Uint8Array[], done: () => void): void {
    this.#socket?.sendApart(linkKinds.storeAnswer, fragments, done);
  }

  /** Tells the worker that there is a chain here. Fragments of questions come as "chainAsked". */
  offerChain(): void {
    this.#socket?.put(linkKinds.chainOffer, 0, encodeChainOffer());
  }

  /** As `answerStore`. */
  answerChain(fragments: readonly Uint8Array[], done: () => void): void {
    this.#socket?.sendApart(linkKinds.chainAnswer, fragments, done);
  }

  /** Says something about a tunnel. Does nothing while there is no worker. */
  answerTunnel(tunnel: number, body: Uint8Array): void {
    this.#socket?.put(linkKinds.tunnelled, tunnel, body);
  }

  #open(): LinkSocket {
    if (this.#ready === undefined || this.#socket === undefined) throw new ProtocolError("worker-lost");
    return this.#socket;
  }

  #nextSeat(): number {
    do this.#lastSeat = (this.#lastSeat % 0xffff_ffff) + 1;
    while (this.#seats.has(this.#lastSeat));
    return this.#lastSeat;
  }

  /** A worker that says what cannot be read is not listened to any more. */
  #believing(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#socket?.end("malformed");
    }
  }

  #dispatch({ kind, seat, body }: LinkMessage): void {
    switch (kind) {
      case linkKinds.frame:
        this.#seats.get(seat)?.frame(body);
        return;
      case linkKinds.close:
        return this.#closeSeat(seat, decodeRefused(body).code);
      case linkKinds.holding:
        this.emit("holding", decodeHolding(body));
        return;
      case linkKinds.listing:
        this.emit("listing", decodeListing(body));
        return;
      case linkKinds.gone:
        this.emit("gone", decodeAttach(body).room);
        return;
      case linkKinds.wanted:
        this.emit("wanted", decodeCollateralRequest(body));
        return;
      case linkKinds.storeQuestion:
        if (this.#ready === undefined || !this.emit("asked", body)) throw new ProtocolError("malformed", "no store");
        return;
      case linkKinds.chainQuestion:
        if (this.#ready === undefined || !this.emit("chainAsked", body))
          throw new ProtocolError("malformed", "no chain");
        return;
      case linkKinds.tunnel:
        if (this.#ready === undefined || !this.emit("tunnel", seat, body))
          throw new ProtocolError("malformed", "tunnel");
        return;
      case linkKinds.created: {
        const { ref, room } = decodeCreated(body);
        this.#answered(ref)?.resolve(room);
        return;
      }
      case linkKinds.told: {
        const { ref, answer } = decodeTold(body);
        this.#answered(ref)?.resolve(answer);
        return;
      }
      case linkKinds.refused: {
        const { ref, code } = decodeRefused(body);
        this.#answered(ref)?.reject(new ProtocolError(code, "worker"));
        return;
      }
      case linkKinds.ready:
        return this.#welcome(decodeReady(body));
      default:
        throw new ProtocolError("malformed", "link kind");
    }
  }

  #welcome(ready: Ready): void {
    if (ready.version !== protocolVersion) {
      this.#log({ event: "worker-incompatible", version: ready.version });
      this.#socket?.end("incompatible");
      return;
    }
    this.#ready = ready;
    this.#busy = 0;
    this.#retryMs = this.#times.retryMs;
    this.#log({ event: "worker-ready", platform: ready.platform, contracts: ready.contracts.length });
    this.emit("ready", ready);
  }

  #closeSeat(seat: number, code: ErrorCode): void {
    const receiver = this.#seats.get(seat);
    this.#seats.delete(seat);
    receiver?.close(code);
  }

  #answered(ref: number): Pending | undefined {
    const pending = this.#pending.get(ref);
    this.#pending.delete(ref);
    clearTimeout(pending?.timer);
    return pending;
  }

  #end(reason: LossReason): void {
    const was = this.#ready;
    this.#socket = undefined;
    this.#ready = undefined;
    this.#caughtUp?.resolve();
    this.#caughtUp = undefined;
    for (const ref of this.#pending.keys()) this.#answered(ref)?.reject(new ProtocolError("worker-lost", "asked"));
    for (const seat of this.#seats.keys()) this.#closeSeat(seat, "worker-lost");
    if (was !== undefined) {
      if (reason !== "stopped") this.#log({ event: "worker-lost", reason });
      this.emit("lost", reason);
    }
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#times.retryMaxMs, this.#retryMs * 2);
  }
}
