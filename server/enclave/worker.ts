/**
 * The process in the enclave, put together: rooms behind the gate, the gate behind the link, time by the scheduler.
 *
 * Rooms are stepped when they are due, all that are due together; then each gateway gets one batch. Nothing but
 * handshakes and admissions leaves in between.
 */
import { encodeControl, encodePulse } from "#protocol/control.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { StoreError } from "#protocol/store.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { worldId } from "#protocol/manifest.ts";
import { accountOf } from "#rmrk/account.ts";
import { WalletLinks } from "./accounts/wallet-links.ts";
import { BetweenRooms } from "./between-rooms.ts";
import { Boundaries } from "./boundaries.ts";
import { BusyShare } from "./busy.ts";
import { ChannelKeys } from "./channel/channel-key.ts";
import { Resumptions } from "./channel/resumptions.ts";
import { sodiumSuite } from "./channel/suite.ts";
import { Welcomes } from "./channel/welcomes.ts";
import { Continuity } from "./continuity.ts";
import { Gate } from "./gate.ts";
import { Gateways } from "./gateways.ts";
import { LinkedChain } from "./ledger/follow/linked-chain.ts";
import { listenLink, type LinkServer } from "./link-server.ts";
import { Moving } from "./moving/moving.ts";
import { Peers } from "./moving/peers.ts";
import type { Platform } from "./platform/platform.ts";
import { MachineError } from "./sandbox/machine.ts";
import type { Consumption } from "./room/consuming.ts";
import { Rooms, type HostedRoom } from "./rooms.ts";
import { Recovery } from "./recovery.ts";
import { RequestDesk } from "./requests/desk.ts";
import { Tunnels } from "./requests/tunnels.ts";
import { RoomDesk } from "./room-desk.ts";
import { AwardDesk } from "./reward/award-desk.ts";
import { Holdings } from "./reward/holdings.ts";
import { stored } from "./stored.ts";
import { deriveLineages, type Lineage } from "./vault/lineages.ts";
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

/** How often empty rooms and slow joiners are looked at. */
const tidyMs = 1000;

export async function startWorker(setup: WorkerSetup): Promise<Worker> {
  const worker = new RunningWorker(setup);
  await worker.start();
  return worker;
}

const monotonic = (): number => performance.now();
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
const wallTime = (): number => Date.now() / 1000;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

