/**
 * The published Noise test vectors (https://github.com/noiseprotocol/noise_wiki/wiki/Test-vectors), and one run of one of
 * them: both sides with the vector's own keys, every message compared, through the handshake and on into the transport.
 */
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { Handshake, patterns, type Pattern, type Role } from "#protocol/noise.ts";
import type { Suite } from "#protocol/suite.ts";
import type { ImportKeyPair } from "./fixed-keys.ts";

export interface NoiseVector {
  readonly protocol_name: string;
  readonly source: string;
  readonly init_prologue: string;
  readonly init_ephemeral: string;
  readonly init_static?: string;
  readonly init_remote_static?: string;
  readonly init_psks?: readonly string[];
  readonly resp_prologue: string;
  readonly resp_ephemeral: string;
  readonly resp_static?: string;
  readonly resp_psks?: readonly string[];
  readonly handshake_hash?: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

/** The patterns we ship, and those that only the vectors use (Noise section 7.5). */
const allPatterns: readonly Pattern[] = [
  patterns.NX,
  patterns.NNpsk0,
  { name: "NN", known: [], messages: [["e"], ["e", "ee"]] },
  {
    name: "NK",
    known: ["responder"],
    messages: [
      ["e", "es"],
      ["e", "ee"],
    ],
  },
  { name: "XX", known: [], messages: [["e"], ["e", "ee", "s", "es"], ["s", "se"]] },
];

/** What a run must reproduce: each message, then the handshake hash where the vector has one. */
export const expectedOf = (vector: NoiseVector): string[] => [
  ...vector.messages.map((message) => message.ciphertext),
  ...(vector.handshake_hash === undefined ? [] : [vector.handshake_hash]),
];

/** What the initiator and the responder really say, each message decrypted again by the other side. */
export async function runVector(vector: NoiseVector, suite: Suite, importKeyPair: ImportKeyPair): Promise<string[]> {
  const pattern = allPatterns.find((known) => vector.protocol_name === `Noise_${known.name}_25519_ChaChaPoly_SHA256`);
  if (pattern === undefined) throw new Error(`no pattern for ${vector.protocol_name}`);
  const sides = {
    initiator: await sideOf(vector, pattern, "initiator", suite, importKeyPair),
    responder: await sideOf(vector, pattern, "responder", suite, importKeyPair),
  };
  const said: string[] = [];
  const handshakes = pattern.messages.length;
  for (const [i, message] of vector.messages.slice(0, handshakes).entries()) {
    const [sender, receiver] = i % 2 === 0 ? [sides.initiator, sides.responder] : [sides.responder, sides.initiator];
    const bytes = await sender.write(hexToBytes(message.payload));
    said.push(bytesToHex(bytes));
    assertSame(message.payload, bytesToHex(await receiver.read(bytes)));
  }
  const secrets = { initiator: sides.initiator.finish(), responder: sides.responder.finish() };
  const none = new Uint8Array(0);
  for (const [i, message] of vector.messages.entries()) {
    if (i < handshakes) continue;
    const [sender, receiver] =
      i % 2 === 0 ? [secrets.initiator, secrets.responder] : [secrets.responder, secrets.initiator];
    const bytes = sender.send.encryptWithAd(none, hexToBytes(message.payload));
    said.push(bytesToHex(bytes));
    assertSame(message.payload, bytesToHex(receiver.receive.decryptWithAd(none, bytes)));
  }
  assertSame(bytesToHex(secrets.initiator.hash), bytesToHex(secrets.responder.hash));
  if (vector.handshake_hash !== undefined) said.push(bytesToHex(secrets.initiator.hash));
  return said;
}

async function sideOf(
  vector: NoiseVector,
  pattern: Pattern,
  role: Role,
  suite: Suite,
  importKeyPair: ImportKeyPair,
): Promise<Handshake> {
  const initiator = role === "initiator";
  const staticKey = initiator ? vector.init_static : vector.resp_static;
  const remoteStatic = initiator ? vector.init_remote_static : undefined;
  const psk = (initiator ? vector.init_psks : vector.resp_psks)?.[0];
  return new Handshake({
    pattern,
    role,
    prologue: hexToBytes(initiator ? vector.init_prologue : vector.resp_prologue),
    suite,
    ephemeral: await importKeyPair(hexToBytes(initiator ? vector.init_ephemeral : vector.resp_ephemeral)),
    ...(staticKey === undefined ? {} : { staticKey: await importKeyPair(hexToBytes(staticKey)) }),
    ...(remoteStatic === undefined ? {} : { remoteStatic: hexToBytes(remoteStatic) }),
    ...(psk === undefined ? {} : { psk: hexToBytes(psk) }),
  });
}

function assertSame(expected: string, actual: string): void {
  if (expected !== actual) throw new Error(`expected ${expected}, got ${actual}`);
}
