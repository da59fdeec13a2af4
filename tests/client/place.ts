/**
 * A place to join without hardware: the worker's own gate and rooms, behind a carrier that can be told to misbehave.
 *
 * Its platform signs nothing: evidence is the bare report data, which the environments made here read as verified. What
 * binds evidence to channel, room and visit is checked by the real code.
 */
import { x25519 } from "@noble/curves/ed25519.js";
import type { Policy } from "#attestation/policy.ts";
import type { VerifiedTdx } from "#attestation/verified.ts";
import type { Environment } from "#client/environment.ts";
import { memoryEvaluations } from "#client/evaluations.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { Transport } from "#client/transport.ts";
import { guestAccount } from "#client/account.ts";
import { joinIn } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import type { AnyContract } from "#contract/contract.ts";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import { ChannelKeys } from "#enclave/channel/channel-key.ts";
import { Resumptions } from "#enclave/channel/resumptions.ts";
import { Welcomes } from "#enclave/channel/welcomes.ts";
import { Gate, type GateLink } from "#enclave/gate.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import type { ConnectionId } from "#enclave/room/audience.ts";
import { Rooms, type HostedRoom } from "#enclave/rooms.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import { nobleAead, type Suite } from "#protocol/suite.ts";
import { inProcess } from "#testing/in-process.ts";
import { Carrier } from "./carrier.ts";
import { VirtualTime } from "./virtual-time.ts";

export const world = new Uint8Array(32).fill(9);
const address = "http://127.0.0.1:2567";

/** Everything synchronous, so that virtual time knows when nothing more will happen. */
export const plainSuite: Suite = {
  ...nobleAead,
  generateKeyPair: () => {
    const { secretKey, publicKey } = x25519.keygen();
    return Promise.resolve({ publicKey, privateKey: secretKey });
  },
  dh: async (pair, publicKey) => x25519.getSharedSecret(pair.privateKey as Uint8Array, publicKey),
};

const fingerprint = "ab".repeat(32);

export const verifiedFrom = (reportData: Uint8Array): VerifiedTdx => ({
  kind: "tdx",
  quoteVersion: 4,
  reportData,
  measurements: { mrtd: "", rtmr0: "", rtmr1: "", rtmr2: "", rtmr3: "" },
  configuration: { id: "", owner: "", ownerConfiguration: "" },
  root: { fingerprint, name: "nobody" },
  tcb: { status: "UpToDate", advisories: [], evaluation: 1 },
  fmspc: "",
  ppid: "",
  issued: 0,
  expires: Number.MAX_SAFE_INTEGER,
});

export const policy: Policy = {
  version: 2,
  vendors: [],
  development: "loopback",
  tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 1 },
};

const platform: Platform = {
  info: () => Promise.resolve({ name: "unsigned", hardware: false, label: "signs nothing" }),
  quote: (reportData) => Promise.resolve(reportData),
  deriveKey: () => Promise.resolve(new Uint8Array(32)),
};

export interface PlaceOptions {
  /** World that the worker believes to serve. */
  readonly world?: Uint8Array;
  /** Jitter; default always in the middle. */
  readonly random?: () => number;
}

export class Place {
  readonly time = new VirtualTime();
  readonly rooms: Rooms;
  readonly wallets: WalletLinks;
  readonly contractHash: Uint8Array;
  readonly bugs: unknown[] = [];
  /** What the worker does with what somebody remembers of a room. */
  present: (room: HostedRoom, witness: Uint8Array) => void | Promise<void> = () => undefined;
  readonly #contract: AnyContract;
  readonly #world: Uint8Array;
  readonly #random: () => number;
  readonly #welcomes: Welcomes;
  #resumptions = new Resumptions();
  #gate: Gate;
  readonly #timers = new Set<object>();
  readonly #connections = new Set<ConnectionId>();
  #links = 0;

