/** Attacks on who vouches for an attestation document of AWS Nitro Enclaves. */
import { rootOf } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { sequence, truth } from "#enclave/platform/development/der.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { day, now, primitives } from "../forge.ts";
import { authorityExtensions, curveSigner, rsaSigner } from "../issue.ts";
import { array, bytes } from "../nitro/cbor.ts";
import {
  forgeNitro,
  type Holder,
  holders,
  type NitroForgery,
  stranger,
  templates,
  verifyForgedNitro,
} from "../nitro/forge.ts";
import { arkPkcs8 } from "../sev-snp/rsa-keys.ts";
import type { Attack } from "./attack.ts";
import { nitroAttacks, type NitroCase } from "./nitro-documents.ts";

const zero = Uint8Array.of(0);

const words: Readonly<Record<Holder, string>> = {
  root: "a root",
  region: "a region's certificate",
  zone: "a zone's certificate",
  instance: "an instance's certificate",
  enclave: "an enclave's certificate",
};

const certificates = holders.flatMap((holder, at): readonly NitroCase[] => [
  ["certificate-expired", `${words[holder]} of the past`, { certificates: { [holder]: { notAfter: now - 1 } } }],
  ["certificate-expired", `${words[holder]} of the future`, { certificates: { [holder]: { notBefore: now + 1 } } }],
  [
    "certificate-chain",
    `${words[holder]} that names another issuer`,
    { certificates: { [holder]: { issuer: "Another" } } },
  ],
  ["certificate-signature", `${words[holder]} signed by a stranger`, { signers: { [holder]: stranger } }],
  [
    "certificate-malformed",
    `${words[holder]} with an unknown critical extension`,
    { certificates: { [holder]: { extensions: [...templates[holder].extensions, ["2a03", truth(), true]] } } },
  ],
  [
    "certificate-malformed",
    `${words[holder]} with an RSA key`,
    { certificates: { [holder]: { publicKey: rsaSigner(arkPkcs8).publicKey } } },
  ],
  ...(at === 0
    ? []
    : ([
        [
          "certificate-malformed",
          `${words[holder]} with a byte more`,
          { chain: (chain) => chain.with(at, concatBytes(chain[at]!, zero)) },
        ],
      ] as const satisfies readonly NitroCase[])),
]);

const { keyCertSign, digitalSignature } = keyUsages;
const extended = (holder: Holder, extensions: ReturnType<typeof authorityExtensions>): NitroForgery => ({
  certificates: { [holder]: { extensions } },
});

const chains: readonly NitroCase[] = [
  ["certificate-chain", "a chain of nothing", { members: { cabundle: array() } }],
  ["certificate-chain", "a chain without its zone", { chain: (chain) => chain.toSpliced(2, 1) }],
  ["certificate-chain", "a chain without its instance", { chain: (chain) => chain.toSpliced(3, 1) }],
  ["certificate-chain", "a chain of its root alone", { chain: (chain) => [chain[0]!, chain[4]!] }],
  ["untrusted-root", "a chain without its root", { chain: (chain) => chain.slice(1) }],
  ["untrusted-root", "a chain upside down", { chain: (chain) => [...chain.slice(0, 4).reverse(), chain[4]!] }],
  ["certificate-chain", "a chain with its root twice", { chain: (chain) => [chain[0]!, ...chain] }],
  [
    "certificate-role",
    "a chain with a CA too many",
    {
      chain: (chain) => chain.toSpliced(1, 0, chain[0]!, chain[0]!),
      ...extended("root", authorityExtensions(keyCertSign, 3)),
    },
  ],
  ["certificate-role", "a root that is no CA", extended("root", authorityExtensions(keyCertSign).slice(1))],
  [
    "certificate-role",
    "a root below which only two CAs may stand",
    extended("root", authorityExtensions(keyCertSign, 2)),
  ],
  ["certificate-role", "a region that is no CA", extended("region", authorityExtensions(keyCertSign).slice(1))],
  [
    "certificate-role",
    "a region below which only one CA may stand",
    extended("region", authorityExtensions(keyCertSign, 1)),
  ],
  [
    "certificate-role",
    "a zone that may not sign certificates",
    extended("zone", authorityExtensions(digitalSignature, 1)),
  ],
  ["certificate-role", "a zone below which no CA may stand", extended("zone", authorityExtensions(keyCertSign, 0))],
  ["certificate-role", "an instance that is no CA", extended("instance", authorityExtensions(keyCertSign).slice(1))],
  ["certificate-role", "an enclave that is a CA", extended("enclave", authorityExtensions(digitalSignature))],
  ["certificate-role", "an enclave whose key may not sign", extended("enclave", [["551d13", sequence(), true]])],
  [
    "certificate-role",
    "an enclave that may sign certificates",
    extended("enclave", authorityExtensions(digitalSignature | keyCertSign).slice(1)),
  ],
  ["certificate-malformed", "an enclave's serial number of zero", { certificates: { enclave: { serial: zero } } }],
  [
    "certificate-malformed",
    "an enclave's certificate of no bytes",
    { members: { certificate: bytes(new Uint8Array(0)) } },
  ],
  [
    "certificate-role",
    "an instance in the place of its enclave",
    { chain: (chain) => [...chain.slice(0, 3), chain[3]!] },
  ],
  ["certificate-signature", "another key's certificate with the same names", { signers: { enclave: curveSigner(17) } }],
];

/** A document presented under another root of the same names. */
async function underOther(): Promise<unknown> {
  const other = await forgeNitro({ certificates: { root: { serial: Uint8Array.of(0x77) } } });
  return verify(await forgeNitro(), { roots: [rootOf(other)], now, primitives });
}

export const nitroChains: readonly Attack[] = [
  ...nitroAttacks([...certificates, ...chains]),
  { name: "nitro: a document where a root of the same name is trusted", code: "untrusted-root", run: underOther },
  {
    name: "nitro: a document of last week",
    code: "certificate-expired",
    run: () => verifyForgedNitro({}, now + 7 * day),
  },
];
