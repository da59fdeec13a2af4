/** How a refusal looks in HTTP: a status, our code, and the sentence a player is shown. */
import type { Response } from "express";
import { ProtocolError, sentenceOfCode, type ErrorCode } from "#protocol/errors.ts";
import { StoreError } from "#protocol/store.ts";

const statuses: { readonly [code in ErrorCode]?: number } = {
  "too-long": 413,
  "contract-unknown": 404,
  "room-not-found": 404,
  "origin-refused": 403,
  "reports-refused": 403,
  "reports-elsewhere": 403,
  "rate-limited": 429,
  busy: 503,
  "worker-lost": 503,
  "shutting-down": 503,
  "platform-unavailable": 503,
  "room-faulted": 503,
  "store-unavailable": 503,
  "store-full": 503,
};

export const statusOf = (code: ErrorCode): number => statuses[code] ?? 400;

/** Seconds after which asking again makes sense: a bucket drips, a worker restarts. */
const retryAfter = "5";

export function refuse(response: Response, code: ErrorCode): void {
  const status = statusOf(code);
  if (status === 429 || status === 503) response.set("Retry-After", retryAfter);
  // The Colyseus SDK keeps nothing of a refusal but its status and `error`.
  response.status(status).json({ code, sentence: sentenceOfCode(code), error: code });
}

/** The code of whatever was thrown while answering a request; undefined if it is our own mistake. */
export function codeOfFailure(error: unknown): ErrorCode | undefined {
  if (error instanceof ProtocolError) return error.code;
  if (error instanceof StoreError) return "store-unavailable";
  // Express and its body parser: https://github.com/expressjs/body-parser#errors
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  if (status === 413) return "too-long";
  return typeof status === "number" && status >= 400 && status < 500 ? "malformed" : undefined;
}
