/** A worker's gate, opened: with the key that players are known by, this machine's evidence, wallets, and what goes between rooms. */
import { bytesToHex } from "#protocol/bytes.ts";
import { WalletLinks } from "./accounts/wallet-links.ts";
import { BetweenRooms, type BetweenRoomsEvent } from "./between-rooms.ts";
import { ChannelKeys } from "./channel/channel-key.ts";
import { sodiumSuite } from "./channel/suite.ts";
import { Welcomes } from "./channel/welcomes.ts";
import { monotonic, random, wallTime } from "./clocks.ts";
import { Gate, type GateSetup } from "./gate.ts";
import type { Platform } from "./platform/platform.ts";
import type { LinkedStore } from "./vault/store-client.ts";

type Given = "world" | "resumptions" | "issuerOf" | "find" | "present" | "touched" | "urgent" | "bug";

export interface OpenGateSetup extends Required<Pick<GateSetup, Given>> {
  readonly platform: Platform;
  /** Ed25519 public key, 64 hex digits; undefined in worlds without a moderator. */
  readonly moderator: string | undefined;
  readonly store: LinkedStore;
  readonly log: (event: BetweenRoomsEvent) => void;
}

export interface OpenedGate {
  readonly gate: Gate;
  readonly between: BetweenRooms;
  readonly wallets: WalletLinks;
}

/** @throws PlatformError "platform-unavailable". */
export async function openGate(setup: OpenGateSetup): Promise<OpenedGate> {
  const { platform, world, moderator, store: linked, log, find, touched, bug } = setup;
  const suite = await sodiumSuite();
  const worldKey = await platform.deriveKey(`phatroom/1/world-key/hmac-sha256/${bytesToHex(world)}`);
  const store = (): LinkedStore | undefined => (linked.offered ? linked : undefined);
  const wallets = new WalletLinks({ world, worldKey, store, random });
  const between = new BetweenRooms({
    world,
    worldKey,
    moderator,
    store,
    random,
    now: wallTime,
    kept: (hosted, player, version) => {
      if (find(hosted.room.id) !== hosted) return;
      hosted.room.outside.kept(player, version, monotonic());
      touched(hosted);
    },
    log,
    bug,
  });
  const { resumptions, issuerOf, present, urgent } = setup;
  const gate = new Gate({
    baggage: between.baggage,
    reportKey: between.reportKey,
    world,
    worldKey,
    issuerOf,
    wallets,
    suite,
    welcomes: new Welcomes(suite, new ChannelKeys(suite), platform, monotonic),
    resumptions,
    find,
    present,
    touched,
    urgent,
    bug,
    now: monotonic,
  });
  return { gate, between, wallets };
}
