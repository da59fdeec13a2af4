/**
 * The process in the enclave, put together: rooms behind the gate, the gate behind the link, time by the scheduler.
 *
 * Rooms are stepped when they are due, all that are due together; then each gateway gets one batch. Nothing but
 * handshakes and admissions leaves in between.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeControl, encodePulse } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { linkKinds } from "#protocol/link.ts";
import { worldId } from "#protocol/manifest.ts";
import type { BetweenRooms } from "./between-rooms.ts";
import { Boundaries } from "./boundaries.ts";
import { BusyShare } from "./busy.ts";
import { Resumptions } from "./channel/resumptions.ts";
import { monotonic, processorTime, random, wallTime } from "./clocks.ts";
import { Continuity } from "./continuity.ts";
import type { Gate } from "./gate.ts";
import { Gateways } from "./gateways.ts";
import { ItemDesk } from "./item-desk.ts";
import { LinkedChain } from "./ledger/follow/linked-chain.ts";
import { listenLink, type LinkServer } from "./link-server.ts";
import { Moving } from "./moving/moving.ts";
import { Peers } from "./moving/peers.ts";
import { openGate, type OpenedGate } from "./open-gate.ts";
import { MachineError } from "./sandbox/machine.ts";
import { Rooms, type HostedRoom } from "./rooms.ts";
import { Recovery } from "./recovery.ts";
import { RequestDesk } from "./requests/desk.ts";
import { Tunnels } from "./requests/tunnels.ts";
import { RoomDesk } from "./room-desk.ts";
import { Sending } from "./sending.ts";
import { Upkeep } from "./upkeep.ts";
import { deriveLineages } from "./vault/lineages.ts";
import { LinkedStore } from "./vault/store-client.ts";
import { Vault } from "./vault/vault.ts";
import type { WorkerSetup } from "./worker-setup.ts";

export type { WorkerEvent, WorkerSetup } from "./worker-setup.ts";

export interface Worker {
  /** Where it listens. */
  readonly address: string;
  readonly rooms: number;
  /** Whether a room has given its memory back because nobody is there. */
  asleep(room: RoomId): boolean;
  close(): Promise<void>;
}

export async function startWorker(setup: WorkerSetup): Promise<Worker> {
  const worker = new RunningWorker(setup);
  await worker.start();
  return worker;
}