class RunningWorker implements Worker {
  readonly #setup: WorkerSetup;
  readonly #boundaries: Boundaries;
  readonly #rooms: Rooms;
  readonly #resumptions = new Resumptions();
  readonly #store = new LinkedStore();
  readonly #tunnels = new Tunnels(() => this.#flushSoon());
  readonly #chain = new LinkedChain();
  readonly #busy = new BusyShare();
  readonly #requests: RequestDesk;
  #vault!: Vault;
  #gate!: Gate;
  #between!: BetweenRooms;
  #desk!: RoomDesk;
  #continuity!: Continuity;
  #awards!: AwardDesk;
  #wallets!: WalletLinks;
  #holdings: Holdings | undefined;
  #closed = false;
  #telling = false;
  #moving!: Moving;
  #server!: LinkServer;
  #tidier: NodeJS.Timeout | undefined;
  #flushing = false;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    const { log } = setup;
    this.#boundaries = new Boundaries({
      here: (hosted) => this.#rooms.find(hosted.room.id) === hosted,
      step: (hosted, at, hurried) => this.#rooms.boundary(hosted, at, hurried),
      stepped: (hosted) => this.#renewIfDue(hosted),
      spoken: () => this.#flush(),
      failed: (hosted, error) => {
        // Ours, not the contract's: stop this room rather than let it say something wrong.
        if (error instanceof MachineError) log({ event: "machine-gave-out" });
        else this.#bug(error);
        this.#rooms.forget(hosted);
      },
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
      announce: (listing) => this.#broadcast(linkKinds.listing, encodeControl(listing)),
      held: (room, term) => this.#broadcast(linkKinds.holding, encodeControl({ room, term })),
      gone: (room) => {
        this.#resumptions.forget(room);
        this.#broadcast(linkKinds.gone, encodeControl({ room }));
      },
      fault: (contract, detail) => {
        log({ event: "contract-faulted", contract });
        setup.fault?.(contract, detail);
      },
      random,
      lineageOf: (contract) => this.#vault.lineageOf(contract),
      vault: () => (this.#store.offered ? this.#vault : undefined),
      ask: (hosted, id, request) => this.#requests.ask(hosted, id, request),
      award: (lineage, awarded) => this.#awards.award(lineage, awarded),
      consume: (hosted, one) => void this.#consume(hosted, one).catch((error: unknown) => this.#bug(error)),
      vouchersOf: (player) => this.#awards.standing(player),
      ticket: (hosted, player, passage) => this.#between.ticket(hosted, player, passage),
      keep: (hosted, saving) => this.#between.keep(hosted, saving),
      report: (hosted, report) => this.#between.report(hosted, report),
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
    const { contracts, earlier = [], terms } = this.#setup;
    const lineages = await deriveLineages(platform, id, [...contracts, ...earlier], terms);
    const vault = (this.#vault = new Vault({ store, world: id, lineages, random, log }));
    const gate = (this.#gate = await this.#openGate(id));
    const awards = (this.#awards = await this.#openAwards(id, lineages));
    const touched = (hosted: HostedRoom): void => boundaries.touch(hosted);
    const flush = (): void => this.#flushSoon();
    const now = monotonic;
    const recovery = new Recovery({ rooms, vault, store, log, now, back: touched });
    const continuity = { rooms, vault, log, now, limits: limits?.continuity, touched, back: touched };
    this.#continuity = new Continuity(continuity);
    const desk = (this.#desk = new RoomDesk({ rooms, gate, recovery, kept: () => store.offered, flush, now }));
    const peers = new Peers({ platform, instance: random(32), wallTime });
    const moving = (this.#moving = new Moving({ rooms, boundaries, recovery, vault, peers, touched }));
    const { threads } = this.#setup;
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
      bug: (error) => this.#bug(error),
    });
    this.#server = await listenLink(address, {
      onOpen: (link) => gateways.greet(link),
      onMessage: (link, message) => gateways.receive(link, message),
      onClose: (link, end) => gateways.part(link, end),
      pulse: () => encodePulse({ busy: this.#busy.share }),
    });
    awards.start();
    const { chain } = this.#setup;
    const recipients = this.#wallets;
    if (chain !== undefined) {
      const { ageMaxMs } = chain;
      this.#holdings = new Holdings({
        view: () => awards.view,
        recipients,
        isUsed: (item) => awards.isUsed(item),
        nfts: awards.nfts && ((account, view) => awards.nfts!.of(account, view)),
        ageMaxMs,
        now: () => Date.now(),
      });
    }
    this.#tidier = setInterval(() => this.#tidy(), tidyMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#boundaries.stop();
    clearInterval(this.#tidier);
    this.#between.close();
    this.#awards.close();
    await this.#vault.close();
    await this.#store.close();
    await this.#server.close();
    for (const { room } of this.#rooms.all()) room.close();
  }

  #openAwards(world: Uint8Array, lineages: readonly Lineage[]): Promise<AwardDesk> {
    const { platform, contracts, chain, log, issues = true } = this.#setup;
    return AwardDesk.open({
      platform,
      world,
      store: this.#store,
      lineages,
      contracts,
      recipients: this.#wallets,
      chain,
      source: this.#chain,
      issues,
      told: (player, entries) => {
        for (const hosted of this.#rooms.all()) {
          if (hosted.room.outside.tellVouchers(player, entries)) this.#boundaries.touch(hosted);
        }
      },
      random,
      now: () => Date.now(),
      log,
      bug: (error) => this.#bug(error),
    });
  }

  async #openGate(world: Uint8Array): Promise<Gate> {
    const { platform } = this.#setup;
    const suite = await sodiumSuite();
    const worldKey = await worldKeyOf(platform, world);
    const store = (): LinkedStore | undefined => (this.#store.offered ? this.#store : undefined);
    this.#between = this.#openBetween(world, worldKey, store);
    return new Gate({
      baggage: this.#between.baggage,
      world,
      worldKey,
      issuerOf: (lineage) => this.#awards.issuerOf(lineage),
      reportKey: this.#between.reportKey,
      wallets: (this.#wallets = new WalletLinks({ world, worldKey, store, random })),
      suite,
      welcomes: new Welcomes(suite, new ChannelKeys(suite), platform, monotonic),
      resumptions: this.#resumptions,
      find: (room) => this.#rooms.find(room),
      present: (hosted, witness) => this.#continuity.present(hosted, witness),
      touched: (hosted) => this.#boundaries.touch(hosted),
      urgent: () => this.#flushSoon(),
      bug: (error) => this.#bug(error),
      now: monotonic,
    });
  }

  #openBetween(world: Uint8Array, worldKey: Uint8Array, store: () => LinkedStore | undefined): BetweenRooms {
    return new BetweenRooms({
      world,
      worldKey,
      moderator: this.#setup.world.moderator,
      store,
      random,
      now: wallTime,
      kept: (hosted, player, version) => {
        if (this.#rooms.find(hosted.room.id) !== hosted) return;
        hosted.room.outside.kept(player, version, monotonic());
        this.#boundaries.touch(hosted);
      },
      log: this.#setup.log,
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

  #broadcast(kind: LinkKind, body: Uint8Array): void {
    for (const link of this.#server.connections) link.put(kind, 0, body);
    this.#flushSoon();
  }

  /** One batch for everything that this turn of the event loop wants to say. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    this.#vault.flush();
    this.#server.flush();
  }

  #tidy(): void {
    this.#busy.look();
    this.#gate.expire();
    this.#continuity.look();
    for (const hosted of this.#rooms.tidy(monotonic())) this.#boundaries.forget(hosted);
    const heldBack = new Set([...this.#boundaries.takeHeldBack()].map(({ contract }) => contract.manifest.name));
    for (const contract of heldBack) this.#setup.log({ event: "held-back", contract });
    this.#tellItems().catch((error: unknown) => this.#bug(error));
    void this.#rooms.save((error) => this.#unsaved(error));
    this.#flushSoon();
  }

  async #consume(hosted: HostedRoom, one: Consumption): Promise<void> {
    const { room, lineage } = hosted;
    const here = (): boolean => !this.#closed && this.#rooms.find(room.id) === hosted;
    // Whoever opens the room again asks again.
    const refused = await stored(() => this.#awards.consume(lineage?.lineage, room.id, one), here);
    if (refused === undefined || !here()) return;
    room.outside.consumed(one.n, refused);
    this.#boundaries.touch(hosted);
  }

  /** What players own, to rooms whose rules ask. */
  async #tellItems(): Promise<void> {
    const holdings = this.#holdings;
    if (holdings === undefined || this.#telling) return;
    this.#telling = true;
    try {
      for (const hosted of this.#rooms.all()) {
        const { room, lineage } = hosted;
        if (!room.outside.wantsItems) continue;
        const issuer = lineage && this.#awards.issuerOf(lineage.lineage);
        if (await holdings.look(room.outside, issuer && accountOf(issuer))) this.#boundaries.touch(hosted);
      }
    } finally {
      this.#telling = false;
    }
  }

  /** A snapshot saves time and nothing else: what it would have held is in the records. */
  #unsaved(error: unknown): void {
    if (!(error instanceof StoreError)) this.#bug(error);
  }

  #bug(error: unknown): void {
    this.#setup.log({ event: "bug", error: error instanceof Error ? (error.stack ?? error.name) : typeof error });
  }
}

const worldKeyOf = (platform: Platform, world: Uint8Array): Promise<Uint8Array> =>
  platform.deriveKey(`phatroom/1/world-key/hmac-sha256/${bytesToHex(world)}`);
