/** Everything that joins this page to a hub: who one is here, which hub, and what the shield compares. */
import type { ReadonlySignal } from "@preact/signals";
import type { Policy } from "#attestation/policy.ts";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { indexedDbKeyStore } from "#client/key-store.ts";
import { quickMatch } from "#client/lobby.ts";
import { indexedDbWitnessStore } from "#client/witness-store.ts";
import { readFingerprint, withTypedRoot } from "#kit/advice.ts";
import { isDevelopment, type BuiltIn } from "#kit/built-in.ts";
import { browserLocks, claimSlot } from "#kit/device-player.ts";
import { drawerOf, Keepsakes, type Drawer } from "#kit/keepsakes.ts";
import type { PageFacts } from "#kit/shield/panel.tsx";
import { Tickets } from "#kit/tickets.ts";
import { placeOf, readWish } from "#kit/wish.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Clock } from "../wish.ts";
import type { Desk } from "../hud/order.tsx";
import type { Order } from "../hud/people.tsx";
import { DeskPlace } from "./desk-place.ts";
import { hubFinder } from "./finder.ts";
import { goThrough } from "./gates.ts";
import { Hearing } from "./hearing.ts";
import { RoomWorld } from "./room-world.ts";
import { Visit, type HubRoom } from "./visit.ts";

export const hubContract = "phala-world";

export interface HubPlace {
  readonly world: RoomWorld;
  readonly visit: Visit;
  readonly facts: PageFacts;
  readonly builtIn: BuiltIn;
  /** The place's address. */
  readonly url: string;
  /** Joins; never rejects. */
  start(): Promise<void>;
  /** What one can do about others; null before there is a room. */
  order(): Order | null;
  /** Of whoever has shown the moderator's key. */
  readonly desk: ReadonlySignal<Desk | null>;
  /** Shows a file with the moderator's key. @returns why it opens nothing, or nothing. */
  openDesk(file: string): Promise<string | undefined>;
  /** Through a gate. @returns why one stays here, or nothing. */
  travel(gate: string): Promise<string | undefined>;
  /** What others will see of one elsewhere, too. */
  rename(name: string): void;
  /** Believes the development root with this fingerprint, and loads again. False: that was none. */
  believe(typed: string): boolean;
}

export interface HubOptions {
  readonly builtIn: BuiltIn;
  /** The page's address, fragment and all. */
  readonly address: string;
  /** What others see before one has said how one is called. */
  readonly name: string;
  /** Of a hub that has to be made; a development world's own goes by the minute. */
  readonly clock: Clock | undefined;
  readonly onGate: (gate: string) => void;
  /** Opens another page. */
  readonly open: (address: string) => void;
}

/** @throws Error if the page was not built for a place with a hub. */
export async function openHub(options: HubOptions): Promise<HubPlace> {
  const { builtIn, address } = options;
  const contract = builtIn.contracts[hubContract];
  const url = placeOf(address);
  if (contract === undefined || url === undefined) throw new Error("this page was built for a place without a hub");
  const belongings = await belongingsHere();
  const { slot, keepsakes, tickets } = belongings;
  const clock = options.clock ?? (isDevelopment(builtIn.policy) ? "minutes" : "days");
  const policy = withTypedRoot(builtIn.policy, keepsakes.fingerprint());
  const visit = visitTo({ url, contract, policy, clock }, belongings, options);
  const hearing = new Hearing();
  const world = worldOf(visit, options.onGate);
  const desk = new DeskPlace(visit, {
    place: url,
    world: builtIn.world,
    contract,
    policy,
    nameOf: (player) => (visit.room === null ? undefined : nameIn(visit.room, world, player)),
  });
  return {
    world,
    visit,
    builtIn,
    url,
    facts: { origin: location.origin, place: url, world: bytesToHex(builtIn.world), contract: bytesToHex(contract) },
    async start() {
      const room = await visit.enter();
      if (room === null) return;
      world.attach(room);
      room.on("message", (message) => {
        const event = hearing.hear(message);
        if (event !== undefined) world.hear(event);
      });
    },
    desk: desk.shown,
    openDesk: (file) => desk.open(file),
    travel: (gate) => goThrough(gate, { url, page: address, visit, tickets, clock, open: options.open }),
    rename: (called) => keepsakes.keepName(slot, called),
    order: () => orderOf(visit, hearing, world),
    believe(typed) {
      const fingerprint = readFingerprint(typed);
      if (fingerprint === undefined) return false;
      keepsakes.keepFingerprint(fingerprint);
      location.reload();
      return true;
    },
  };
}

