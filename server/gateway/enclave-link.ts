/**
 * The gateway's end of the link to one worker: it connects, comes back when the worker does, and says what it hears. Who sits
 * there is in `link-seats.ts`, what was asked in `link-questions.ts`.
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
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { encodeChainOffer } from "#protocol/chain-link.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { LinkQuestions } from "./link-questions.ts";
import { LinkSeats, type Seat, type SeatReceiver } from "./link-seats.ts";
import { LinkSocket, linkTimes, type LinkTimes } from "./link-socket.ts";
import type { WorkerEvent, LossReason } from "./log.ts";

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

export class EnclaveLink extends EventEmitter<LinkEvents> {
  readonly #address: LinkAddress;
  readonly #log: (event: WorkerEvent) => void;
  readonly #times: LinkTimes;
  readonly #seats = new LinkSeats();
  readonly #questions: LinkQuestions<RoomId | MovingAnswer>;
  #socket: LinkSocket | undefined;
  #ready: Ready | undefined;
  #busy = 0;
  #caughtUp: PromiseWithResolvers<void> | undefined;
  #retryMs: number;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: LinkAddress, log: (event: WorkerEvent) => void, times: LinkTimes = linkTimes) {
    super();
    this.#address = address;
    this.#log = log;
    this.#times = times;
    this.#retryMs = times.retryMs;
    this.#questions = new LinkQuestions(times.createMs);
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
          this.#seats.hold(held);
        },
        end: (reason) => this.#end(reason),
      },
      this.#times,
    );
    this.#socket = socket;
  }

  /** The worker is about to stop, as it was told to: its end is no loss, and it is not looked for again. */
  letGo(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  close(): void {
    this.letGo();
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
    return this.#seats.attach(socket, room, receiver);
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
    if (socket.held) throw new ProtocolError("busy", what);
    return this.#questions.ask(what, (ref) => send(ref, socket));
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
        return this.#seats.frame(seat, body);
      case linkKinds.close:
        return this.#seats.close(seat, decodeRefused(body).code);
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
        return this.#questions.answer(ref, room);
      }
      case linkKinds.told: {
        const { ref, answer } = decodeTold(body);
        return this.#questions.answer(ref, answer);
      }
      case linkKinds.refused: {
        const { ref, code } = decodeRefused(body);
        return this.#questions.refuse(ref, code, "worker");
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

  #end(reason: LossReason): void {
    const was = this.#ready;
    this.#socket = undefined;
    this.#ready = undefined;
    this.#caughtUp?.resolve();
    this.#caughtUp = undefined;
    this.#questions.refuseAll("worker-lost", "asked");
    this.#seats.closeAll("worker-lost");
    if (was !== undefined) {
      if (!this.#closed) this.#log({ event: "worker-lost", reason });
      this.emit("lost", reason);
    }
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#times.retryMaxMs, this.#retryMs * 2);
  }
}
