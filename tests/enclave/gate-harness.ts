/** A gate without a gateway: envelopes go in by hand, and a hand-driven client reads what comes out. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { checkBinding, decodeWelcome, type Welcome } from "#protocol/binding.ts";
import { Channel, prologueOf } from "#protocol/channel.ts";
import { decodeRefused } from "#protocol/control.ts";
import { decodeWorkerEnvelope, encodeClientEnvelope, type WorkerEnvelope } from "#protocol/envelope.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { authStatement, type RoomId } from "#protocol/identity.ts";
import { messageLengthMax, protocolVersion } from "#protocol/limits.ts";
import { linkKinds } from "#protocol/link.ts";
import {
  decodeWorkerMessage,
  encodeClientMessage,
  type AuthMessage,
  type ClientMessage,
  type WorkerMessage,
} from "#protocol/message.ts";
import { Handshake } from "#protocol/noise.ts";
import type { Store } from "#protocol/store.ts";
import type { Suite } from "#protocol/suite.ts";
import { ChannelKeys } from "#enclave/channel/channel-key.ts";
import { Resumptions } from "#enclave/channel/resumptions.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import { Welcomes } from "#enclave/channel/welcomes.ts";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import { Gate, type GateLink } from "#enclave/gate.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import { BetweenRooms } from "#enclave/between-rooms.ts";
import { Rooms, type HostedRoom, type RoomsSetup } from "#enclave/rooms.ts";
import type { AnyContract } from "#contract/contract.ts";
import { inProcess } from "#testing/in-process.ts";

export const world = new Uint8Array(32).fill(9);

const worldKey = new Uint8Array(32).fill(3);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Evidence that nobody signed: the report data and nothing else. */
export const unsignedPlatform = (): Platform & { quotes: number } => ({
  quotes: 0,
  info: () => Promise.resolve({ name: "unsigned", hardware: false, label: "signs nothing" }),
  quote(reportData) {
    this.quotes += 1;
    return Promise.resolve(reportData);
  },
  deriveKey: () => Promise.resolve(new Uint8Array(32)),
});

export interface GateUnderTest {
  readonly gate: Gate;
  readonly rooms: Rooms;
  readonly suite: Suite;
  readonly platform: Platform & { quotes: number };
  readonly bugs: unknown[];
  readonly wallets: WalletLinks;
  /** What the gate does with what somebody remembers; nothing unless a test says otherwise. */
  present: (hosted: HostedRoom, witness: Uint8Array) => void | Promise<void>;
  now: number;
  /** Of the first contract, if nothing else is said. */
  room(contract?: string): RoomId;
  /** Runs every boundary that is due within the next `ms`. */
  pass(ms: number): void;
  client(seat: number, room: RoomId, account?: number): HandClient;
}

/** What goes between rooms, if a test looks at it. */
export interface Between {
  /** Beside the first. */
  readonly contracts?: readonly AnyContract[];
  readonly store?: () => Store | undefined;
  /** Public key, 64 hex digits. */
  readonly moderator?: string;
}

export async function openGate(
  contract: AnyContract,
  platform: Platform & { quotes: number } = unsignedPlatform(),
  between?: Between,
): Promise<GateUnderTest> {
  const suite = await sodiumSuite();
  const clients = new Map<number, HandClient>();
  const bugs: unknown[] = [];
  const link: GateLink = {
    id: 1,
    full: false,
    put: (kind, seat, body) => clients.get(seat)?.take(kind, body.slice()),
  };
  const it: GateUnderTest = {
    gate: undefined as never,
    rooms: undefined as never,
    wallets: new WalletLinks({ world, worldKey, store: () => undefined, random }),
    suite,
    platform,
    bugs,
    present: () => undefined,
    now: 0,
    room: (name = contract.name) => it.rooms.create({ contract: name, options: {}, listed: true }, it.now).room.id,
    pass(ms) {
      const until = it.now + ms;
      for (const { room } of it.rooms.all()) {
        it.now = until - ms;
        while (room.dueAt <= until) {
          it.now = Math.max(it.now, room.dueAt);
          room.boundary(it.now);
        }
      }
      it.now = until;
    },
    client(seat, room, account = seat) {
      const client = new HandClient(it, link, seat, room, account);
      clients.set(seat, client);
      it.gate.attach(link, seat, room);
      return client;
    },
  };
  const resumptions = new Resumptions();
  const ways = between === undefined ? undefined : waysOf(it, between);
  const rooms = new Rooms({
    contracts: [contract, ...(between?.contracts ?? [])].map((each) => inProcess(each)),
    ...(ways === undefined ? {} : waysOut(ways)),
    output: { send: (to, message) => it.gate.send(to, message), close: (to, code) => it.gate.close(to, code) },
    announce: () => undefined,
    gone: (room) => resumptions.forget(room),
    fault: () => undefined,
    random,
  });
  const gate = new Gate({
    world,
    worldKey,
    wallets: it.wallets,
    ...(ways === undefined ? {} : { baggage: ways.baggage, reportKey: ways.reportKey }),
    suite,
    welcomes: new Welcomes(suite, new ChannelKeys(suite), platform, () => it.now),
    resumptions,
    find: (room) => rooms.find(room),
    present: (hosted, witness) => it.present(hosted, witness),
    touched: () => undefined,
    urgent: () => undefined,
    bug: (error) => bugs.push(error),
    now: () => it.now,
  });
  return Object.assign(it, { gate, rooms });
}

