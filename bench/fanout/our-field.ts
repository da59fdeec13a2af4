/** The field on ours: all verify, prove who they are and encrypt; probes read what they get, and all others count. */
import { guestAccount } from "../../client/sdk/account.ts";
import { Dialer, type Joined } from "../../client/sdk/dialer.ts";
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";
import { EntityStore } from "../../client/sdk/entities/entity-store.ts";
import { Pace } from "../../client/sdk/input/pace.ts";
import { defaultTimeouts } from "../../client/sdk/join-options.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import type { Session } from "../../client/sdk/session.ts";
import type { Connection, Transport } from "../../client/sdk/transport.ts";
import type { VerifyEvidence } from "../../client/sdk/verify-evidence.ts";
import { WitnessKeeper } from "../../client/sdk/witness-keeper.ts";
import { memoryWitnessStore } from "../../client/sdk/witness-store.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { sodiumSuite } from "../../server/enclave/channel/suite.ts";
import { bytesToHex, hexToBytes } from "../../server/protocol/bytes.ts";
import { layoutsOf } from "../../contracts/sdk/components.ts";
import { angleOf, quantiseAngle } from "../../server/protocol/entities/layout.ts";
import type { RoomId } from "../../server/protocol/identity.ts";
import {
  acknowledgedHeaderLength,
  acknowledgedVersion,
  aheadUnits,
  entitiesHeaderLength,
} from "../../server/protocol/entities/message.ts";
import { encodeInputRow, inputFormatOf } from "../../server/protocol/input-row.ts";
import { lineageId, worldId } from "../../server/protocol/manifest.ts";
import { world } from "../ours/world.ts";
import * as components from "./contract/components.ts";
import { count, sdkClient, socketOf } from "./socket.ts";
import { hz, type Steering } from "./steering.ts";
import type { Field, Probe, Received, Walker } from "./walker.ts";

export interface OurAddress {
  readonly url: string;
  readonly room: string;
  /** The contract hash, 64 hex digits. */
  readonly contract: string;
}

export async function ourField({ url, room: name, contract: hash }: OurAddress): Promise<Field> {
  const real = realEnvironment();
  // Everybody here shares one core: evidence that is the same is verified once, and the worker's fast cipher is theirs too.
  const environment: Environment = { ...real, suite: await sodiumSuite(), verify: once(real.verify) };
  const room = name as RoomId;
  const [id, contract] = [worldId(world), hexToBytes(hash)];
  const expected = { room, world: id, contract, lineage: lineageId(id, contract) };
  const enter = async (transport: Transport): Promise<Joined> => {
    const account = await guestAccount(memoryKeyStore());
    const join = { room, world: id, contract, policy: developmentPolicy, account };
    const keeper = new WitnessKeeper(memoryWitnessStore(), expected, account.key);
    const common = { environment, timeouts: defaultTimeouts, expected, loopback: true };
    return new Dialer({ ...common, transport, join, keeper }).dial(() => undefined);
  };
  return {
    async join() {
      const transport = new CountingTransport(url);
      const { session } = await enter(transport);
      transport.deaf = true;
      return new OurWalker(session, transport);
    },
    async probe() {
      const transport = new CountingTransport(url);
      return new OurProbe((await enter(transport)).session, transport);
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

const format = inputFormatOf({ tables: layoutsOf(components), input: "Stick" })!;

class OurWalker implements Walker {
  readonly received: Received;
  readonly #session: Session;
  /** Number of the newest row. */
  protected rows = 0;

  constructor(session: Session, { received }: CountingTransport) {
    this.received = received;
    this.#session = session;
  }

  steer({ x, z, aim }: Steering): void {
    const rows = encodeInputRow(format, { n: (this.rows += 1), seen: 0, values: [x, z, angleOf(aim)] });
    this.#session.send({ type: "input", rows });
  }

  close(): void {
    this.#session.close();
  }
}

class OurProbe extends OurWalker implements Probe {
  /** As the SDK does: a client of ours sends so that its rows come when the room wants them. */
  readonly #pace = new Pace(hz);
  readonly #entities = new EntityStore(components, hz, () => performance.now());
  readonly #bodies = this.#entities.of(components.Body);

  constructor(session: Session, transport: CountingTransport) {
    super(session, transport);
    session.stream({
      message: (message) => {
        if (message.type === "entities") this.#take(message.body);
      },
      ended: (error) => {
        throw error;
      },
    });
  }

  take(now: number): number {
    return this.#pace.take(now);
  }

  #take(body: Uint8Array): void {
    this.#entities.apply(body);
    if (body[0] !== acknowledgedVersion) return;
    const view = new DataView(body.buffer, body.byteOffset, acknowledgedHeaderLength);
    const [tick, applied] = [view.getUint32(1, true), view.getUint32(entitiesHeaderLength, true)];
    this.#pace.acknowledged(tick, applied, view.getUint8(acknowledgedHeaderLength - 1) / aheadUnits, this.rows);
  }

  get visible(): number {
    return this.#bodies.size;
  }

  onHeading(listener: (aim: number) => void): void {
    this.#bodies.on("change", (row) => {
      if (row === this.#bodies.mine[0]) listener(quantiseAngle(this.#bodies.columns.heading[row]!));
    });
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