  constructor(contract: AnyContract, options: PlaceOptions = {}) {
    this.#contract = contract;
    this.#world = options.world ?? world;
    this.wallets = new WalletLinks({
      world: this.#world,
      worldKey: new Uint8Array(32).fill(3),
      store: () => undefined,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    this.#random = options.random ?? (() => 0.5);
    const loaded = inProcess(contract);
    this.contractHash = loaded.hash;
    this.#welcomes = new Welcomes(plainSuite, new ChannelKeys(plainSuite), platform, this.time.now);
    this.rooms = new Rooms({
      contracts: [loaded],
      output: {
        send: (to, message) => {
          this.#connections.add(to);
          this.#gate.send(to, message);
        },
        close: (to, code) => this.#gate.close(to, code),
      },
      announce: () => undefined,
      gone: (room) => this.#resumptions.forget(room),
      fault: () => undefined,
      random: randomBytes,
    });
    this.#gate = this.#openGate();
  }

  /** Timers that players' machines have set and that have not fired: what would keep a process alive. */
  get timers(): number {
    return this.#timers.size;
  }

  newRoom(options: unknown = {}): RoomId {
    return this.rooms.create({ contract: this.#contract.name, options, listed: true }, this.time.now()).room.id;
  }

  /** The worker says this to everybody who is in a room. */
  say(message: WorkerMessage): void {
    for (const connection of this.#connections) this.#gate.send(connection, message);
  }

  /** The worker no longer knows any secret to resume by. */
  forgetResumptions(room: RoomId): void {
    this.#resumptions.forget(room);
  }

  /** A player's machine: its own carrier, its own randomness, the place's time. */
  carrier(latency: () => number = () => 0): Carrier {
    const link: GateLink = {
      id: (this.#links += 1),
      full: false,
      put: (kind, seat, body) => carrier.put(kind, seat, body.slice()),
    };
    const carrier: Carrier = new Carrier(
      this.time,
      latency,
      (seat, room) => this.#gate.attach(link, seat, room),
      (seat, bytes) => this.#gate.frame(link, seat, bytes),
      (seat) => this.#gate.detach(link, seat),
    );
    return carrier;
  }

  /** What the device of everybody who joins here remembers. */
  readonly evaluations = memoryEvaluations();

  environment(change: Partial<Environment> = {}): Environment {
    return {
      now: this.time.now,
      wallTime: () => 1_750_000_000_000 + this.time.now(),
      after: (ms, work) => this.#after(ms, work),
      randomBytes,
      jitter: this.#random,
      suite: plainSuite,
      verify: (evidence) => Promise.resolve(verifiedFrom(evidence)),
      evaluations: this.evaluations,
      origin: "https://page.example.org",
      ...change,
    };
  }

  async options(
    room: RoomId,
    transport: Transport,
    account: number,
    change: Partial<JoinOptions> = {},
  ): Promise<JoinOptions> {
    return {
      room,
      world,
      contract: this.contractHash,
      policy,
      account: await guestAccount(memoryKeyStore(new Uint8Array(32).fill(account))),
      name: `Player number ${account}`,
      transport,
      ...change,
    };
  }

  /** Joins in virtual time. */
  async join<C extends AnyContract>(
    room: RoomId,
    account: number,
    carrier: Transport = this.carrier(),
    change: Partial<JoinOptions> = {},
    environment: Partial<Environment> = {},
  ) {
    const options = await this.options(room, carrier, account, change);
    return this.time.until(joinIn<C>(this.environment(environment), address, options));
  }

  #openGate(): Gate {
    return new Gate({
      world: this.#world,
      worldKey: new Uint8Array(32).fill(3),
      wallets: this.wallets,
      suite: plainSuite,
      welcomes: this.#welcomes,
      resumptions: this.#resumptions,
      find: (room) => this.rooms.find(room),
      present: (hosted, witness) => this.present(hosted, witness),
      touched: (hosted) => this.#schedule(hosted),
      urgent: () => undefined,
      bug: (error) => this.bugs.push(error),
      now: this.time.now,
    });
  }

  /** A player's timers, counted. */
  #after(ms: number, work: () => void): () => void {
    const timer = {};
    this.#timers.add(timer);
    const cancel = this.time.after(ms, () => {
      this.#timers.delete(timer);
      work();
    });
    return () => {
      this.#timers.delete(timer);
      cancel();
    };
  }

  readonly #scheduled = new Map<HostedRoom, () => void>();

  #schedule(hosted: HostedRoom): void {
    this.#scheduled.get(hosted)?.();
    const { dueAt } = hosted.room;
    if (dueAt === Number.POSITIVE_INFINITY) return;
    const cancel = this.time.after(dueAt - this.time.now(), () => {
      hosted.room.boundary(this.time.now());
      this.#schedule(hosted);
    });
    this.#scheduled.set(hosted, cancel);
  }
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
