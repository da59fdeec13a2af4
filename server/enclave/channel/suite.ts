/** The worker's fast primitives: libsodium's AEAD in WebAssembly, and X25519 of node:crypto. */
import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";
import { noiseMessageMax } from "#protocol/limits.ts";
import type { KeyPair, Suite } from "#protocol/suite.ts";
import { sodiumAead } from "../sodium-aead.ts";

/** Noise passes a 32 byte hash or nothing. */
const adMax = 32;

/** SubjectPublicKeyInfo of an X25519 key up to the key itself (RFC 8410 section 4). */
const publicKeyPrefix = Buffer.from("302a300506032b656e032100", "hex");

export async function sodiumSuite(): Promise<Suite> {
  return { ...(await sodiumAead({ adMax, textMax: noiseMessageMax })), generateKeyPair, dh };
}

function generateKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const encoded = publicKey.export({ format: "der", type: "spki" });
  return Promise.resolve({ publicKey: new Uint8Array(encoded.subarray(publicKeyPrefix.length)), privateKey });
}

async function dh(pair: KeyPair, publicKey: Uint8Array): Promise<Uint8Array> {
  // OpenSSL would ignore what stands behind the key.
  if (publicKey.length !== 32) throw new Error("a public key of another length");
  const key = createPublicKey({ key: Buffer.concat([publicKeyPrefix, publicKey]), format: "der", type: "spki" });
  // OpenSSL refuses keys of low order.
  return new Uint8Array(diffieHellman({ privateKey: pair.privateKey as KeyObject, publicKey: key }));
}
