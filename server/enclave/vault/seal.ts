/**
 * ChaCha20-Poly1305 (RFC 8439) for bytes of any length, under keys that each belong to one opening of one room. The
 * nonce is a number that is used once under its key: a record's index, a snapshot's index.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { sodiumAead } from "../sodium-aead.ts";
import { VaultError } from "./errors.ts";

const algorithm = "chacha20-poly1305";
const tagLength = 16;

/** Nearly all records; what is longer takes long enough anyway. */
const short = { adMax: 1024, textMax: 64 * 1024 };
const shortAead = await sodiumAead(short);

const isShort = (associated: Uint8Array, sealedLength: number): boolean =>
  associated.length <= short.adMax && sealedLength <= short.textMax;

/** @returns ciphertext, then 16 bytes of tag. */
export function seal(key: Uint8Array, number: number, associated: Uint8Array, plaintext: Uint8Array): Uint8Array {
  if (isShort(associated, plaintext.length + tagLength)) {
    return shortAead.encrypt(key, nonceOf(number), associated, plaintext);
  }
  const cipher = createCipheriv(algorithm, key, nonceOf(number), { authTagLength: tagLength });
  cipher.setAAD(associated, { plaintextLength: plaintext.length });
  const sealed = new Uint8Array(plaintext.length + tagLength);
  sealed.set(cipher.update(plaintext));
  cipher.final();
  sealed.set(cipher.getAuthTag(), plaintext.length);
  return sealed;
}

/** @throws VaultError "not-ours". */
export function unseal(key: Uint8Array, number: number, associated: Uint8Array, sealed: Uint8Array): Uint8Array {
  const length = sealed.length - tagLength;
  if (length < 0) throw new VaultError("not-ours", "shorter than a tag");
  if (isShort(associated, sealed.length)) return unsealShort(key, nonceOf(number), associated, sealed);
  const decipher = createDecipheriv(algorithm, key, nonceOf(number), { authTagLength: tagLength });
  decipher.setAAD(associated, { plaintextLength: length });
  decipher.setAuthTag(sealed.subarray(length));
  const plaintext = decipher.update(sealed.subarray(0, length));
  try {
    decipher.final();
  } catch {
    throw new VaultError("not-ours", "the seal does not fit");
  }
  return new Uint8Array(plaintext);
}

function unsealShort(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return shortAead.decrypt(key, nonce, associated, sealed);
  } catch {
    throw new VaultError("not-ours", "the seal does not fit");
  }
}

/** [zeros 4] [number u64 le] */
function nonceOf(number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError("a nonce counts");
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(number), true);
  return nonce;
}
