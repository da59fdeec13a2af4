/** A player's side of a handshake, inside a page, step by step: bytes cross as hex. */
import { browserSuite } from "#client/suite.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { decodeFrame, encodeFrames } from "#protocol/frame.ts";
import { Handshake, type Secrets } from "#protocol/noise.ts";

let handshake: Handshake | undefined;
let secrets: Secrets | undefined;
const none = new Uint8Array(0);

/** Noise message 1. */
export async function begin(prologue: string): Promise<string> {
  handshake = new Handshake({
    pattern: "NX",
    role: "initiator",
    prologue: hexToBytes(prologue),
    suite: browserSuite(),
  });
  return bytesToHex(await handshake.write(none));
}

/** Reads Noise message 2. */
export async function finish(message: string): Promise<{ payload: string; hash: string; remote: string }> {
  const payload = await handshake!.read(hexToBytes(message));
  const remote = bytesToHex(handshake!.remoteStatic!);
  secrets = handshake!.finish();
  return { payload: bytesToHex(payload), hash: bytesToHex(secrets.hash), remote };
}

/** One frame with this body, encrypted. */
export function encrypt(body: string): string {
  const [frame] = encodeFrames(2, hexToBytes(body));
  return bytesToHex(secrets!.send.encryptWithAd(none, frame!));
}

/** The body of one encrypted frame. */
export function decrypt(ciphertext: string): string {
  return bytesToHex(decodeFrame(secrets!.receive.decryptWithAd(none, hexToBytes(ciphertext))).body);
}
