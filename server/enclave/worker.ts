/**
 * The process in the enclave, put together: rooms behind the gate, the gate behind the link, time by the scheduler.
 *
 * Rooms are stepped when they are due, all that are due together; then each gateway gets one batch. Nothing but
 * handshakes and admissions leaves in between.
 */
import { encodeControl, encodeRefused, decodeAttach, decodeCreate, type Listing } from "#protocol/control.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { StoreError } from "#protocol/store.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import type { CollateralDesk } from "./collateral-desk.ts";
import { ChannelKeys } from "./channel/channel-key.ts";
import { Resumptions } from "./channel/resumptions.ts";
import { sodiumSuite } from "./channel/suite.ts";
import { Welcomes } from "./channel/welcomes.ts";
import { Gate } from "./gate.ts";
import { listenLink, type LinkConnection, type LinkEnd, type LinkServer } from "./link-server.ts";
import type { Platform } from "./platform/platform.ts";
import type { LoadedContract } from "./sandbox/sandbox.ts";
import { Rooms, type HostedRoom, type RoomsLimits } from "./rooms.ts";
import { Schedule } from "./schedule.ts";
import { Recovery, type RecoveryEvent } from "./recovery.ts";
import { deriveLineages } from "./vault/lineages.ts";
import { LinkedStore } from "./vault/store-client.ts";
import { Vault, type VaultEvent } from "./vault/vault.ts";
import { WaitingSeats } from "./waiting-seats.ts";

export interface WorkerSetup {
  readonly address: LinkAddress;
  readonly world: WorldManifest;
  readonly platform: Platform;
  /** Where the platform asks for the vendor's statements; gateways answer through it. */
  readonly collateral?: CollateralDesk;
  readonly contracts: readonly LoadedContract[];
  readonly limits?: RoomsLimits;
  /** Events for the operator's log. Holds no name, move, view, key or room id. */
  readonly log: (event: WorkerEvent) => void;
  /** What a contract did wrong, for its author; development only. May hold secrets. */
  readonly fault?: (contract: string, detail: string) => void;
  /** Called between one room's boundary and the next: what a watchdog wants to hear. */
  readonly beat?: () => void;
}

export type WorkerEvent =
  | { readonly event: "gateway-connected" }
  | { readonly event: "gateway-gone"; readonly end: LinkEnd }
  | { readonly event: "gateway-malformed" }
  | { readonly event: "contract-faulted"; readonly contract: string }
  | { readonly event: "late"; readonly lateMs: number }
  | { readonly event: "bug"; readonly error: string }
  | VaultEvent
  | RecoveryEvent;

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
/** A boundary later than this is worth a line in the log: somebody held the processor. */
const lateMs = 250;

export async function startWorker(setup: WorkerSetup): Promise<Worker> {
  const worker = new RunningWorker(setup);
  await worker.start();
  return worker;
}

const monotonic = (): number => performance.now();
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

