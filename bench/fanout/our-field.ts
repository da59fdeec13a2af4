/** The field on ours: probes by the client SDK, as a page would play; all others prove who they are, encrypt, and count. */
import { guestAccount } from "../../client/sdk/account.ts";
import { Dialer } from "../../client/sdk/dialer.ts";
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";
import { joinIn } from "../../client/sdk/join.ts";
import type { JoinOptions } from "../../client/sdk/join-options.ts";
import { defaultTimeouts } from "../../client/sdk/join-options.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import type { Room } from "../../client/sdk/room.ts";
import type { Session } from "../../client/sdk/session.ts";
import type { Connection, Transport } from "../../client/sdk/transport.ts";
import type { VerifyEvidence } from "../../client/sdk/verify-evidence.ts";
import { WitnessKeeper } from "../../client/sdk/witness-keeper.ts";
import { memoryWitnessStore } from "../../client/sdk/witness-store.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { sodiumSuite } from "../../server/enclave/channel/suite.ts";
import { bytesToHex, hexToBytes } from "../../server/protocol/bytes.ts";
import { angleOf, quantiseAngle } from "../../server/protocol/entities/layout.ts";
import type { RoomId } from "../../server/protocol/identity.ts";
import { lineageId, worldId } from "../../server/protocol/manifest.ts";
import { world } from "../ours/world.ts";
import * as components from "./contract/components.ts";
import { count, sdkClient, socketOf } from "./socket.ts";
import type { Steering } from "./steering.ts";
import type { Field, Probe, Received, Walker } from "./walker.ts";

export interface OurAddress {
  readonly url: string;
  readonly room: string;
  /** The contract hash, 64 hex digits. */
  readonly contract: string;
}

export async function ourField({ url, room, contract }: OurAddress): Promise<Field> {
  const real = realEnvironment();
  // Everybody here shares one core: evidence that is the same is verified once, and the worker's fast cipher is theirs too.
  const environment: Environment = { ...real, suite: await sodiumSuite(), verify: once(real.verify) };
  const options = async (transport: Transport): Promise<JoinOptions> => ({
    room: room as RoomId,
    world: worldId(world),
    contract: hexToBytes(contract),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    components,
    transport,
  });
  return {
    async join() {
      const transport = new CountingTransport(url);
      const join = await options(transport);
      const { world: worldBytes, contract: hash } = join;
      const expected = { room: join.room, world: worldBytes, contract: hash, lineage: lineageId(worldBytes, hash) };
      const keeper = new WitnessKeeper(memoryWitnessStore(), expected, join.account.key);
      const timeouts = defaultTimeouts;
      const dialer = new Dialer({ environment, transport, timeouts, expected, loopback: true, join, keeper });
      const { session } = await dialer.dial(() => undefined);
      transport.deaf = true;
      return new CountingWalker(session, transport);
    },
    async probe() {
      const transport = new CountingTransport(url);
      return new OurProbe(await joinIn(environment, url, await options(transport)), transport);
    },
  };
}

class CountingTransport implements Transport {
  readonly received: Received = { frames: 0, bytes: 0 };
  readonly #url: string;
  /** Nobody decrypts any more. */
  deaf = false;

  constructor(url: string) {
    this.#url = url;
  }

  async open(...[room, receiver]: Parameters<Transport["open"]>): Promise<Connection> {
    const relay = await (await sdkClient(this.#url)).joinOrCreate("relay", { room });
    relay.reconnection.enabled = false;
    const socket = socketOf(relay);
    count(socket, this.received, (message) => {
      if (!this.deaf) receiver.bytes(new Uint8Array(message.subarray(envelopePrefix.length)));
    });
    socket.on("close", () => receiver.closed("unreachable"));
    return {
      send: (envelope) => socket.send(Buffer.concat([envelopePrefix, envelope])),
      close: () => socket.close(),
    };
  }
}

/** ROOM_DATA_BYTES, then its type "~" as a msgpack string. */
const envelopePrefix = Uint8Array.of(17, 0xa1, 0x7e);

class CountingWalker implements Walker {
  readonly received: Received;
  readonly #session: Session;
  #moves = 0;

  constructor(session: Session, { received }: CountingTransport) {
    this.received = received;
    this.#session = session;
  }

  steer({ x, z, aim }: Steering): void {
    this.#session.send({ type: "move", n: (this.#moves += 1), move: { x, z, aim: angleOf(aim) } });
  }

  close(): void {
    this.#session.close();
  }
}

class OurProbe implements Probe {
  readonly received: Received;
  readonly #room: Room;

  constructor(room: Room, { received }: CountingTransport) {
    this.received = received;
    this.#room = room;
  }

  get visible(): number {
    return this.#room.entities(components.Body).size;
  }

  onHeading(listener: (aim: number) => void): void {
    const bodies = this.#room.entities(components.Body);
    bodies.on("change", (id) => {
      if (id === bodies.mine[0]) listener(quantiseAngle(bodies.columns["heading"]![id]! as number));
    });
  }

  steer({ x, z, aim }: Steering): void {
    this.#room.move({ x, z, aim: angleOf(aim) }).catch(() => undefined);
  }

  close(): void {
    this.#room.close();
  }
}

function once(verify: VerifyEvidence): VerifyEvidence {
  const known = new Map<string, ReturnType<VerifyEvidence>>();
  return (bytes, policy, now) => {
    const key = bytesToHex(bytes);
    let verified = known.get(key);
    if (verified === undefined) known.set(key, (verified = verify(bytes, policy, now)));
    return verified;
  };
}
