/**
 * A worker without a process: the real gate, rooms, vault and recovery, put together as `server/enclave/worker.ts` does,
 * under virtual time and on links that are function calls.
 */
import { decodeAttach } from "#protocol/control.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { StoreError } from "#protocol/store.ts";
import type { Suite } from "#protocol/suite.ts";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import { ChannelKeys } from "#enclave/channel/channel-key.ts";
import { Resumptions } from "#enclave/channel/resumptions.ts";
import { Welcomes } from "#enclave/channel/welcomes.ts";
import { Continuity } from "#enclave/continuity.ts";
import { Gate } from "#enclave/gate.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import type { LinkConnection } from "#enclave/link-server.ts";
import { Recovery } from "#enclave/recovery.ts";
import { RoomDesk } from "#enclave/room-desk.ts";
import type { ConnectionId } from "#enclave/room/audience.ts";
import { Rooms, type HostedRoom, type RoomsLimits } from "#enclave/rooms.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { LinkedStore } from "#enclave/vault/store-client.ts";
import { Vault } from "#enclave/vault/vault.ts";
import type { VirtualTime } from "../client/virtual-time.ts";
import type { WorkerMessage } from "#protocol/message.ts";

/** This worker's end of a link. What a gateway says is `receive` here. */
export type WorkerLink = LinkConnection;

export interface WorkerSetup {
  readonly name: string;
  readonly time: VirtualTime;
  readonly suite: Suite;
  readonly world: Uint8Array;
  readonly platform: Platform;
  readonly contracts: readonly LoadedContract[];
  readonly lineages: readonly Lineage[];
  readonly random: (length: number) => Uint8Array;
  readonly observer: WorkerObserver;
}

/** Sees what happens inside; says nothing. */
export interface WorkerObserver {
  /** A copy of a room says this. */
  said(copy: HostedRoom, connection: ConnectionId, message: WorkerMessage): void;
  entered(copy: HostedRoom, connection: ConnectionId, player: PlayerId): void;
  left(copy: HostedRoom, connection: ConnectionId): void;
  /** From here until `stepped` contracts are called live, not repeated. */
  stepping(copy: HostedRoom): void;
  stepped(): void;
  /** What only a mistake of ours makes happen. */
  bug(error: unknown): void;
  event(name: string): void;
}

/** Small, so that a short story has sleep and snapshots in it. */
const limits: RoomsLimits = {
  roomsMax: 100,
  sleepAfterMs: 3000,
  forgetAfterMs: 3_600_000,
  abandonAfterMs: 24 * 3_600_000,
  recordsPerSave: 8,
};

const tidyMs = 1000;

export class SimulatedWorker {
  readonly rooms: Rooms;
  readonly vault: Vault;
  readonly store = new LinkedStore();
  readonly name: string;
  readonly #setup: WorkerSetup;
  readonly #gate: Gate;
  readonly #recovery: Recovery;
  readonly #continuity: Continuity;
  readonly #resumptions = new Resumptions();
  readonly #desk: RoomDesk;
  readonly #due = new Map<HostedRoom, () => void>();
  readonly #byConnection = new Map<ConnectionId, HostedRoom>();
  readonly #durable = new Map<HostedRoom, (() => void)[]>();
  /** Ahead of everybody's time: its machine stood still, or its clock was set. */
  #ahead = 0;
  #alive = true;
  #flushing = false;

