/** Every way the client says no, with a sentence a player understands. */
import { AttestationError, attestationCodes, type AttestationErrorCode } from "#attestation/errors.ts";
import { errorCodes, ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { Shield } from "./shield.ts";

/** What only this side can find out. */
export const clientCodes = {
  closed: { sentence: "This room was closed in this window.", retry: false },
  "invite-malformed": { sentence: "This invitation link is not complete. Ask for it again.", retry: false },
  "wallet-missing": {
    sentence: "This browser has no such wallet. Install an extension, or unlock it, and try again.",
    retry: false,
  },
  "wallet-declined": { sentence: "The wallet did not sign. Nothing was linked, sent or paid.", retry: false },
  "keys-unavailable": {
    sentence: "This browser does not let the page keep your key. Private windows often do not.",
    retry: false,
  },
} as const;

export type ClientErrorCode = ErrorCode | AttestationErrorCode | keyof typeof clientCodes;

/**
 * Who said so. `room`: the room itself, inside the channel. `gateway`: whoever carries the bytes, without any proof;
 * it could as well not have answered. `client`: this side found out.
 */
export type ErrorSource = "room" | "gateway" | "client";

/** The only error this package throws, apart from the reason of an `AbortSignal` and plain mistakes in its use. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly source: ErrorSource;
  /** What was found out about the worker before it was refused; for the shield panel. */
  readonly shield: Shield | undefined;

  constructor(
    code: ClientErrorCode,
    options: {
      readonly source?: ErrorSource;
      readonly detail?: string;
      readonly cause?: unknown;
      readonly shield?: Shield;
    } = {},
  ) {
    const { source = "client", detail, cause, shield } = options;
    super(detail === undefined ? code : `${code}: ${detail}`, cause === undefined ? {} : { cause });
    this.name = "ClientError";
    this.code = code;
    this.source = source;
    this.shield = shield;
  }

  /** For a player: what happened and what to do. */
  get sentence(): string {
    return sentenceOf(this.code);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get retry(): boolean {
    if (Object.hasOwn(errorCodes, this.code)) return errorCodes[this.code as ErrorCode].retry;
    return false;
  }
}

/** What a player is shown for a code. */
export function sentenceOf(code: ClientErrorCode): string {
  if (Object.hasOwn(errorCodes, code)) return errorCodes[code as ErrorCode].sentence;
  if (Object.hasOwn(clientCodes, code)) return clientCodes[code as keyof typeof clientCodes].sentence;
  const { sentence, advice } = attestationCodes[code as AttestationErrorCode];
  return `${sentence} ${advice}`;
}

export const isAttestationCode = (code: ClientErrorCode): code is AttestationErrorCode =>
  Object.hasOwn(attestationCodes, code);

/** The same failure as a ClientError; what is none of ours is passed through. */
export function asClientError(
  error: unknown,
  options: { readonly source?: ErrorSource; readonly shield?: Shield } = {},
): unknown {
  if (error instanceof ProtocolError || error instanceof AttestationError) {
    return new ClientError(error.code, { ...options, detail: error.message, cause: error });
  }
  return error;
}
