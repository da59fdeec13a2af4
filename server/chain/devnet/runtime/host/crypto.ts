/** Host functions: signatures. Keys of its own a development chain has none: blocks are not signed. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { verify as verifySr25519 } from "@scure/sr25519";
import { concatBytes } from "#protocol/bytes.ts";
import { blake2b256 } from "../../hashing.ts";
import { keyOf } from "../../hex.ts";
import { signaturesKept } from "../../limits.ts";
import { littleEndian } from "../../scale.ts";
import type { Host, HostFunctions, Span } from "./host.ts";

type Verify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;

const sr25519: Verify = (signature, message, key) => verifySr25519(message, signature, key);
/** Substrate verifies by ZIP 215, as noble does unless it is told otherwise. */
const ed25519ByZip215: Verify = (signature, message, key) => ed25519.verify(signature, message, key);
const ecdsa: Verify = (signature, message, key) => ecdsaPrehashed(signature, blake2b256(message), key);
const ecdsaPrehashed: Verify = (signature, hash, key) =>
  secp256k1.verify(signature.subarray(0, 64), hash, key, { prehash: false, lowS: false });

/** Every signature is verified about three times: in the pool, in its block, and when the runtime checks the block. */
const verified = new Set<string>();

function verifies(scheme: string, verify: Verify, signature: Uint8Array, message: Uint8Array, key: Uint8Array): 0 | 1 {
  const name = scheme + keyOf(blake2b256(concatBytes(signature, key, message)));
  if (verified.has(name)) return 1;
  try {
    if (!verify(signature, message, key)) return 0;
  } catch {
    // A key or a signature that is no point of the curve.
    return 0;
  }
  if (verified.size >= signaturesKept) verified.delete(verified.values().next().value!);
  verified.add(name);
  return 1;
}

/** Whether a block's signatures are all right was once asked at its end. They are verified at once, and kept. */
const batches = new WeakMap<Host, boolean>();

export function cryptoFunctions(host: Host): HostFunctions {
  const verifier =
    (scheme: string, verify: Verify, signatureLength: number, keyLength: number) =>
    (signature: number, message: Span, key: number): 0 | 1 =>
      verifies(
        scheme,
        verify,
        host.fixed(signature, signatureLength).slice(),
        host.copy(message),
        host.fixed(key, keyLength).slice(),
      );
  const inBatch =
    (verify: (signature: number, message: Span, key: number) => 0 | 1) =>
    (signature: number, message: Span, key: number): 1 => {
      if (verify(signature, message, key) === 0) batches.set(host, false);
      return 1;
    };
  const verifyEd25519 = verifier("ed25519", ed25519ByZip215, 64, 32);
  const verifySr = verifier("sr25519", sr25519, 64, 32);
  const verifyEcdsa = verifier("ecdsa", ecdsa, 65, 33);
  return {
    ext_crypto_ed25519_verify_version_1: verifyEd25519,
    ext_crypto_sr25519_verify_version_1: verifySr,
    ext_crypto_sr25519_verify_version_2: verifySr,
    ext_crypto_ecdsa_verify_version_1: verifyEcdsa,
    ext_crypto_ecdsa_verify_version_2: verifyEcdsa,
    ext_crypto_ecdsa_verify_prehashed_version_1: (signature: number, hash: number, key: number) =>
      verifies(
        "prehashed",
        ecdsaPrehashed,
        host.fixed(signature, 65).slice(),
        host.fixed(hash, 32).slice(),
        host.fixed(key, 33).slice(),
      ),
    ext_crypto_ed25519_batch_verify_version_1: inBatch(verifyEd25519),
    ext_crypto_sr25519_batch_verify_version_1: inBatch(verifySr),
    ext_crypto_ecdsa_batch_verify_version_1: inBatch(verifyEcdsa),
    ext_crypto_start_batch_verify_version_1: () => {
      batches.set(host, true);
    },
    ext_crypto_finish_batch_verify_version_1: () => (batches.get(host) === false ? 0 : 1),
    ext_crypto_secp256k1_ecdsa_recover_version_1: (signature: number, hash: number) =>
      recover(host, signature, hash, false),
    ext_crypto_secp256k1_ecdsa_recover_version_2: (signature: number, hash: number) =>
      recover(host, signature, hash, false),
    ext_crypto_secp256k1_ecdsa_recover_compressed_version_1: (signature: number, hash: number) =>
      recover(host, signature, hash, true),
    ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: (signature: number, hash: number) =>
      recover(host, signature, hash, true),
  };
}

/** SCALE: an error of `EcdsaVerifyError`, which has R and S, V, and the signature as its variants. */
const badRecovery = Uint8Array.of(1, 1);
const badSignature = Uint8Array.of(1, 2);

/** @returns SCALE: the key of who signed, or why there is none. Uncompressed keys come without their first byte. */
function recover(host: Host, signature: number, hash: number, compressed: boolean): Span {
  const bytes = host.fixed(signature, 65).slice();
  const recovery = bytes[64]! > 26 ? bytes[64]! - 27 : bytes[64]!;
  if (recovery > 3) return host.giveSpan(badRecovery);
  try {
    const point = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), "compact")
      .addRecoveryBit(recovery)
      .recoverPublicKey(host.fixed(hash, 32).slice());
    const key = point.toBytes(compressed);
    return host.giveSpan(concatBytes(littleEndian(0, 1), compressed ? key : key.subarray(1)));
  } catch {
    return host.giveSpan(badSignature);
  }
}
