/** The parts that encoded evidence consists of, each with its bound. */
import { decodeMsgpack } from "#protocol/msgpack.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { AttestationError, demand } from "./errors.ts";
import { certificateLengthMax, chainLengthMax, signedTextMax } from "./limits.ts";

const signatureLength = 64;

/** @throws AttestationError "evidence-malformed", as everything here. */
export function unpack(bytes: Uint8Array): unknown {
  try {
    return decodeMsgpack(bytes, 4);
  } catch (error) {
    if (error instanceof ProtocolError) throw new AttestationError("evidence-malformed", error.message);
    throw error;
  }
}

export function tuple(value: unknown, length: number): readonly unknown[] {
  demand(Array.isArray(value) && value.length === length, "evidence-malformed", "tuple");
  return value as readonly unknown[];
}

export function binary(value: unknown, lengthMax: number): Uint8Array {
  demand(value instanceof Uint8Array && value.length > 0, "evidence-malformed", "bytes");
  demand(value.length <= lengthMax, "evidence-malformed", "too many bytes");
  // A decoder may hand out a platform's own subclass, or a view of a larger buffer.
  return new Uint8Array(value);
}

export function signature(value: unknown): Uint8Array {
  const bytes = binary(value, signatureLength);
  demand(bytes.length === signatureLength, "evidence-malformed", "signature");
  return bytes;
}

/** Signed texts are ASCII, so that text and signed bytes determine each other. */
export function text(value: unknown): string {
  demand(typeof value === "string" && value.length <= signedTextMax, "evidence-malformed", "text");
  demand(/^[\x20-\x7e]+$/.test(value), "evidence-malformed", "text that is not ASCII");
  return value;
}

export function chain(value: unknown): readonly Uint8Array[] {
  demand(Array.isArray(value), "evidence-malformed", "chain");
  demand(value.length > 0 && value.length <= chainLengthMax, "evidence-malformed", "chain length");
  return value.map((certificate) => binary(certificate, certificateLengthMax));
}
