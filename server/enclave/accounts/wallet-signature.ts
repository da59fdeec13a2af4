/** Whether a wallet signed: the three ways in which accounts of Substrate do, each with one spelling of a signature. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { verify as verifySr25519 } from "@scure/sr25519";
import { concatBytes, equalBytes } from "#protocol/bytes.ts";
import { walletLength, walletSignatureLength, type WalletKind, type WalletSignature } from "#protocol/wallet.ts";

/** @param wallet the account on chain, 32 bytes. @param message with whatever stands around it. */
export function walletSigned(wallet: Uint8Array, { kind, signature }: WalletSignature, message: Uint8Array): boolean {
  if (wallet.length !== walletLength || signature.length !== walletSignatureLength(kind)) return false;
  try {
    return checks[kind](wallet, signature, message);
  } catch {
    // Bytes that are no point, no scalar, or no key that could have signed.
    return false;
  }
}

type Check = (wallet: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean;

const checks: { readonly [K in WalletKind]: Check } = {
  // Refuses the key that everybody can sign for (the point at infinity), and scalars with a second spelling.
  sr25519: (wallet, signature, message) => verifySr25519(message, signature, wallet),
  // By RFC 8032 in its strict reading: no key of a small order, no second spelling.
  ed25519: (wallet, signature, message) => ed25519.verify(signature, message, wallet, { zip215: false }),
  ecdsa: (wallet, signature, message) => {
    const digest = blake2b(message, { dkLen: 32 });
    const recovery = signature[64]!;
    // Substrate's has the byte last; two others name keys that do not occur.
    if (recovery > 1) return false;
    const recovered = concatBytes(Uint8Array.of(recovery), signature.subarray(0, 64));
    if (secp256k1.Signature.fromBytes(recovered, "recovered").hasHighS()) return false;
    const key = secp256k1.recoverPublicKey(recovered, digest, { prehash: false });
    return equalBytes(blake2b(key, { dkLen: 32 }), wallet);
  },
};
