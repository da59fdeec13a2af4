/**
 * The two ways to a channel. The full handshake sends an ephemeral key and nothing else; what comes back is examined
 * before anything follows. The short one proves that both ends still hold a secret of an earlier channel.
 */
import { decodeWelcome } from "#protocol/binding.ts";
import { Channel, prologueOf } from "#protocol/channel.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax, protocolVersion } from "#protocol/limits.ts";
import { Handshake } from "#protocol/noise.ts";
import type { Suite } from "#protocol/suite.ts";
import { ClientError } from "./errors.ts";
import type { Line, LineEnvelope } from "./line.ts";
import type { Presented } from "./shield.ts";

/** A secret of an earlier channel, good for one resumption. */
export interface Ticket {
  readonly id: Uint8Array;
  readonly psk: Uint8Array;
}

export interface Parties {
  readonly world: Uint8Array;
  readonly room: RoomId;
  readonly suite: Suite;
  /** For the worker's answer, in ms. */
  readonly answerMs: number;
}

const nothing = new Uint8Array(0);

/** Noise NX. @throws ClientError or ProtocolError: "handshake-failed", "handshake-timeout", "malformed", or the line's. */
export async function greet(line: Line, parties: Parties): Promise<{ channel: Channel; presented: Presented }> {
  const handshake = start("NX", parties);
  line.send({ kind: "hello", version: protocolVersion, message: await handshake.write(nothing) });
  const payload = await handshake.read(messageOf(await line.next(parties.answerMs), "welcome"));
  const { localEphemeral: ephemeral, remoteStatic: channelKey } = handshake;
  if (ephemeral === undefined || channelKey === undefined) throw new ProtocolError("handshake-failed", "no keys");
  return {
    channel: new Channel(handshake.finish(), { messageMax: messageLengthMax }),
    presented: { welcome: decodeWelcome(payload), channelKey, ephemeral },
  };
}

/** Noise NNpsk0. The ticket is spent with the first byte. @throws as `greet`, and "resumption-refused". */
export async function resume(line: Line, parties: Parties, ticket: Ticket): Promise<Channel> {
  const handshake = start("NNpsk0", parties, ticket.psk);
  const message = await handshake.write(nothing);
  line.send({ kind: "resume", version: protocolVersion, id: ticket.id, message });
  await handshake.read(messageOf(await line.next(parties.answerMs), "resumed"));
  return new Channel(handshake.finish(), { messageMax: messageLengthMax });
}

function start(pattern: "NX" | "NNpsk0", { world, room, suite }: Parties, psk?: Uint8Array): Handshake {
  const prologue = prologueOf(world, room);
  return new Handshake({ pattern, role: "initiator", prologue, suite, ...(psk === undefined ? {} : { psk }) });
}

function messageOf(envelope: LineEnvelope, kind: "welcome" | "resumed"): Uint8Array {
  if (envelope.kind !== kind) throw new ClientError("malformed", { detail: `${envelope.kind} instead of ${kind}` });
  return envelope.message;
}
