/** Joins a room: connects, verifies who answers, and only then says who asks. */
import type { AnyContract } from "#contract/contract.ts";
import { lineageId } from "#protocol/manifest.ts";
import { decodeClientMessage, encodeClientMessage } from "#protocol/message.ts";
import { witnessLength } from "#protocol/witness.ts";
import type { MoveOf, ViewOf } from "./contract-types.ts";
import { Dialer } from "./dialer.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import { asClientError } from "./errors.ts";
import { defaultTimeouts, type JoinOptions } from "./join-options.ts";
import { LiveRoom } from "./live-room.ts";
import type { Room } from "./room.ts";
import { isLoopback } from "./loopback.ts";
import { simulateNetwork } from "./simulated-network.ts";
import { CountedTransport } from "./traffic.ts";
import { WitnessKeeper } from "./witness-keeper.ts";
import { memoryWitnessStore } from "./witness-store.ts";

/**
 * Resolves once the room has been verified, has admitted us and has told how things stand.
 *
 * Until the worker was verified and accepted, nothing but a fresh public key is sent, and it is not connected to anybody.
 * When anything fails, the connection is closed.
 *
 * @param url of the gateway, e.g. `https://play.example.org`.
 * @throws ClientError; with a `shield` if evidence was seen. The reason of `options.signal` if it aborts.
 */
export function join<C extends AnyContract>(url: string, options: JoinOptions): Promise<Room<ViewOf<C>, MoveOf<C>>> {
  return joinIn<C>(realEnvironment(), url, options);
}

/** `join` with another clock, randomness or cryptography than this machine's: for tests. */
export async function joinIn<C extends AnyContract>(
  environment: Environment,
  url: string,
  options: JoinOptions,
): Promise<Room<ViewOf<C>, MoveOf<C>>> {
  checkOptions(options);
  const { room, world, contract, upgrades = [], lineage = lineageId(world, contract), freeze = true } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const carrier = options.transport ?? (await import("./colyseus-transport.ts")).colyseusTransport(url);
  const { network } = options;
  const transport = new CountedTransport(
    network === undefined ? carrier : simulateNetwork(carrier, network, environment),
  );
  const expected = { room, world, contract, upgrades, lineage };
  const store = options.witnesses ?? memoryWitnessStore();
  const account = options.account.key;
  const keeper = new WitnessKeeper(store, expected, account);
  const loopback = isLoopback(url);
  const dialer = new Dialer({ environment, transport, timeouts, expected, loopback, join: options, keeper });
  const { shield, ...joined } = await dialer.dial(() => undefined, options.signal);
  try {
    if (shield === undefined) throw new Error("a full handshake has a shield");
    const { components } = options;
    const live = new LiveRoom(
      {
        room,
        environment,
        timeouts,
        dialer,
        freeze,
        keeper,
        traffic: transport,
        wallet: { world, account, store },
        ...(components === undefined ? {} : { components }),
      },
      { ...joined, shield },
    );
    // The types of views and moves are the contract's promise; its hash was just verified.
    return live as Room as Room<ViewOf<C>, MoveOf<C>>;
  } catch (error) {
    joined.session.close();
    throw asClientError(error);
  }
}

/** What the worker would refuse is refused before anybody is called. @throws ClientError "malformed". */
function checkOptions({ account, want = "play", name = "", invite, lock = false, ticket }: JoinOptions): void {
  const { type, body } = encodeClientMessage({
    type: "auth",
    account: account.key,
    device: account.key,
    signature: new Uint8Array(64),
    entropy: new Uint8Array(32),
    want,
    name,
    lock,
    witness: new Uint8Array(witnessLength),
    ...(invite === undefined ? {} : { invite }),
    ...(ticket === undefined ? {} : { ticket }),
  });
  try {
    decodeClientMessage(type, body);
  } catch (error) {
    throw asClientError(error);
  }
}
