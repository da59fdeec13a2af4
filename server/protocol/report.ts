/**
 * A report to the world's moderator, sealed so that the moderator's key opens it and nothing else does.
 *
 * ```text
 * sealed = [ephemeral X25519 key 32] [ChaCha20-Poly1305 of [length u32 le] [MessagePack] [zeros]]
 * key    = HKDF-SHA-256(X25519(ephemeral, moderator), "phatroom/1/report", ephemeral, moderator's key)
 * ```
 *
 * The moderator has one key, of Ed25519: it is an account with which to send people out, and by the birational map of RFC 7748
 * (section 4.1) the key to which reports are sealed.
 */
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, lengthPrefixed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import type { ChainId } from "./store.ts";
import { nobleAead } from "./suite.ts";
import { reportLengthMax } from "./travel.ts";
import type { Value } from "./value.ts";

const keyLength = 32;
const tagLength = 16;
/** Each key seals once. */
const nonce = new Uint8Array(12);

/** Reports differ in length by whole steps only. */
const step = 4096;
const sealedMax = keyLength + Math.ceil((4 + reportLengthMax) / step) * step + tagLength;

export interface Report {
  /** Of the room it came from, and the name of its rules. */
  readonly room: string;
  readonly contract: string;
  /** What the rules say. */
  readonly report: Value;
}

/** Where the reports of a world are kept. */
export const reportsChain = (world: Uint8Array): ChainId => `reports-${bytesToHex(world)}` as ChainId;

/** Head of the chain behind a sealed report. */
export const headAfter = (before: Uint8Array, sealed: Uint8Array): Uint8Array =>
  sha256(lengthPrefixed("phatroom/1/report-head", before, sealed));

/** 64 hex digits that are a point of the curve, and not of small order. */
export function isModerator(text: unknown): text is string {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) return false;
  try {
    const point = ed25519.Point.fromBytes(hexToBytes(text), false);
    return !point.isSmallOrder();
  } catch {
    return false;
  }
}

/**
 * @param moderator Ed25519 public key, 32 bytes.
 * @param ephemeral 32 random bytes that are used for nothing else.
 */
export function sealReport(report: Report, moderator: Uint8Array, ephemeral: Uint8Array): Uint8Array {
  const content = encodeMsgpack([report.room, report.contract, report.report]);
  const padded = new Uint8Array(Math.ceil((4 + content.length) / step) * step);
  new DataView(padded.buffer).setUint32(0, content.length, true);
  padded.set(content, 4);
  const to = ed25519.utils.toMontgomery(moderator);
  const from = x25519.getPublicKey(ephemeral);
  const key = keyOf(x25519.getSharedSecret(ephemeral, to), from, moderator);
  return concatBytes(from, nobleAead.encrypt(key, nonce, new Uint8Array(0), padded));
}

/**
 * @param secret Ed25519 seed of the moderator, 32 bytes.
 * @throws ProtocolError "malformed" for what is not sealed to this key, or was changed.
 */
export function openReport(sealed: Uint8Array, secret: Uint8Array): Report {
  const [room, contract, report] = opened(sealed, secret);
  if (typeof room !== "string" || typeof contract !== "string" || report === undefined) throw notOurs();
  return { room, contract, report };
}

function opened(sealed: Uint8Array, secret: Uint8Array): Value[] {
  if (sealed.length > sealedMax || sealed.length < keyLength + tagLength + 4) throw notOurs();
  const from = sealed.subarray(0, keyLength);
  try {
    const shared = x25519.getSharedSecret(ed25519.utils.toMontgomerySecret(secret), from);
    const key = keyOf(shared, from, ed25519.getPublicKey(secret));
    const padded = nobleAead.decrypt(key, nonce, new Uint8Array(0), sealed.subarray(keyLength));
    const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0, true);
    // The rules' value, in a list.
    return decodeMsgpack(padded.subarray(4, 4 + length)) as Value[];
  } catch {
    throw notOurs();
  }
}

const keyOf = (shared: Uint8Array, from: Uint8Array, moderator: Uint8Array): Uint8Array =>
  hkdf(sha256, shared, undefined, lengthPrefixed("phatroom/1/report", from, moderator), 32);

const notOurs = (): ProtocolError => new ProtocolError("malformed", "not a report for this key");
