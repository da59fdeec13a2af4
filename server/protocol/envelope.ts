/**
 * What the gateway relays: one byte that says which step of the conversation this is, then bytes it cannot read.
 *
 * ```text
 * client → worker   0x01 hello    version u8, Noise NX message 1 (32)
 *                   0x02 resume   version u8, resumption id (16), Noise NNpsk0 message 1 (48)
 *                   0x03 data     ciphertext
 * worker → client   0x11 welcome  Noise NX message 2 with evidence
 *                   0x12 resumed  Noise NNpsk0 message 2
 *                   0x13 data     ciphertext
 *                   0x14 refused  code u16 le; not authenticated, so only ever a hint
 * ```
 */
import { concatBytes } from "./bytes.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { clientEnvelopeMax, protocolVersion, tagLength, workerEnvelopeMax } from "./limits.ts";

export type ClientEnvelope =
  | { readonly kind: "hello"; readonly version: number; readonly message: Uint8Array }
  | { readonly kind: "resume"; readonly version: number; readonly id: Uint8Array; readonly message: Uint8Array }
  | { readonly kind: "data"; readonly ciphertext: Uint8Array };

export type WorkerEnvelope =
  | { readonly kind: "welcome"; readonly message: Uint8Array }
  | { readonly kind: "resumed"; readonly message: Uint8Array }
  | { readonly kind: "data"; readonly ciphertext: Uint8Array }
  | { readonly kind: "refused"; readonly code: ErrorCode };

export const helloLength = 2 + 32;
const resumptionIdLength = 16;
export const resumeLength = 2 + resumptionIdLength + 32 + tagLength;

export function encodeClientEnvelope(envelope: ClientEnvelope): Uint8Array {
  switch (envelope.kind) {
    case "hello":
      return concatBytes(Uint8Array.of(0x01, envelope.version), envelope.message);
    case "resume":
      return concatBytes(Uint8Array.of(0x02, envelope.version), envelope.id, envelope.message);
    case "data":
      return concatBytes(Uint8Array.of(0x03), envelope.ciphertext);
  }
}

/** Whether a client that says this begins anew; all that follows belongs to what it began with. */
export const beginsConversation = (envelope: Uint8Array): boolean => envelope[0] === 0x01 || envelope[0] === 0x02;

/** Whether a worker says this on a channel. */
export const isSealed = (envelope: Uint8Array): boolean => envelope[0] === 0x13;

/**
 * @throws ProtocolError "malformed" or "too-long". A version that is not ours is returned, whatever follows it: the
 *   worker answers it.
 */
export function decodeClientEnvelope(bytes: Uint8Array): ClientEnvelope {
  if (bytes.length > clientEnvelopeMax) throw new ProtocolError("too-long", "client envelope");
  switch (bytes[0]) {
    case 0x01:
      checkLength(bytes, 2, helloLength);
      return { kind: "hello", version: bytes[1]!, message: bytes.subarray(2) };
    case 0x02:
      checkLength(bytes, 2 + resumptionIdLength, resumeLength);
      return {
        kind: "resume",
        version: bytes[1]!,
        id: bytes.subarray(2, 2 + resumptionIdLength),
        message: bytes.subarray(2 + resumptionIdLength),
      };
    case 0x03:
      if (bytes.length < 1 + tagLength) throw new ProtocolError("malformed", "data");
      return { kind: "data", ciphertext: bytes.subarray(1) };
    default:
      throw new ProtocolError("malformed", "client envelope kind");
  }
}

/** Our own version has one length; of other versions we only know the beginning. */
function checkLength(bytes: Uint8Array, lengthMin: number, ours: number): void {
  if (bytes.length < lengthMin || (bytes[1] === protocolVersion && bytes.length !== ours)) {
    throw new ProtocolError("malformed", "client envelope length");
  }
}

/** Bytes of an envelope in front of a ciphertext. */
export const dataLead = 1;

/** Makes the worker's envelope of a ciphertext that has `dataLead` free bytes in front of it. */
export function markWorkerData(envelope: Uint8Array): void {
  envelope[0] = 0x13;
}

export function encodeWorkerEnvelope(envelope: WorkerEnvelope): Uint8Array {
  switch (envelope.kind) {
    case "welcome":
      return concatBytes(Uint8Array.of(0x11), envelope.message);
    case "resumed":
      return concatBytes(Uint8Array.of(0x12), envelope.message);
    case "data":
      return concatBytes(Uint8Array.of(0x13), envelope.ciphertext);
    case "refused": {
      const number = numberOfCode(envelope.code);
      return Uint8Array.of(0x14, number & 0xff, number >>> 8);
    }
  }
}

/** @throws ProtocolError "malformed" or "too-long". */
export function decodeWorkerEnvelope(bytes: Uint8Array): WorkerEnvelope {
  if (bytes.length > workerEnvelopeMax) throw new ProtocolError("too-long", "worker envelope");
  const rest = bytes.subarray(1);
  switch (bytes[0]) {
    case 0x11:
      return { kind: "welcome", message: rest };
    case 0x12:
      return { kind: "resumed", message: rest };
    case 0x13:
      if (rest.length < tagLength) throw new ProtocolError("malformed", "data");
      return { kind: "data", ciphertext: rest };
    case 0x14:
      if (rest.length !== 2) throw new ProtocolError("malformed", "refused");
      return { kind: "refused", code: codeOfNumber(rest[0]! | (rest[1]! << 8)) };
    default:
      throw new ProtocolError("malformed", "worker envelope kind");
  }
}