/** What this device and this window keep of whoever plays here. */
interface Belongings {
  readonly device: Drawer;
  readonly keepsakes: Keepsakes;
  readonly tickets: Tickets;
  /** Which of this device's players. */
  readonly slot: number;
}

async function belongingsHere(): Promise<Belongings> {
  const device = drawerOf(() => localStorage);
  const thisWindow = drawerOf(() => sessionStorage);
  const keepsakes = new Keepsakes(device, thisWindow);
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const slot = await claimSlot(browserLocks(), keepsakes, navigation?.type === "reload");
  return { device, keepsakes, tickets: new Tickets(thisWindow), slot };
}

interface Destination {
  readonly url: string;
  readonly contract: Uint8Array;
  readonly policy: Policy;
  readonly clock: Clock;
}

function visitTo(
  { url, contract, policy, clock }: Destination,
  { device, tickets, slot }: Belongings,
  { builtIn, address, name }: HubOptions,
): Visit {
  const witnesses = indexedDbWitnessStore();
  return new Visit({
    place: url,
    world: builtIn.world,
    contract,
    policy,
    account: () => guestAccount(indexedDbKeyStore(indexedDB, `device-${slot}`)),
    name,
    find: hubFinder({
      linked: readWish(new URL(address).hash)?.room,
      drawer: device,
      key: `phatroom:hub:${slot}`,
      match: () => quickMatch(url, { contract: hubContract, options: { clock } }),
    }),
    join: (at, given) => tickets.join({ ...given, witnesses }, (shown) => join(at, shown) as Promise<HubRoom>),
  });
}

function worldOf(visit: Visit, onGate: HubOptions["onGate"]): RoomWorld {
  const world: RoomWorld = new RoomWorld({
    ask: (move) =>
      void visit.ask(move).then((granted) => {
        const { value: reason } = visit.refusal;
        if (granted) return;
        if (reason !== null) world.hear({ kind: "notice", text: reason });
        if (move.do === "say") world.hear({ kind: "unsaid", text: move.text });
      }),
    playing: () => visit.playing,
    now: () => performance.now() / 1000,
    onGate,
  });
  return world;
}

/** What others see of somebody here, if they are near; else under which name they sat down. */
function nameIn(room: HubRoom, world: RoomWorld, player: string): string | undefined {
  const entry = room.roster.find((each) => each.player === player);
  const name = world.avatars.get(entry?.seat ?? -1)?.name ?? entry?.name;
  return name === "" ? undefined : name;
}

function orderOf(visit: Visit, hearing: Hearing, world: RoomWorld): Order | null {
  const { room } = visit;
  const mine = visit.view.value?.mine ?? null;
  if (room === null || mine === null) return null;
  return {
    playerOf: (seat) => room.roster.find((entry) => entry.seat === seat)?.player,
    muted: mine.muted,
    blocked: mine.blocked,
    space: mine.space,
    nameOf: (player) => nameIn(room, world, player),
    heard: (player) => hearing.of(player).length,
    onMute: (player, mute) => void visit.ask({ do: "mute", player, mute }),
    onBlock: (player, block) => void visit.ask({ do: "block", player, block }),
    onReport: (about) => {
      for (const message of hearing.of(about)) void visit.ask({ do: "disclose", message });
      void visit.ask({ do: "report", about }).then((filed) => {
        if (filed) world.hear({ kind: "notice", text: "Reported. Only this world’s moderator can read it." });
      });
    },
    onSpace: (keep) => void visit.ask({ do: "space", keep }),
  };
}
