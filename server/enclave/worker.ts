/**
 * The process in the enclave, put together: rooms behind the gate, the gate behind the link, time by the scheduler.
 *
 * Rooms are stepped when they are due, all that are due together; then each gateway gets one batch. Nothing but
 * handshakes and admissions leaves in between.
 */
import { decodeAttach, decodeBuffered, encodeControl, encodeRefused } from "#protocol/control.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { StoreError } from "#protocol/store.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import { linkKinds, type LinkKind, type LinkMessage } from "#protocol/link.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import { decodeAsked, encodeTold, type Asked } from "#protocol/moving.ts";
import { Boundaries } from "./boundaries.ts";
import type { CollateralDesk } from "./collateral-desk.ts";
import { ChannelKeys } from "./channel/channel-key.ts";
import { Resumptions } from "./channel/resumptions.ts";
import { sodiumSuite } from "./channel/suite.ts";
import { Welcomes } from "./channel/welcomes.ts";
import { Continuity, type ContinuityEvent } from "./continuity.ts";
import { Gate } from "./gate.ts";
import { listenLink, type LinkConnection, type LinkEnd, type LinkServer } from "./link-server.ts";
import { Moving } from "./moving/moving.ts";
import { Peers } from "./moving/peers.ts";
import { PlatformError, type Platform } from "./platform/platform.ts";
import { MachineError } from "./sandbox/machine.ts";
import type { LoadedContract } from "./sandbox/sandbox.ts";
import { Rooms, type RoomsLimits } from "./rooms.ts";
import { Recovery, type RecoveryEvent } from "./recovery.ts";
import { RoomDesk } from "./room-desk.ts";
import { deriveLineages } from "./vault/lineages.ts";
import { LinkedStore } from "./vault/store-client.ts";
import { Vault, type VaultEvent } from "./vault/vault.ts";

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
  /** Rooms of this contract take so long that they lose ticks, lest their neighbours do. At most once a second. */
  | { readonly event: "held-back"; readonly contract: string }
  /** The machine had no memory for a room that may have it; the room is given up. */
  | { readonly event: "machine-gave-out" }
  | { readonly event: "bug"; readonly error: string }
  | VaultEvent
  | ContinuityEvent
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
  #vault!: Vault;
  #recovery!: Recovery;
  #gate!: Gate;
  #desk!: RoomDesk;
  #continuity!: Continuity;
  #moving!: Moving;
  #server!: LinkServer;
  #platformName = "";
  #tidier: NodeJS.Timeout | undefined;
  #flushing = false;
  #recovering = false;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    const { log } = setup;
    this.#boundaries = new Boundaries({
      here: (hosted) => this.#rooms.find(hosted.room.id) === hosted,
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
    this.#rooms = new Rooms({
      contracts: setup.contracts,
      output: {
        send: (connection, message) => this.#gate.send(connection, message),
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
      vault: () => (this.#store.offered ? this.#vault : undefined),
      durable: (hosted) => {
        this.#desk.durable(hosted);
        this.#continuity.durable(hosted);
      },
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
    const { platform, world, address, contracts, log } = this.#setup;
    const id = worldId(world);
    const { name } = await platform.info();
    this.#platformName = name;
    const [rooms, boundaries, store] = [this.#rooms, this.#boundaries, this.#store];
    this.#gate = await this.#openGate(id);
    const vault = new Vault({ store, world: id, lineages: await deriveLineages(platform, id, contracts), random, log });
    const back: Recovery = new Recovery({
      rooms,
      vault,
      store,
      log,
      now: monotonic,
      back: (hosted) => boundaries.touch(hosted),
    });
    const { limits } = this.#setup;
    this.#continuity = new Continuity({
      rooms,
      vault,
      log,
      now: monotonic,
      limits: limits?.continuity,
      touched: (hosted) => boundaries.touch(hosted),
      back: (hosted) => boundaries.touch(hosted),
    });
    this.#vault = vault;
    this.#recovery = back;
    const [gate, kept, flush] = [this.#gate, () => store.offered, () => this.#flushSoon()];
    this.#desk = new RoomDesk({ rooms, gate, recovery: back, kept, flush, now: monotonic });
    const peers = new Peers({ platform, instance: random(32), wallTime });
    this.#moving = new Moving({ rooms, boundaries, recovery: back, vault, peers });
    this.#server = await listenLink(address, {
      onOpen: (link) => this.#greet(link),
      onMessage: (link, message) => this.#receive(link, message),
      onClose: (link, end) => this.#part(link, end),
    });
    this.#tidier = setInterval(() => this.#tidy(), tidyMs);
  }

  async close(): Promise<void> {
    this.#boundaries.stop();
    clearInterval(this.#tidier);
    await this.#vault.close();
    await this.#store.close();
    await this.#server.close();
    for (const { room } of this.#rooms.all()) room.close();
  }

  async #openGate(world: Uint8Array): Promise<Gate> {
    const { platform } = this.#setup;
    const suite = await sodiumSuite();
    return new Gate({
      world,
      worldKey: await worldKeyOf(platform, world),
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
    for (const { room } of this.#rooms.all()) {
      link.put(linkKinds.holding, 0, encodeControl({ room: room.id, term: room.term }));
    }
    for (const listing of this.#rooms.listings()) link.put(linkKinds.listing, 0, encodeControl(listing));
    link.flush();
    this.#setup.collateral?.attach(link);
  }

  #part(link: LinkConnection, end: LinkEnd): void {
    this.#setup.log({ event: "gateway-gone", end });
    this.#setup.collateral?.detach(link);
    this.#store.detach(link);
    this.#desk.unlink(link);
  }

  #receive(link: LinkConnection, { kind, seat, body }: LinkMessage): void {
    try {
      switch (kind) {
        case linkKinds.frame:
          return this.#desk.frame(link, seat, body);
        case linkKinds.attach:
          return this.#desk.attach(link, seat, decodeAttach(body).room);
        case linkKinds.detach:
          return this.#desk.detach(link, seat);
        case linkKinds.create:
          return this.#desk.create(link, body);
        case linkKinds.ask:
          return void this.#answer(link, decodeAsked(body));
        case linkKinds.collateral:
          return this.#setup.collateral?.answer(link, body);
        case linkKinds.storeOffer:
          return this.#takeStore(link, body);
        case linkKinds.storeAnswer:
          return this.#store.answer(link, body);
        case linkKinds.buffered:
          return this.#desk.buffered(link, seat, decodeBuffered(body).bytes);
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

  /** Where nobody else has rooms in it, all that are kept there are ours to bring back. */
  #takeStore(link: LinkConnection, body: Uint8Array): void {
    const { shared } = this.#store.offer(link, body);
    if (shared || this.#recovering) return;
    this.#recovering = true;
    void this.#recovery.all().catch(() => undefined);
  }

  async #answer(link: LinkConnection, { ref, ...request }: Asked): Promise<void> {
    try {
      link.put(linkKinds.told, 0, encodeTold({ ref, answer: await this.#moving.answer(request) }));
    } catch (error) {
      link.put(linkKinds.refused, 0, encodeRefused({ ref, code: this.#codeOf(error) }));
    }
    this.#flushSoon();
  }

  #codeOf(error: unknown): ProtocolError["code"] {
    if (error instanceof ProtocolError) return error.code;
    if (error instanceof PlatformError) return "platform-unavailable";
    if (error instanceof StoreError) return "store-unavailable";
    this.#bug(error);
    return "busy";
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
    this.#gate.expire();
    this.#continuity.look();
    for (const hosted of this.#rooms.tidy(monotonic())) this.#boundaries.forget(hosted);
    const heldBack = new Set([...this.#boundaries.takeHeldBack()].map(({ contract }) => contract.manifest.name));
    for (const contract of heldBack) this.#setup.log({ event: "held-back", contract });
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

const worldKeyOf = (platform: Platform, world: Uint8Array): Promise<Uint8Array> =>
  platform.deriveKey(`phatroom/1/world-key/hmac-sha256/${bytesToHex(world)}`);
