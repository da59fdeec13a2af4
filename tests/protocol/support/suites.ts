/** Every suite that a channel may stand on, with a way to give it the private keys of a test vector. */
import { createPrivateKey } from "node:crypto";
import { x25519 } from "@noble/curves/ed25519.js";
import { browserSuite } from "#client/suite.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import type { Suite } from "#protocol/suite.ts";
import { encodePrivateKey, importAsBytes, importForWebCrypto, type ImportKeyPair } from "./fixed-keys.ts";

export interface NamedSuite {
  readonly name: string;
  readonly suite: Suite;
  readonly importKeyPair: ImportKeyPair;
}

export const suites: readonly NamedSuite[] = [
  {
    name: "libsodium and node:crypto",
    suite: await sodiumSuite(),
    importKeyPair: (privateKey) =>
      Promise.resolve({
        publicKey: x25519.getPublicKey(privateKey),
        privateKey: createPrivateKey({
          key: Buffer.from(encodePrivateKey(privateKey)),
          format: "der",
          type: "pkcs8",
        }),
      }),
  },
  { name: "noble and WebCrypto", suite: browserSuite(), importKeyPair: importForWebCrypto },
  { name: "noble alone", suite: browserSuite(), importKeyPair: importAsBytes },
];
