/**
 * Upgrades: the holders of a lineage's keys say that its rooms go on by other rules, after a notice of running play.
 *
 * ```text
 * upgrade   = [version u8 = 1] [lineage 32] [from 32] [to 32] [number u32 le] [notice ms u32 le] [count u8] ([key 32] [signature 64])*
 * signature = Ed25519(key, lp("phatroom/1/upgrade", all of the upgrade before `count`))
 * ```
 *
 * `from` and `to` are contract hashes. `number` counts a lineage's upgrades, so that no room takes the same one twice or
 * an earlier one again. Keys ascend. It is good for every room of the lineage, and changes a room only once it stands in
 * that room's own log.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, concatBytes, equalBytes, lengthPrefixed, u32le } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import type { LineageTerms } from "./manifest.ts";

/** What is signed. Hashes are 32 bytes. */
export interface UpgradeStatement {
  readonly lineage: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** From 1 on. */
  readonly number: number;
  /** How long players play on by the old rules, once they were told. */
  readonly noticeMs: number;
}

export interface UpgradeSignature {
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

export interface Upgrade extends UpgradeStatement {
  /** By ascending key, none twice. */
  readonly signatures: readonly UpgradeSignature[];
}

const version = 1;
const statementLength = 1 + 3 * 32 + 4 + 4;
const signatureLength = 32 + 64;

/** More keys than any lineage should have. */
export const upgradeSignaturesMax = 16;

/** What each key signs. */
export const upgradeMessage = (statement: UpgradeStatement): Uint8Array =>
  lengthPrefixed("phatroom/1/upgrade", encodeStatement(statement));

function encodeStatement({ lineage, from, to, number, noticeMs }: UpgradeStatement): Uint8Array {
  for (const hash of [lineage, from, to]) if (hash.length !== 32) throw new RangeError("a hash has 32 bytes");
  return concatBytes(Uint8Array.of(version), lineage, from, to, u32le(number), u32le(noticeMs));
}

/** In canonical order of the signatures, in whichever they were made. */
export function encodeUpgrade(upgrade: Upgrade): Uint8Array {
  const signatures = upgrade.signatures.toSorted((a, b) => (bytesToHex(a.key) < bytesToHex(b.key) ? -1 : 1));
  return concatBytes(
    encodeStatement(upgrade),
    Uint8Array.of(signatures.length),
    ...signatures.flatMap(({ key, signature }) => [key, signature]),
  );
}

/** @throws ProtocolError "malformed" for any other bytes than `encodeUpgrade` makes. */
export function decodeUpgrade(bytes: Uint8Array): Upgrade {
  const count = bytes[statementLength] ?? 0;
  if (bytes[0] !== version || bytes.length !== statementLength + 1 + count * signatureLength) throw malformed();
  if (count > upgradeSignaturesMax) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const signatures = Array.from({ length: count }, (_, i) => {
    const at = statementLength + 1 + i * signatureLength;
    return { key: bytes.slice(at, at + 32), signature: bytes.slice(at + 32, at + signatureLength) };
  });
  for (let i = 1; i < count; i++) {
    if (bytesToHex(signatures[i - 1]!.key) >= bytesToHex(signatures[i]!.key)) throw malformed();
  }
  return {
    lineage: bytes.slice(1, 33),
    from: bytes.slice(33, 65),
    to: bytes.slice(65, 97),
    number: view.getUint32(97, true),
    noticeMs: view.getUint32(101, true),
    signatures,
  };
}

const malformed = (): ProtocolError => new ProtocolError("malformed", "an upgrade");

/** @param secret Ed25519 seed, 32 bytes. */
export const signUpgrade = (statement: UpgradeStatement, secret: Uint8Array): UpgradeSignature => ({
  key: ed25519.getPublicKey(secret),
  signature: ed25519.sign(upgradeMessage(statement), secret),
});

/** Where a room stands, as an upgrade must fit it. */
export interface UpgradeSituation {
  /** 32 bytes. */
  readonly lineage: Uint8Array;
  readonly terms: LineageTerms;
  /** Hash of the rules it is played by, 32 bytes. */
  readonly contract: Uint8Array;
  /** Of the newest upgrade that stands in its log; 0 if none does. */
  readonly newest: number;
}

/**
 * Whether the lineage's keys want this of this room.
 *
 * @throws ProtocolError "upgrade-frozen" where nobody may upgrade, "upgrade-foreign" for another lineage or other rules,
 *   "upgrade-replayed" for a number that was there, "upgrade-notice" for too short a notice, "upgrade-unsigned" if nobody
 *   signed it or a signature is wrong, "upgrade-signer" if a key is not the lineage's, "upgrade-threshold" if they are too few.
 */
export function checkUpgrade(upgrade: Upgrade, { lineage, terms, contract, newest }: UpgradeSituation): void {
  const { upgradeKeys, threshold, noticeMs } = terms;
  if (upgradeKeys.length === 0 || threshold === 0) throw new ProtocolError("upgrade-frozen");
  if (!equalBytes(upgrade.lineage, lineage) || !equalBytes(upgrade.from, contract)) {
    throw new ProtocolError("upgrade-foreign");
  }
  if (upgrade.number <= newest) throw new ProtocolError("upgrade-replayed");
  if (upgrade.noticeMs < noticeMs) throw new ProtocolError("upgrade-notice");
  if (upgrade.signatures.length === 0) throw new ProtocolError("upgrade-unsigned");
  const message = upgradeMessage(upgrade);
  for (const { key, signature } of upgrade.signatures) {
    if (!upgradeKeys.some((known) => equalBytes(known, key))) throw new ProtocolError("upgrade-signer");
    if (!isSignature(signature, message, key)) throw new ProtocolError("upgrade-unsigned");
  }
  if (upgrade.signatures.length < threshold) throw new ProtocolError("upgrade-threshold");
}

/** By RFC 8032 in its strict reading, as every verifier must agree. */
function isSignature(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
