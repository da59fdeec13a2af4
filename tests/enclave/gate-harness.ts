/** A gate without a gateway: envelopes go in by hand, and a hand-driven client reads what comes out. */
import type { RoomId } from "#protocol/identity.ts";
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
import { HandClient } from "./hand-client.ts";

export type { HandClient } from "./hand-client.ts";

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
  /** How often something was said that is to leave at once. */
  urged: number;
  /** Whether too much waits for the gateway. */
  full: boolean;
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
  /** Where rooms are kept. */
  readonly vault?: RoomsSetup["vault"];
  /** A room failed outside of its boundaries. */
  readonly failed?: RoomsSetup["failed"];
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
    get full() {
      return it.full;
    },
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
    urged: 0,
    full: false,
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
      const say = (bytes: Uint8Array): void => it.gate.frame(link, seat, bytes);
      const drop = (): void => it.gate.detach(link, seat);
      const client = new HandClient({ suite, world, say, drop }, seat, room, account);
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
    ...(between?.vault === undefined ? {} : { vault: between.vault }),
    ...(between?.failed === undefined ? {} : { failed: between.failed }),
    output: {
      send: (to, message) => it.gate.send(to, message),
      isFull: (to) => it.gate.isFull(to),
      close: (to, code) => it.gate.close(to, code),
    },
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
    urgent: () => void (it.urged += 1),
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