class RunningWorker implements Worker {
  readonly #setup: WorkerSetup;
  readonly #boundaries: Boundaries;
  readonly #rooms: Rooms;
  readonly #resumptions = new Resumptions();
  readonly #store = new LinkedStore();
  readonly #sending = new Sending({
    links: () => this.#server.connections,
    flush: () => {
      this.#vault.flush();
      this.#server.flush();
    },
  });
  readonly #tunnels = new Tunnels(() => this.#sending.soon());
  readonly #chain = new LinkedChain();
  readonly #busy = new BusyShare();
  readonly #requests: RequestDesk;
  #vault!: Vault;
  #gate!: Gate;
  #between!: BetweenRooms;
  #desk!: RoomDesk;
  #continuity!: Continuity;
  #items!: ItemDesk;
  #moving!: Moving;
  #server!: LinkServer;
  #upkeep!: Upkeep;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    const { log } = setup;
    this.#boundaries = new Boundaries({
      here: (hosted) => this.#rooms.find(hosted.room.id) === hosted,
      step: (hosted, at, hurried) => this.#rooms.boundary(hosted, at, hurried),
      stepped: (hosted) => this.#renewIfDue(hosted),
      spoken: () => this.#sending.now(),
      failed: (hosted, error) => this.#failed(hosted, error),
      late: (lateMs) => log({ event: "late", lateMs }),
      beat: () => setup.beat?.(),
      now: monotonic,
      spent: processorTime,
    });
    this.#requests = new RequestDesk({
      way: { open: (host, port) => this.#tunnels.open(host, port), ...setup.requests },
      answered: (hosted, request, answer) => {
        if (this.#rooms.find(hosted.room.id) !== hosted) return;
        hosted.room.outside.answer(request, answer);
        this.#boundaries.touch(hosted);
      },
    });
    this.#rooms = new Rooms({
      contracts: setup.contracts,
      earlier: setup.earlier ?? [],
      output: {
        send: (connection, message) => this.#gate.send(connection, message),
        isFull: (connection) => this.#gate.isFull(connection),
        close: (connection, code) => this.#gate.close(connection, code),
      },
      announce: (listing) => this.#sending.broadcast(linkKinds.listing, encodeControl(listing)),
      held: (room, term) => this.#sending.broadcast(linkKinds.holding, encodeControl({ room, term })),
      gone: (room) => {
        this.#resumptions.forget(room);
        this.#desk.gone(room);
        this.#sending.broadcast(linkKinds.gone, encodeControl({ room }));
      },
      fault: (contract, detail) => {
        log({ event: "contract-faulted", contract });
        setup.fault?.(contract, detail);
      },
      random,
      lineageOf: (contract) => this.#vault.lineageOf(contract),
      vault: () => (this.#store.offered ? this.#vault : undefined),
      ask: (hosted, id, request) => this.#requests.ask(hosted, id, request),
      award: (lineage, awarded) => this.#items.award(lineage, awarded),
      consume: (hosted, one) => this.#items.consume(hosted, one),
      vouchersOf: (player) => this.#items.standing(player),
      ticket: (hosted, player, passage) => this.#between.ticket(hosted, player, passage),
      keep: (hosted, saving) => this.#between.keep(hosted, saving),
      report: (hosted, report) => this.#between.report(hosted, report),
      failed: (hosted, error) => this.#failed(hosted, error),
      durable: (hosted) => {
        this.#desk.durable(hosted);
        this.#continuity.durable(hosted);
      },
      clock: monotonic,
      ...(setup.limits === undefined ? {} : { limits: setup.limits }),
    });
  }

  get address(): string {
    return this.#server.address;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  asleep(room: RoomId): boolean {
    return this.#rooms.find(room)?.room.asleep ?? false;
  }

  async start(): Promise<void> {
    const { platform, world, address, collateral, log, limits } = this.#setup;
    const id = worldId(world);
    const { name } = await platform.info();
    const [rooms, boundaries, store] = [this.#rooms, this.#boundaries, this.#store];
    const { contracts, earlier = [], terms, chain, issues = true, threads } = this.#setup;
    const lineages = await deriveLineages(platform, id, [...contracts, ...earlier], terms);
    const vault = (this.#vault = new Vault({ store, world: id, lineages, random, log }));
    const { gate, between, wallets } = await this.#openGate(id);
    [this.#gate, this.#between] = [gate, between];
    const touched = (hosted: HostedRoom): void => boundaries.touch(hosted);
    const flush = (): void => this.#sending.soon();
    const bug = (error: unknown): void => this.#bug(error);
    const now = monotonic;
    const items = (this.#items = await ItemDesk.open({
      platform,
      world: id,
      store,
      lineages,
      contracts,
      recipients: wallets,
      chain,
      source: this.#chain,
      issues,
      rooms,
      touched,
      random,
      now: () => Date.now(),
      log,
      bug,
    }));
    const recovery = new Recovery({ rooms, vault, store, log, now, back: touched });
    const seen = { rooms, vault, log, now, limits: limits?.continuity, touched, back: touched };
    const continuity = (this.#continuity = new Continuity(seen));
    const desk = (this.#desk = new RoomDesk({ rooms, gate, recovery, kept: () => store.offered, flush, now }));
    const peers = new Peers({ platform, instance: random(32), wallTime });
    const moving = (this.#moving = new Moving({ rooms, boundaries, recovery, vault, peers, touched }));
    const ready = {
      version: protocolVersion,
      platform: name,
      world: bytesToHex(id),
      ...(threads === undefined ? {} : { threads }),
    };
    const gateways = new Gateways({
      ready: () => ({ ...ready, contracts: rooms.hosted() }),
      rooms,
      desk,
      moving,
      store,
      recovery,
      collateral,
      tunnels: this.#tunnels,
      chain: this.#chain,
      log,
      flush,
      bug,
    });
    this.#server = await listenLink(address, {
      onOpen: (link) => gateways.greet(link),
      onMessage: (link, message) => gateways.receive(link, message),
      onClose: (link, end) => gateways.part(link, end),
      pulse: () => encodePulse({ busy: this.#busy.share }),
    });
    items.start();
    const [busy, resumptions] = [this.#busy, this.#resumptions];
    this.#upkeep = new Upkeep({
      busy,
      gate,
      resumptions,
      continuity,
      rooms,
      boundaries,
      items,
      log,
      flush,
      bug,
      now,
    });
  }

  async close(): Promise<void> {
    this.#boundaries.stop();
    this.#upkeep.stop();
    this.#between.close();
    this.#items.close();
    await this.#vault.close();
    await this.#store.close();
    await this.#server.close();
    for (const { room } of this.#rooms.all()) room.close();
  }

  #openGate(world: Uint8Array): Promise<OpenedGate> {
    const { platform, log } = this.#setup;
    return openGate({
      platform,
      world,
      moderator: this.#setup.world.moderator,
      store: this.#store,
      resumptions: this.#resumptions,
      issuerOf: (lineage) => this.#items.issuerOf(lineage),
      find: (room) => this.#rooms.find(room),
      present: (hosted, witness) => this.#continuity.present(hosted, witness),
      touched: (hosted) => this.#boundaries.touch(hosted),
      urgent: () => this.#sending.soon(),
      log,
      bug: (error) => this.#bug(error),
    });
  }

  /** A room by other rules is another room on the same log: it is let go of, and read back. */
  #renewIfDue(hosted: HostedRoom): void {
    if (!hosted.room.upgradeDue) return;
    this.#moving.renew(hosted).catch((error: unknown) => {
      if (error instanceof ProtocolError) this.#setup.log({ event: "room-unrenewed", code: error.code });
      else this.#bug(error);
    });
  }

  /** Ours, not the contract's: stop this room rather than let it say something wrong. */
  #failed(hosted: HostedRoom, error: unknown): void {
    if (error instanceof MachineError) this.#setup.log({ event: "machine-gave-out" });
    else this.#bug(error);
    this.#rooms.forget(hosted);
  }

  #bug(error: unknown): void {
    this.#setup.log({ event: "bug", error: error instanceof Error ? (error.stack ?? error.name) : typeof error });
  }
}