const waysOf = (it: GateUnderTest, { store = () => undefined, moderator }: Between): BetweenRooms =>
  new BetweenRooms({
    world,
    worldKey,
    moderator,
    store,
    random,
    now: () => 1000,
    kept: ({ room }, player, version) => room.outside.kept(player, version, it.now),
    log: (event) => it.bugs.push(event),
    bug: (error) => it.bugs.push(error),
  });

const waysOut = (ways: BetweenRooms): Pick<RoomsSetup, "ticket" | "keep" | "report" | "lineageOf"> => ({
  ticket: (hosted, player, passage) => ways.ticket(hosted, player, passage),
  keep: (hosted, saving) => ways.keep(hosted, saving),
  report: (hosted, report) => ways.report(hosted, report),
  lineageOf: (hash) => ({ contract: hash, lineage: hash, key: hash }),
});

export class HandClient {
  readonly #it: GateUnderTest;
  readonly #link: GateLink;
  readonly seat: number;
  readonly room: RoomId;
  readonly #secretKey: Uint8Array;
  readonly envelopes: WorkerEnvelope[] = [];
  readonly messages: WorkerMessage[] = [];
  closed: ErrorCode | undefined;
  channel: Channel | undefined;
  welcome: Welcome | undefined;
  handshake: Handshake | undefined;
  #heard: (() => void) | undefined;

  constructor(it: GateUnderTest, link: GateLink, seat: number, room: RoomId, account: number) {
    this.#it = it;
    this.#link = link;
    this.seat = seat;
    this.room = room;
    this.#secretKey = new Uint8Array(32).fill(account);
  }

  /** From the gate. */
  take(kind: number, body: Uint8Array): void {
    if (kind === linkKinds.close) this.closed = decodeRefused(body).code;
    else if (kind === linkKinds.frame) this.#takeEnvelope(decodeWorkerEnvelope(body));
    this.#heard?.();
  }

  #takeEnvelope(envelope: WorkerEnvelope): void {
    this.envelopes.push(envelope);
    if (envelope.kind !== "data" || this.channel === undefined) return;
    const message = this.channel.decrypt(envelope.ciphertext);
    if (message !== undefined) this.messages.push(decodeWorkerMessage(message.type, message.body));
  }

  /** Raw bytes to the gate. */
  raw(bytes: Uint8Array): void {
    this.#it.gate.frame(this.#link, this.seat, bytes);
  }

  drop(): void {
    this.#it.gate.detach(this.#link, this.seat);
  }

  async hello(): Promise<void> {
    this.handshake = new Handshake({
      pattern: "NX",
      role: "initiator",
      prologue: prologueOf(world, this.room),
      suite: this.#it.suite,
    });
    const message = await this.handshake.write(new Uint8Array(0));
    this.raw(encodeClientEnvelope({ kind: "hello", version: protocolVersion, message }));
  }

  /** Shakes hands and checks that the quote binds this very join. */
  async shake(): Promise<void> {
    await this.hello();
    const envelope = await this.next((found) => found.kind === "welcome");
    if (envelope?.kind !== "welcome") return;
    this.welcome = decodeWelcome(await this.handshake!.read(envelope.message));
    const bound = checkBinding(
      this.welcome.evidence,
      this.handshake!.remoteStatic!,
      this.handshake!.localEphemeral!,
      this.welcome,
    );
    if (bound !== "bound") throw new Error(bound);
    this.channel = new Channel(this.handshake!.finish(), { messageMax: messageLengthMax });
  }

  async resume(secret: { readonly id: Uint8Array; readonly psk: Uint8Array }): Promise<void> {
    const handshake = new Handshake({
      pattern: "NNpsk0",
      role: "initiator",
      prologue: prologueOf(world, this.room),
      suite: this.#it.suite,
      psk: secret.psk,
    });
    const message = await handshake.write(new Uint8Array(0));
    this.raw(encodeClientEnvelope({ kind: "resume", version: protocolVersion, id: secret.id, message }));
    const envelope = await this.next((found) => found.kind === "resumed");
    if (envelope?.kind !== "resumed") return;
    await handshake.read(envelope.message);
    this.channel = new Channel(handshake.finish(), { messageMax: messageLengthMax });
  }

  /** This device's signature on this channel, for whichever account. */
  sign(account: Uint8Array): Uint8Array {
    return ed25519.sign(authStatement(this.channel!.hash, world, this.room, account), this.#secretKey);
  }

  auth(change: Partial<AuthMessage> = {}): AuthMessage {
    const account = ed25519.getPublicKey(this.#secretKey);
    const signature = this.sign(account);
    const entropy = new Uint8Array(32).fill(this.seat);
    return {
      type: "auth",
      account,
      device: account,
      signature,
      entropy,
      want: "play",
      name: `P${this.seat}`,
      ...change,
    };
  }

  say(message: ClientMessage): void {
    const { type, body } = encodeClientMessage(message);
    for (const ciphertext of this.channel!.encrypt(type, body))
      this.raw(encodeClientEnvelope({ kind: "data", ciphertext }));
  }

  async join(change: Partial<AuthMessage> = {}): Promise<void> {
    await this.shake();
    this.say(this.auth(change));
  }

  /** The first envelope that fits, now or later; undefined once the seat is closed. */
  async next(fits: (envelope: WorkerEnvelope) => boolean): Promise<WorkerEnvelope | undefined> {
    for (;;) {
      const found = this.envelopes.find(fits);
      if (found !== undefined || this.closed !== undefined) return found;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}