  constructor(setup: WorkerSetup) {
    const { suite, world, platform, contracts, lineages, random, observer } = setup;
    this.#setup = setup;
    this.name = setup.name;
    this.rooms = new Rooms({
      contracts,
      output: {
        send: (connection, message) => {
          const copy = this.#byConnection.get(connection);
          if (!this.#alive || copy === undefined) return;
          observer.said(copy, connection, message);
          this.#gate.send(connection, message);
        },
        close: (connection, code) => {
          if (this.#alive) this.#gate.close(connection, code);
        },
      },
      announce: () => undefined,
      gone: (room) => this.#resumptions.forget(room),
      fault: () => observer.event("contract-faulted"),
      random,
      vault: () => this.vault,
      durable: (hosted) => {
        for (const tell of this.#durable.get(hosted) ?? []) tell();
        this.#durable.delete(hosted);
        this.#continuity.durable(hosted);
      },
      limits,
    });
    this.vault = new Vault({
      store: this.store,
      world,
      lineages,
      random,
      log: ({ event }) => observer.event(event),
      wait: (ms) => new Promise((resolve) => void this.#after(ms, resolve)),
    });
    this.#gate = new Gate({
      world,
      worldKey: new Uint8Array(32).fill(3),
      wallets: new WalletLinks({ world, worldKey: new Uint8Array(32).fill(3), store: () => undefined, random }),
      suite,
      welcomes: new Welcomes(suite, new ChannelKeys(suite), platform, this.now),
      resumptions: this.#resumptions,
      find: (room) => this.rooms.find(room),
      present: (hosted, witness) => this.#continuity.present(hosted, witness),
      touched: (hosted) => this.#reschedule(hosted),
      urgent: () => this.#flushSoon(),
      bug: (error) => observer.bug(error),
      now: this.now,
    });
    this.#recovery = new Recovery({
      rooms: this.rooms,
      vault: this.vault,
      store: this.store,
      back: (hosted) => {
        this.#watch(hosted);
        this.#reschedule(hosted);
      },
      log: ({ event }) => observer.event(event),
      now: this.now,
    });
    this.#continuity = new Continuity({
      rooms: this.rooms,
      vault: this.vault,
      touched: (hosted) => this.#reschedule(hosted),
      back: (hosted) => {
        this.#watch(hosted);
        this.#reschedule(hosted);
      },
      log: ({ event }) => observer.event(event),
      now: this.now,
    });
    this.#desk = new RoomDesk({
      rooms: this.rooms,
      gate: this.#gate,
      recovery: this.#recovery,
      kept: () => this.store.offered,
      flush: () => this.#flushSoon(),
      now: this.now,
    });
    void this.#recovery.all().catch(() => undefined);
    this.#tidyLater();
  }

  get alive(): boolean {
    return this.#alive;
  }

  readonly now = (): number => this.#setup.time.now() + this.#ahead;

  /** The clock goes on from later. */
  jump(ms: number): void {
    this.#ahead += ms;
    for (const hosted of this.rooms.all()) this.#reschedule(hosted);
  }

  /** As by kill -9: nothing of it is ever heard again. */
  kill(): void {
    this.#alive = false;
    for (const cancel of this.#due.values()) cancel();
    this.#due.clear();
  }

  /** A new room, once it is durable; undefined if the worker dies before. */
  create(contract: string): Promise<RoomId> {
    const hosted = this.rooms.create({ contract, options: {}, listed: true }, this.now());
    this.#watch(hosted);
    this.#flushSoon();
    return new Promise((resolve) => this.#durable.set(hosted, [() => resolve(hosted.room.id)]));
  }

  attached(link: WorkerLink, offer: Uint8Array): void {
    this.store.offer(link, offer);
  }

  /** The link is gone. */
  part(link: WorkerLink): void {
    this.store.detach(link);
    this.#desk.unlink(link);
  }

  receive(link: WorkerLink, kind: LinkKind, seat: number, body: Uint8Array): void {
    if (!this.#alive) return;
    switch (kind) {
      case linkKinds.frame:
        return this.#desk.frame(link, seat, body);
      case linkKinds.attach:
        return this.#desk.attach(link, seat, decodeAttach(body).room);
      case linkKinds.detach:
        return this.#desk.detach(link, seat);
      case linkKinds.storeAnswer:
        return this.store.answer(link, body);
      default:
        throw new Error("the simulated gateway says something else");
    }
  }

  /** Who is in a copy of a room, by what it is told itself. */
  #watch(hosted: HostedRoom): void {
    const { observer } = this.#setup;
    const { room } = hosted;
    const [enter, reenter, drop] = [room.enter.bind(room), room.reenter.bind(room), room.drop.bind(room)];
    room.enter = (...given) => {
      this.#byConnection.set(given[0], hosted);
      enter(...given);
      observer.entered(hosted, given[0], given[1].player);
    };
    room.reenter = (...given) => {
      this.#byConnection.set(given[0], hosted);
      reenter(...given);
      observer.entered(hosted, given[0], given[1]);
    };
    room.drop = (connection, now) => {
      observer.left(hosted, connection);
      drop(connection, now);
    };
  }

  #reschedule(hosted: HostedRoom): void {
    this.#due.get(hosted)?.();
    this.#due.delete(hosted);
    const { dueAt } = hosted.room;
    if (dueAt === Number.POSITIVE_INFINITY || this.rooms.find(hosted.room.id) !== hosted) return;
    this.#due.set(
      hosted,
      this.#after(dueAt - this.now(), () => {
        this.#step(hosted);
        this.#reschedule(hosted);
      }),
    );
  }

  #step(hosted: HostedRoom): void {
    if (this.rooms.find(hosted.room.id) !== hosted) return;
    const { observer } = this.#setup;
    observer.stepping(hosted);
    try {
      hosted.room.boundary(this.now());
    } catch (error) {
      observer.bug(error);
      this.rooms.forget(hosted);
    } finally {
      observer.stepped();
    }
    this.vault.flush();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#after(0, () => {
      this.#flushing = false;
      this.vault.flush();
    });
  }

  #tidyLater(): void {
    this.#after(tidyMs, () => {
      this.#gate.expire();
      this.#continuity.look();
      this.rooms.tidy(this.now());
      void this.rooms.save((error) => {
        if (!(error instanceof StoreError)) this.#setup.observer.bug(error);
      });
      this.#flushSoon();
      this.#tidyLater();
    });
  }

  #after(ms: number, work: () => void): () => void {
    return this.#setup.time.after(ms, () => {
      if (this.#alive) work();
    });
  }
}
