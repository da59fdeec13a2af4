/**
 * A report to the world's moderator, sealed so that the moderator's key opens it and nothing else does, and signed so that only
 * the world's workers can have made it: everybody can seal to a public key.
 *
 * ```text
 * sealed    = [ephemeral X25519 key 32] [ChaCha20-Poly1305 of [length u32 le] [content] [zeros]]
 * key       = HKDF-SHA-256(X25519(ephemeral, moderator), "phatroom/1/report", ephemeral, moderator's key)
 * content   = MessagePack of [said, lineage 32, signature 64]
 * said      = MessagePack of [room, contract, report]
 * signature = Ed25519 of lp("phatroom/1/signed-report", world, lineage, ephemeral, said), by the world's report key
 * ```
 *
 * Before reports were signed the content was what is `said` now. The lineage says by which rules: their name is their own word.
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
  /** Of these rules and those that may follow them, 32 bytes; null in reports of a time when it was not said. */
  readonly lineage: Uint8Array | null;
  /** What the rules say. */
  readonly report: Value;
}

/** How a report is sealed and signed; 32 bytes each. */
export interface Sealing {
  /** Ed25519 public key. */
  readonly moderator: Uint8Array;
  /** Random, and used for nothing else. */
  readonly ephemeral: Uint8Array;
  readonly world: Uint8Array;
  /** Ed25519 seed that the world's workers have and nobody else. */
  readonly signer: Uint8Array;
}

/** A report out of its seal, whoever made it. */
export interface OpenedReport {
  readonly report: Report;
  /** The ephemeral key: what is sealed anew has another one. */
  readonly seal: Uint8Array;
  /** What was signed, and how; null if nothing was. */
  readonly signed: { readonly said: Uint8Array; readonly signature: Uint8Array } | null;
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

export function sealReport(report: Report & { readonly lineage: Uint8Array }, sealing: Sealing): Uint8Array {
  const { world, signer, ephemeral, moderator } = sealing;
  const { room, contract, lineage } = report;
  const said = encodeMsgpack([room, contract, report.report]);
  const statement = statementOf(world, lineage, x25519.getPublicKey(ephemeral), said);
  return sealContent(encodeMsgpack([said, lineage, ed25519.sign(statement, signer)]), moderator, ephemeral);
}

/** What everybody can do who knows the moderator's public key. @param ephemeral as for `sealReport`. */
export function sealContent(content: Uint8Array, moderator: Uint8Array, ephemeral: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((4 + content.length) / step) * step);
  new DataView(padded.buffer).setUint32(0, content.length, true);
  padded.set(content, 4);
  const to = ed25519.utils.toMontgomery(moderator);
  const from = x25519.getPublicKey(ephemeral);
  const key = keyOf(x25519.getSharedSecret(ephemeral, to), from, moderator);
  return concatBytes(from, nobleAead.encrypt(key, nonce, new Uint8Array(0), padded));
}

/**
 * Whether it is signed, and by whom, is another question: see `isSignedBy`.
 *
 * @param secret Ed25519 seed of the moderator, 32 bytes.
 * @throws ProtocolError "malformed" for what is not sealed to this key, or was changed.
 */
export function openReport(sealed: Uint8Array, secret: Uint8Array): OpenedReport {
  const content = opened(sealed, secret);
  const seal = sealed.slice(0, keyLength);
  const [said, lineage, signature] = listIn(content);
  if (!(said instanceof Uint8Array)) return { report: reportIn(content, null), seal, signed: null };
  if (!(lineage instanceof Uint8Array) || lineage.length !== 32 || !(signature instanceof Uint8Array)) throw notOurs();
  return { report: reportIn(said, lineage), seal, signed: { said, signature } };
}

/** @param world 32 bytes. @param key Ed25519 public key of the world's workers, 32 bytes. */
export function isSignedBy({ report, seal, signed }: OpenedReport, world: Uint8Array, key: Uint8Array): boolean {
  if (signed === null || report.lineage === null) return false;
  const statement = statementOf(world, report.lineage, seal, signed.said);
  try {
    return ed25519.verify(signed.signature, statement, key, { zip215: false });
  } catch {
    return false;
  }
}

function opened(sealed: Uint8Array, secret: Uint8Array): Uint8Array {
  if (sealed.length > sealedMax || sealed.length < keyLength + tagLength + 4) throw notOurs();
  const from = sealed.subarray(0, keyLength);
  try {
    const shared = x25519.getSharedSecret(ed25519.utils.toMontgomerySecret(secret), from);
    const key = keyOf(shared, from, ed25519.getPublicKey(secret));
    const padded = nobleAead.decrypt(key, nonce, new Uint8Array(0), sealed.subarray(keyLength));
    const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0, true);
    return padded.subarray(4, 4 + length);
  } catch {
    throw notOurs();
  }
}

function reportIn(said: Uint8Array, lineage: Uint8Array | null): Report {
  const [room, contract, report] = listIn(said);
  if (typeof room !== "string" || typeof contract !== "string" || report === undefined) throw notOurs();
  return { room, contract, lineage, report: report as Value };
}

function listIn(bytes: Uint8Array): readonly unknown[] {
  try {
    const list = decodeMsgpack(bytes);
    if (Array.isArray(list)) return list;
  } catch {
    // As below.
  }
  throw notOurs();
}

const statementOf = (world: Uint8Array, lineage: Uint8Array, seal: Uint8Array, said: Uint8Array): Uint8Array =>
  lengthPrefixed("phatroom/1/signed-report", world, lineage, seal, said);

const keyOf = (shared: Uint8Array, from: Uint8Array, moderator: Uint8Array): Uint8Array =>
  hkdf(sha256, shared, undefined, lengthPrefixed("phatroom/1/report", from, moderator), 32);

const notOurs = (): ProtocolError => new ProtocolError("malformed", "not a report for this key");
