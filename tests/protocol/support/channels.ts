/** Two ends of one channel, as a handshake leaves them. */
import { Channel, prologueOf } from "#protocol/channel.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import { Handshake, type Secrets } from "#protocol/noise.ts";
import type { NamedSuite } from "./suites.ts";

export interface Pair<T> {
  readonly player: T;
  readonly room: T;
}

const world = new Uint8Array(32).fill(1);
const room = "00112233445566778899" as RoomId;

/** The same number gives the same secrets, so that a test can look at a channel from outside. */
export async function secretsOf(number: number, { suite, importKeyPair }: NamedSuite): Promise<Pair<Secrets>> {
  const key = (what: number) => importKeyPair(new Uint8Array(32).fill(0x10 + number).fill(what, 0, 1));
  const common = { pattern: "NX", prologue: prologueOf(world, room), suite } as const;
  const initiator = new Handshake({ ...common, role: "initiator", ephemeral: await key(1) });
  const responder = new Handshake({
    ...common,
    role: "responder",
    staticKey: await key(2),
    ephemeral: await key(3),
  });
  await responder.read(await initiator.write(new Uint8Array(0)));
  await initiator.read(await responder.write(new Uint8Array(0)));
  return { player: initiator.finish(), room: responder.finish() };
}

export async function channelsOf(number: number, suite: NamedSuite): Promise<Pair<Channel>> {
  const secrets = await secretsOf(number, suite);
  const options = { messageMax: messageLengthMax };
  return { player: new Channel(secrets.player, options), room: new Channel(secrets.room, options) };
}
