/**
 * noise-c, compiled to WebAssembly in 2018, in a process of its own: its glue rethrows every uncaught exception and ends
 * the process on an unhandled rejection, which nobody wants in a test runner. Forked by `noise-c.ts`.
 */
import { createRequire } from "node:module";
import type { Answer, Request } from "./noise-c.ts";

interface CipherState {
  EncryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  DecryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

interface HandshakeState {
  Initialize(prologue: Uint8Array, s: Uint8Array | null, rs: Uint8Array | null, psk: Uint8Array | null): void;
  WriteMessage(payload: Uint8Array | null): Uint8Array;
  ReadMessage(message: Uint8Array, payloadNeeded: boolean): Uint8Array;
  GetHandshakeHash(): Uint8Array;
  GetRemotePublicKey(): Uint8Array | null;
  /** [send, receive]; frees the handshake. */
  Split(): [CipherState, CipherState];
}

interface NoiseC {
  readonly constants: { readonly NOISE_ROLE_INITIATOR: number; readonly NOISE_ROLE_RESPONDER: number };
  HandshakeState(protocolName: string, role: number): HandshakeState;
}

const createNoise = createRequire(import.meta.url)("noise-c.wasm") as (ready: (noise: NoiseC) => void) => void;
const none = new Uint8Array(0);

createNoise((noise) => {
  let handshake: HandshakeState | undefined;
  let ciphers: [CipherState, CipherState] | undefined;

  const answer = (request: Request): Uint8Array => {
    switch (request.ask) {
      case "start": {
        const { NOISE_ROLE_INITIATOR, NOISE_ROLE_RESPONDER } = noise.constants;
        const role = request.role === "initiator" ? NOISE_ROLE_INITIATOR : NOISE_ROLE_RESPONDER;
        handshake = noise.HandshakeState(request.protocol, role);
        handshake.Initialize(request.prologue, request.staticKey ?? null, null, null);
        return none;
      }
      case "write":
        return handshake!.WriteMessage(request.bytes);
      case "read":
        return handshake!.ReadMessage(request.bytes, true);
      case "finish": {
        const hash = handshake!.GetHandshakeHash();
        ciphers = handshake!.Split();
        return hash;
      }
      case "remote":
        return handshake!.GetRemotePublicKey() ?? none;
      case "encrypt":
        return ciphers![0].EncryptWithAd(none, request.bytes);
      case "decrypt":
        return ciphers![1].DecryptWithAd(none, request.bytes);
    }
  };

  process.on("message", (request: Request) => {
    let reply: Answer;
    try {
      reply = { bytes: answer(request) };
    } catch (error) {
      reply = { error: String(error) };
    }
    process.send!(reply);
  });
  process.send!({ bytes: none } satisfies Answer);
});
