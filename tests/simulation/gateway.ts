/**
 * A gateway without a process: links to workers, seats, and the real service that answers workers from a store. What is
 * between it and a player is a line that keeps order and nothing else.
 */
import { ClientError } from "#client/errors.ts";
import type { Connection, Receiver } from "#client/transport.ts";
import { decodeRefused, encodeControl } from "#protocol/control.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { StoreService, type StoreConversation } from "#gateway/store-service.ts";
import { StoreTraffic } from "#gateway/store-traffic.ts";
import type { VirtualTime } from "../client/virtual-time.ts";
import type { SeededNumbers } from "../deep/deep.ts";
import { chance, type Weather } from "./mischief.ts";
import type { UnrulyStore } from "./unruly-store.ts";
import type { SimulatedWorker, WorkerLink } from "./worker.ts";

export interface GatewaySetup {
  readonly time: VirtualTime;
  readonly numbers: SeededNumbers;
  readonly weather: () => Weather;
}

/** In order, each a little later than it was said. */
class Line {
  readonly #time: VirtualTime;
  readonly #numbers: SeededNumbers;
  #last = 0;

  constructor(time: VirtualTime, numbers: SeededNumbers) {
    this.#time = time;
    this.#numbers = numbers;
  }

  deliver(msMax: number, work: () => void): void {
    this.#last = Math.max(this.#last, this.#time.now() + this.#numbers.below(msMax + 1));
    this.#time.after(this.#last - this.#time.now(), work);
  }
}

interface Socket {
  readonly seat: number;
  readonly receiver: Receiver;
  readonly up: Line;
  readonly down: Line;
  open: boolean;
}

/** A gateway and one worker, as long as they hear each other. */
class Link {
  readonly worker: SimulatedWorker;
  readonly sockets = new Map<number, Socket>();
  readonly #setup: GatewaySetup;
  readonly #toWorker: Line;
  readonly #toGateway: Line;
  readonly #end: WorkerLink;
  readonly #conversation: StoreConversation;
  #workerHears = true;
  #gatewayHears = true;

  constructor(id: number, worker: SimulatedWorker, store: StoreService, setup: GatewaySetup) {
    const { time, numbers } = setup;
    this.worker = worker;
    this.#setup = setup;
    this.#toWorker = new Line(time, numbers);
    this.#toGateway = new Line(time, numbers);
    const hears = (): boolean => this.#workerHears;
    this.#end = {
      id,
      get open() {
        return hears();
      },
      full: false,
      flush: () => undefined,
      close: () => this.cut(0, 0),
      put: (kind, seat, body) => this.#fromWorker(kind, seat, body.slice()),
      sendApart: (kind, bodies, done) => {
        for (const body of bodies) this.#fromWorker(kind, 0, body.slice());
        time.after(1, () => {
          if (this.#workerHears) done();
        });
      },
    };
    this.#conversation = store.open({
      answerStore: (fragments, done) => {
        for (const fragment of fragments) this.send(linkKinds.storeAnswer, 0, fragment.slice());
        time.after(1, () => {
          if (this.#gatewayHears) done();
        });
      },
    });
    worker.attached(this.#end, encodeOffer());
  }

  get open(): boolean {
    return this.#gatewayHears && this.worker.alive;
  }

