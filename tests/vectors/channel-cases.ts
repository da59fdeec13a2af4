/** A whole conversation with fixed keys: full handshake, frames both ways, a rekey, and the resumption after it. */
import { Channel, prologueOf } from "#protocol/channel.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax, rekeyInterval } from "#protocol/limits.ts";
import { Handshake, type HandshakeOptions } from "#protocol/noise.ts";
import type { Suite } from "#protocol/suite.ts";
import type { ImportKeyPair } from "../protocol/support/fixed-keys.ts";
import type { Case } from "./protocol-cases.ts";

const world = new Uint8Array(32).fill(0xaa);
const room = "00112233445566778899" as RoomId;
const secret = (number: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => number * 16 + i);
const text = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0));

export async function channelCases(suite: Suite, importKeyPair: ImportKeyPair): Promise<readonly Case[]> {
  const common = { prologue: prologueOf(world, room), suite };
  const evidence = text("evidence");
  const full = await converse(
    { ...common, pattern: "NX", role: "initiator", ephemeral: await importKeyPair(secret(1)) },
    {
      ...common,
      pattern: "NX",
      role: "responder",
      staticKey: await importKeyPair(secret(2)),
      ephemeral: await importKeyPair(secret(3)),
    },
    evidence,
  );
  const { psk } = full.player.resumption;
  const resumed = await converse(
    { ...common, pattern: "NNpsk0", role: "initiator", psk, ephemeral: await importKeyPair(secret(4)) },
    { ...common, pattern: "NNpsk0", role: "responder", psk, ephemeral: await importKeyPair(secret(5)) },
    new Uint8Array(0),
  );

  const keys = { initiatorEphemeral: secret(1), responderStatic: secret(2), responderEphemeral: secret(3) };
  const move = text("a move");
  const [first] = full.player.encrypt(2, move);
  const [answer] = full.room.encrypt(17, move, 128);
  // One frame is through; `rekeyInterval - 1` more, and the next is under the new key.
  for (let i = 1; i < rekeyInterval; i++) full.player.encrypt(2, move);
  const [rekeyed] = full.player.encrypt(2, move);
  return [
    { name: "prologue", input: { world, room }, bytes: common.prologue },
    { name: "NX message 1", input: keys, bytes: full.messages[0] },
    { name: "NX message 2", input: { ...keys, payload: evidence }, bytes: full.messages[1] },
    { name: "NX handshake hash", input: keys, bytes: full.player.hash },
    { name: "resumption id", input: keys, bytes: full.room.resumption.id },
    { name: "resumption psk", input: keys, bytes: full.room.resumption.psk },
    { name: "first frame to the room", input: { ...keys, type: 2, body: move }, bytes: first! },
    { name: "first frame to the player", input: { ...keys, type: 17, body: move, floor: 128 }, bytes: answer! },
    { name: "frame 2^14 + 1 to the room", input: { ...keys, type: 2, body: move }, bytes: rekeyed! },
    { name: "NNpsk0 message 1", input: { psk, initiatorEphemeral: secret(4) }, bytes: resumed.messages[0] },
    {
      name: "NNpsk0 message 2",
      input: { psk, initiatorEphemeral: secret(4), responderEphemeral: secret(5) },
      bytes: resumed.messages[1],
    },
    {
      name: "NNpsk0 first frame to the room",
      input: { psk, type: 4, body: move },
      bytes: resumed.player.encrypt(4, move)[0]!,
    },
  ];
}

async function converse(ours: HandshakeOptions, theirs: HandshakeOptions, payload: Uint8Array) {
  const [initiator, responder] = [new Handshake(ours), new Handshake(theirs)];
  const first = await initiator.write(new Uint8Array(0));
  await responder.read(first);
  const second = await responder.write(payload);
  if (bytesToHex(await initiator.read(second)) !== bytesToHex(payload)) throw new Error("another payload");
  const options = { messageMax: messageLengthMax };
  return {
    messages: [first, second] as const,
    player: new Channel(initiator.finish(), options),
    room: new Channel(responder.finish(), options),
  };
}