class RunningWorker implements Worker {
  readonly #setup: WorkerSetup;
  readonly #schedule = new Schedule<HostedRoom>();
  readonly #rooms: Rooms;
  readonly #resumptions = new Resumptions();
  readonly #store = new LinkedStore();
  #vault: Vault | undefined;
  #recovery: Recovery | undefined;
  readonly #waiting = new WaitingSeats<LinkConnection>();
  /** Who asked for a room that is not durable yet. */
  readonly #asked = new Map<HostedRoom, { readonly link: LinkConnection; readonly ref: number }>();
  #gate!: Gate;
  #server!: LinkServer;
  #platformName = "";
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #tidier: NodeJS.Timeout | undefined;
  #flushing = false;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    this.#rooms = new Rooms({
      contracts: setup.contracts,
      output: {
        send: (connection, message) => this.#gate.send(connection, message),
        close: (connection, code) => this.#gate.close(connection, code),
      },
      announce: (listing) => this.#announce(listing),
      gone: (room) => {
        this.#resumptions.forget(room);
        this.#broadcast(linkKinds.gone, encodeControl({ room }));
      },
      fault: (contract, detail) => {
        setup.log({ event: "contract-faulted", contract });
        setup.fault?.(contract, detail);
      },
      random,
      vault: () => (this.#store.offered ? this.#vault : undefined),
      durable: (hosted) => this.#durable(hosted),
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
    const { platform, world, address } = this.#setup;
    const suite = await sodiumSuite();
    const id = worldId(world);
    const info = await platform.info();
    this.#platformName = info.name;
    this.#gate = new Gate({
      world: id,
      worldKey: await worldKeyOf(platform, id),
      suite,
      welcomes: new Welcomes(suite, new ChannelKeys(suite), platform, monotonic),
      resumptions: this.#resumptions,
      find: (room) => this.#rooms.find(room),
      touched: (hosted) => this.#reschedule(hosted),
      urgent: () => this.#flushSoon(),
      bug: (error) => this.#bug(error),
      now: monotonic,
    });
    this.#vault = new Vault({
      store: this.#store,
      world: id,
      lineages: await deriveLineages(platform, id, this.#setup.contracts),
      random,
      log: (event) => this.#setup.log(event),
    });
    this.#recovery = new Recovery({
      rooms: this.#rooms,
      vault: this.#vault,
      store: this.#store,
      back: (hosted) => this.#reschedule(hosted),
      log: (event) => this.#setup.log(event),
      now: monotonic,
    });
    this.#server = await listenLink(address, {
      onOpen: (link) => this.#greet(link),
      onMessage: (link, message) => this.#receive(link, message),
      onClose: (link, end) => this.#part(link, end),
    });
    this.#tidier = setInterval(() => this.#tidy(), tidyMs);
    void this.#recovery.all().catch(() => undefined);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    clearInterval(this.#tidier);
    await this.#vault?.close();
    await this.#store.close();
    await this.#server.close();
    for (const { room } of this.#rooms.all()) room.close();
  }

  // Gateways

  #greet(link: LinkConnection): void {
    this.#setup.log({ event: "gateway-connected" });
    link.put(
      linkKinds.ready,
      0,
      encodeControl({
        version: protocolVersion,
        platform: this.#platformName,
        world: bytesToHex(worldId(this.#setup.world)),
        contracts: this.#rooms.hosted(),
      }),
    );
    for (const listing of this.#rooms.listings()) link.put(linkKinds.listing, 0, encodeControl(listing));
    link.flush();
    this.#setup.collateral?.attach(link);
  }

  #part(link: LinkConnection, end: LinkEnd): void {
    this.#setup.log({ event: "gateway-gone", end });
    this.#setup.collateral?.detach(link);
    this.#store.detach(link);
    this.#waiting.unlink(link);
    this.#gate.unlink(link);
  }

  #receive(link: LinkConnection, { kind, seat, body }: LinkMessage): void {
    try {
      switch (kind) {
        case linkKinds.frame:
          if (this.#waiting.hear(link, seat, body)) return;
          return this.#gate.frame(link, seat, body);
        case linkKinds.attach:
          return this.#attach(link, seat, decodeAttach(body).room);
        case linkKinds.detach:
          this.#waiting.leave(link, seat);
          return this.#gate.detach(link, seat);
        case linkKinds.create:
          this.#create(link, body);
          return this.#flushSoon();
        case linkKinds.collateral:
          return this.#setup.collateral?.answer(link, body);
        case linkKinds.storeOffer:
          return this.#store.offer(link, body);
        case linkKinds.storeAnswer:
          return this.#store.answer(link, body);
        case linkKinds.buffered:
          // A hint for replication that builds fewer frames for slow viewers; turn rooms have nothing to leave out.
          return;
        default:
          throw new ProtocolError("malformed", "link kind");
      }
    } catch (error) {
      // A bug of ours in one message must not take every room of this worker with it.
      if (!(error instanceof ProtocolError)) return this.#bug(error);
      this.#setup.log({ event: "gateway-malformed" });
      link.close();
    }
  }

  #create(link: LinkConnection, body: Uint8Array): void {
    const request = decodeCreate(body);
    try {
      const hosted = this.#rooms.create(request, monotonic());
      const { log, room } = hosted;
      if (log !== undefined) this.#asked.set(hosted, { link, ref: request.ref });
      else link.put(linkKinds.created, 0, encodeControl({ ref: request.ref, room: room.id }));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      link.put(linkKinds.refused, 0, encodeRefused({ ref: request.ref, code: error.code }));
    }
  }

  /** A room that is not here may be brought back; the seat's first words wait for that. */
  #attach(link: LinkConnection, seat: number, room: RoomId): void {
    if (this.#rooms.find(room) !== undefined || this.#recovery === undefined || !this.#store.offered) {
      this.#gate.attach(link, seat, room);
      return this.#flushSoon();
    }
    this.#waiting.wait(link, seat, this.#recovery.one(room), (said) => {
      this.#gate.attach(link, seat, room);
      for (const envelope of said) this.#gate.frame(link, seat, envelope);
      this.#flushSoon();
    });
  }

  #durable(hosted: HostedRoom): void {
    const asked = this.#asked.get(hosted);
    if (asked !== undefined) {
      this.#asked.delete(hosted);
      asked.link.put(linkKinds.created, 0, encodeControl({ ref: asked.ref, room: hosted.room.id }));
    }
    this.#flushSoon();
  }

  #announce(listing: Listing): void {
    this.#broadcast(linkKinds.listing, encodeControl(listing));
  }

  #broadcast(kind: typeof linkKinds.listing | typeof linkKinds.gone, body: Uint8Array): void {
    for (const link of this.#server.connections) link.put(kind, 0, body);
    this.#flushSoon();
  }

  /** One batch for everything that this turn of the event loop wants to say. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#vault?.flush();
      this.#server.flush();
    });
  }

  // Time

  #reschedule(hosted: HostedRoom): void {
    this.#schedule.set(hosted, boundaryAfter(hosted, monotonic()));
    this.#arm();
  }

  #arm(): void {
    const next = this.#schedule.next;
    if (next >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next;
    // Node's timers take at most 2³¹ ms, and rounding down would only make us look twice.
    const delay = Math.min(Math.max(0, Math.ceil(next - monotonic())), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.#step(), delay);
  }

  #step(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = monotonic();
    const due = this.#schedule.next;
    if (now - due > lateMs && due !== Number.POSITIVE_INFINITY)
      this.#setup.log({ event: "late", lateMs: Math.round(now - due) });
    const stepped: HostedRoom[] = [];
    for (let hosted = this.#schedule.take(now); hosted !== undefined; hosted = this.#schedule.take(now)) {
      this.#boundary(hosted, now);
      this.#setup.beat?.();
      stepped.push(hosted);
    }
    for (const hosted of stepped) {
      if (this.#rooms.find(hosted.room.id) === hosted) this.#schedule.set(hosted, boundaryAfter(hosted, now));
    }
    this.#vault?.flush();
    this.#server.flush();
    this.#arm();
  }

  #boundary(hosted: HostedRoom, now: number): void {
    try {
      hosted.room.boundary(now);
    } catch (error) {
      // Ours, not the contract's: stop this room rather than let it say something wrong.
      this.#bug(error);
      this.#rooms.forget(hosted);
    }
  }

  #tidy(): void {
    this.#gate.expire();
    for (const hosted of this.#rooms.tidy(monotonic())) this.#schedule.delete(hosted);
    void this.#rooms.save((error) => this.#unsaved(error));
    this.#flushSoon();
  }

  /** A snapshot saves time and nothing else: what it would have held is in the records. */
  #unsaved(error: unknown): void {
    if (!(error instanceof StoreError)) this.#bug(error);
  }

  #bug(error: unknown): void {
    this.#setup.log({ event: "bug", error: error instanceof Error ? (error.stack ?? error.name) : typeof error });
  }
}

/**
 * When a room is stepped next: never between its boundaries, also when it has been idle for long, so that the moment at
 * which frames leave does not tell when a move arrived.
 */
function boundaryAfter({ room }: HostedRoom, now: number): number {
  const due = room.dueAt;
  if (due >= now) return due;
  const gridMs = 1000 / room.manifest.hz;
  return due + Math.ceil((now - due) / gridMs) * gridMs;
}

const worldKeyOf = (platform: Platform, world: Uint8Array): Promise<Uint8Array> =>
  platform.deriveKey(`phatroom/1/world-key/hmac-sha256/${bytesToHex(world)}`);