  send(kind: LinkKind, seat: number, body: Uint8Array): void {
    this.#toWorker.deliver(2, () => {
      if (this.#workerHears && this.worker.alive) this.worker.receive(this.#end, kind, seat, body);
    });
  }

  /** Each end notices in its own time that the other is gone. */
  cut(gatewayAfterMs: number, workerAfterMs: number): void {
    const { time } = this.#setup;
    time.after(gatewayAfterMs, () => this.#leave());
    time.after(workerAfterMs, () => {
      if (!this.#workerHears) return;
      this.#workerHears = false;
      if (this.worker.alive) this.worker.part(this.#end);
    });
  }

  #leave(): void {
    if (!this.#gatewayHears) return;
    this.#gatewayHears = false;
    this.#conversation.end();
    for (const socket of this.sockets.values()) hangUp(socket, "worker-lost");
    this.sockets.clear();
  }

  #fromWorker(kind: LinkKind, seat: number, body: Uint8Array): void {
    this.#toGateway.deliver(2, () => {
      // What was on its way when the worker died may still arrive.
      if (!this.#gatewayHears) return;
      if (kind === linkKinds.storeQuestion) return this.#conversation.receive(body);
      const socket = this.sockets.get(seat);
      if (socket === undefined) return;
      if (kind === linkKinds.close) {
        this.sockets.delete(seat);
        socket.down.deliver(3, () => hangUp(socket, decodeRefused(body).code));
      } else if (kind === linkKinds.frame) {
        this.#pass(socket.down, () => socket.open && socket.receiver.bytes(body));
      }
    });
  }

  /** What the network does to an envelope. The channel above notices all of it. */
  #pass(line: Line, work: () => void): void {
    const { numbers, weather } = this.#setup;
    if (chance(numbers, weather().dropped)) return;
    line.deliver(3, work);
    if (chance(numbers, weather().doubled)) line.deliver(30, work);
  }

  /** From a player. */
  frame(socket: Socket, envelope: Uint8Array): void {
    const { numbers, weather } = this.#setup;
    const bytes = envelope.slice();
    if (bytes.length > 8 && chance(numbers, weather().flipped)) bytes[bytes.length - 1]! ^= 1;
    this.#pass(socket.up, () => {
      if (socket.open && this.sockets.has(socket.seat)) this.send(linkKinds.frame, socket.seat, bytes);
    });
  }
}

export class SimulatedGateway {
  readonly #setup: GatewaySetup;
  readonly store: UnrulyStore;
  readonly #service: StoreService;
  readonly #links = new Map<SimulatedWorker, Link>();
  #lastSeat = 0;
  #lastLink = 0;

  constructor(setup: GatewaySetup, store: UnrulyStore) {
    this.#setup = setup;
    this.store = store;
    this.#service = new StoreService({
      store,
      traffic: new StoreTraffic(),
      log: () => undefined,
      now: setup.time.now,
    });
  }

  connect(worker: SimulatedWorker): void {
    if (this.#links.get(worker)?.open === true) return;
    this.#links.set(worker, new Link((this.#lastLink += 1), worker, this.#service, this.#setup));
  }

  connected(worker: SimulatedWorker): boolean {
    return this.#links.get(worker)?.open === true;
  }

  /** Ends the link to this worker. */
  cut(worker: SimulatedWorker, gatewayAfterMs: number, workerAfterMs: number): void {
    this.#links.get(worker)?.cut(gatewayAfterMs, workerAfterMs);
    this.#links.delete(worker);
  }

  /** @throws ClientError of source "gateway". */
  open(worker: SimulatedWorker | undefined, room: RoomId, receiver: Receiver): Connection & { cut(): void } {
    const link = worker === undefined ? undefined : this.#links.get(worker);
    if (link === undefined || !link.open) throw new ClientError("worker-lost", { source: "gateway" });
    const { time, numbers } = this.#setup;
    const socket: Socket = {
      seat: (this.#lastSeat += 1),
      receiver,
      up: new Line(time, numbers),
      down: new Line(time, numbers),
      open: true,
    };
    link.sockets.set(socket.seat, socket);
    link.send(linkKinds.attach, socket.seat, encodeControl({ room }));
    const close = (): void => {
      socket.open = false;
      if (link.sockets.delete(socket.seat)) link.send(linkKinds.detach, socket.seat, new Uint8Array(0));
    };
    return {
      send: (envelope) => {
        if (socket.open) link.frame(socket, envelope);
      },
      close,
      cut: () => {
        const { open } = socket;
        close();
        if (open) receiver.closed("unreachable");
      },
    };
  }
}

function hangUp(socket: Socket, code: ErrorCode): void {
  if (!socket.open) return;
  socket.open = false;
  socket.receiver.closed(code);
}
