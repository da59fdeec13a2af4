/**
 * Answers hellos: one quote for all that wait, each client's own ephemeral under its Merkle root.
 *
 * While one quote is being made the next batch gathers, so a burst of joins costs few quotes and a single join waits
 * for nobody.
 */
import { leafOf, merkleTree, encodeWelcome, reportData, type RoomClaims } from "#protocol/binding.ts";
import { prologueOf } from "#protocol/channel.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { Handshake, type Secrets } from "#protocol/noise.ts";
import type { Suite } from "#protocol/suite.ts";
import { PlatformError, type Platform } from "../platform/platform.ts";
import type { ChannelKeys, EpochKey } from "./channel-key.ts";

/** Joins served by one quote: more than a worker seats, and a Merkle path of ten steps. */
const batchMax = 1024;

export interface Welcomed {
  /** Noise message 2. */
  readonly message: Uint8Array;
  readonly secrets: Secrets;
}

interface Waiting {
  /** Noise message 1. */
  readonly hello: Uint8Array;
  readonly claims: RoomClaims;
  readonly resolve: (welcomed: Welcomed) => void;
  readonly reject: (error: unknown) => void;
}

interface Started extends Waiting {
  readonly handshake: Handshake;
  readonly ephemeral: Uint8Array;
}

export class Welcomes {
  readonly #suite: Suite;
  readonly #keys: ChannelKeys;
  readonly #platform: Platform;
  readonly #now: () => number;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(suite: Suite, keys: ChannelKeys, platform: Platform, now: () => number) {
    this.#suite = suite;
    this.#keys = keys;
    this.#platform = platform;
    this.#now = now;
  }

  /**
   * @param hello Noise NX message 1.
   * @throws ProtocolError "handshake-failed", "platform-unavailable", "busy".
   */
  welcome(hello: Uint8Array, claims: RoomClaims): Promise<Welcomed> {
    if (this.#waiting.length >= batchMax) return Promise.reject(new ProtocolError("busy"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ hello, claims, resolve, reject });
      void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#serveBatch(batch);
      } catch (error) {
        const reason = error instanceof PlatformError ? new ProtocolError("platform-unavailable") : error;
        for (const waiting of batch) waiting.reject(reason);
      }
    }
    this.#busy = false;
  }

  async #serveBatch(batch: readonly Waiting[]): Promise<void> {
    const key = await this.#keys.current(this.#now());
    const started: Started[] = [];
    for (const waiting of batch) {
      const one = await this.#start(waiting, key);
      if (one !== undefined) started.push(one);
    }
    if (started.length === 0) return;
    const { root, paths } = merkleTree(started.map(({ ephemeral, claims }) => leafOf(ephemeral, claims)));
    const evidence = await this.#platform.quote(reportData(key.pair.publicKey, key.epoch, root));
    for (const [i, { handshake, claims, resolve, reject }] of started.entries()) {
      try {
        const welcome = encodeWelcome({ claims, keyEpoch: key.epoch, root, path: paths[i]!, evidence });
        const message = await handshake.write(welcome);
        resolve({ message, secrets: handshake.finish() });
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Reads one hello; a bad one is refused without spoiling the others' batch. */
  async #start(waiting: Waiting, key: EpochKey): Promise<Started | undefined> {
    const { world, room } = waiting.claims;
    const handshake = new Handshake({
      pattern: "NX",
      role: "responder",
      prologue: prologueOf(world, room),
      suite: this.#suite,
      staticKey: key.pair,
    });
    try {
      const payload = await handshake.read(waiting.hello);
      if (payload.length > 0) throw new ProtocolError("malformed", "a hello carries nothing");
      return { ...waiting, handshake, ephemeral: handshake.remoteEphemeral! };
    } catch (error) {
      waiting.reject(error);
      return undefined;
    }
  }
}

/**
 * Answers a resumption: no quote, because only the instance that was verified holds the secret.
 *
 * @throws ProtocolError "handshake-failed".
 */
export async function resume(
  suite: Suite,
  psk: Uint8Array,
  message: Uint8Array,
  claims: Pick<RoomClaims, "world" | "room">,
): Promise<Welcomed> {
  const handshake = new Handshake({
    pattern: "NNpsk0",
    role: "responder",
    prologue: prologueOf(claims.world, claims.room),
    suite,
    psk,
  });
  await handshake.read(message);
  const answer = await handshake.write(new Uint8Array(0));
  return { message: answer, secrets: handshake.finish() };
}
