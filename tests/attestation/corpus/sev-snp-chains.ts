/** Attacks on who vouches for a report of AMD SEV-SNP: certificates, what they certify, and the list of those withdrawn. */
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { octets, sequence, small, truth } from "#enclave/platform/development/der.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { day, now, primitives } from "../forge.ts";
import { authorityExtensions, type Extension, pssAlgorithm, pssAlgorithmWithTrailer } from "../issue.ts";
import {
  amdArc,
  ark,
  ask,
  damaged,
  forgeSnp,
  ia5,
  type SnpForgery,
  stranger,
  templatesOf,
  vcekExtensions,
} from "../sev-snp/forge.ts";
import type { Attack } from "./attack.ts";
import { snpAttacks, type SnpCase } from "./sev-snp-reports.ts";

const past = { notBefore: now - 10 * day, notAfter: now - 1 };
const future = { notBefore: now + 1, notAfter: now + 10 * day };
const { keyCertSign, crlSign, digitalSignature } = keyUsages;
const words = { ark: "an ARK", ask: "an ASK", vcek: "a VCEK" } as const;
const genoa = templatesOf("Genoa");

const certificates: readonly SnpCase[] = (["ark", "ask", "vcek"] as const).flatMap((holder): readonly SnpCase[] => [
  ["certificate-expired", `${words[holder]} of the past`, { certificates: { [holder]: past } }],
  ["certificate-expired", `${words[holder]} of the future`, { certificates: { [holder]: future } }],
  [
    "certificate-chain",
    `${words[holder]} that names another issuer`,
    { certificates: { [holder]: { issuer: "Another" } } },
  ],
  [
    "certificate-signature",
    `${words[holder]} whose signature is damaged`,
    { collateral: (made) => ({ [holder]: damaged(made[holder]) }) },
  ],
  [
    "certificate-malformed",
    `${words[holder]} with a byte more`,
    { collateral: (made) => ({ [holder]: concatBytes(made[holder], Uint8Array.of(0)) }) },
  ],
  [
    "certificate-malformed",
    `${words[holder]} with an unknown critical extension`,
    { certificates: { [holder]: { extensions: [...genoa[holder].extensions, ["2a03", truth(), true]] } } },
  ],
  [
    "certificate-malformed",
    `${words[holder]} that names two algorithms`,
    { certificates: { [holder]: { algorithm: holder === "vcek" ? pssAlgorithmWithTrailer : pssAlgorithm } } },
  ],
]);

const chains: readonly SnpCase[] = [
  ["certificate-signature", "an ARK that the ASK signed", { signers: { ark: ask } }],
  ["certificate-signature", "an ASK that signed itself", { signers: { ask } }],
  ["certificate-signature", "a VCEK that the ARK signed", { signers: { vcek: ark } }],
  [
    "certificate-malformed",
    "an ARK with a key on a curve",
    { certificates: { ark: { publicKey: stranger.publicKey } } },
  ],
  ["certificate-malformed", "a VCEK with an RSA key", { certificates: { vcek: { publicKey: ask.publicKey } } }],
  ["certificate-malformed", "a VCEK that a key on a curve signed", { signers: { vcek: stranger } }],
  ["certificate-role", "an ARK in the place of the ASK", { collateral: (made) => ({ ask: made.ark }) }],
  ["certificate-malformed", "a VCEK in the place of the ASK", { collateral: (made) => ({ ask: made.vcek }) }],
  ["certificate-malformed", "an ASK in the place of the VCEK", { collateral: (made) => ({ vcek: made.ask }) }],
  ["certificate-chain", "an ASK as the root", { collateral: (made) => ({ ark: made.ask }) }],
  [
    "certificate-role",
    "an ARK that is no CA",
    { certificates: { ark: { extensions: authorityExtensions(keyCertSign | crlSign).slice(1) } } },
  ],
  [
    "certificate-role",
    "an ARK that may not sign certificates",
    { certificates: { ark: { extensions: authorityExtensions(crlSign) } } },
  ],
  [
    "certificate-role",
    "an ARK that may not sign lists",
    { certificates: { ark: { extensions: authorityExtensions(keyCertSign) } } },
  ],
  [
    "certificate-role",
    "an ARK below which no CA may stand",
    { certificates: { ark: { extensions: authorityExtensions(keyCertSign | crlSign, 0) } } },
  ],
  [
    "certificate-role",
    "an ASK that is no CA",
    { certificates: { ask: { extensions: authorityExtensions(keyCertSign).slice(1) } } },
  ],
  [
    "certificate-role",
    "an ASK that may not sign certificates",
    { certificates: { ask: { extensions: authorityExtensions(crlSign) } } },
  ],
  [
    "certificate-role",
    "a VCEK that is a CA",
    { certificates: { vcek: { extensions: [...vcekExtensions("Genoa"), ...authorityExtensions(digitalSignature)] } } },
  ],
  [
    "certificate-role",
    "a VCEK that may only sign certificates",
    { certificates: { vcek: { extensions: [...vcekExtensions("Genoa"), authorityExtensions(keyCertSign)[1]!] } } },
  ],
  ["certificate-role", "a root by another name", renamed({ ark: "AMD Root", ask: "SEV-Genoa" })],
  ["certificate-role", "an intermediate by another name", renamed({ ark: "ARK-Genoa", ask: "AMD SEV" })],
  ["certificate-role", "an intermediate for a cloud's keys", renamed({ ark: "ARK-Genoa", ask: "SEV-VLEK-Genoa" })],
  ["certificate-role", "an intermediate of another generation", renamed({ ark: "ARK-Genoa", ask: "SEV-Turin" })],
  [
    "evidence-unsupported",
    "a root of a generation that is not known",
    renamed({ ark: "ARK-Venice", ask: "SEV-Venice" }),
  ],
  ["certificate-role", "a leaf by another name", { certificates: { vcek: { subject: "SEV-VLEK" } } }],
  [
    "certificate-malformed",
    "a serial number of zero in an ASK",
    { certificates: { ask: { serial: Uint8Array.of(0) } } },
  ],
];

const replaced = (arc: string, value?: Uint8Array): SnpForgery => {
  const others = vcekExtensions("Genoa").filter(([id]) => id !== amdArc + arc);
  const extensions: readonly Extension[] = value === undefined ? others : [...others, [amdArc + arc, value]];
  return { certificates: { vcek: { extensions } } };
};

const certified: readonly SnpCase[] = [
  ["certificate-role", "a VCEK that names no processor", replaced("04")],
  ["certificate-malformed", "a VCEK of another structure", replaced("01", small(1))],
  ["certificate-malformed", "a VCEK without a product", replaced("02")],
  ["certificate-malformed", "a product in another sort of text", replaced("02", octets(Uint8Array.of(71)))],
  ["certificate-malformed", "a product without a name", replaced("02", ia5(""))],
  ["evidence-unsupported", "a product that is not known", replaced("02", ia5("Venice-A0"))],
  ["certificate-role", "a product of another generation", replaced("02", ia5("Milan-B0"))],
  ["certificate-malformed", "a VCEK without the version of its boot loader", replaced("0301")],
  ["certificate-malformed", "a version beyond a byte", replaced("0308", small(256))],
  ["certificate-malformed", "a version and something more", replaced("0308", concatBytes(small(84), small(84)))],
  ["certificate-malformed", "a version that is no number", replaced("0308", sequence())],
  ["collateral-mismatch", "a reserved version that is not zero", replaced("0304", small(1))],
  ["certificate-malformed", "a version that there is not yet", replaced("0309", small(0))],
  ["certificate-malformed", "a cloud's name in a VCEK", replaced("05", ia5("cloud"))],
  ["certificate-malformed", "an identifier of zeros", replaced("04", new Uint8Array(64))],
  ["certificate-malformed", "an identifier of another length", replaced("04", new Uint8Array(8).fill(0xc2))],
];

const lists: readonly SnpCase[] = [
  ["certificate-revoked", "an ASK that was withdrawn", { list: { revoked: [genoa.ask.serial] } }],
  ["certificate-revoked", "an ARK that was withdrawn", { list: { revoked: [genoa.ark.serial] } }],
  ["crl-expired", "a list of the past", { list: { thisUpdate: now - 60 * day, nextUpdate: now - 1 } }],
  ["crl-expired", "a list of the future", { list: { thisUpdate: now + 1, nextUpdate: now + day } }],
  ["crl-signature", "a list that the ASK signed", { lister: ask }],
  ["crl-signature", "a list of another issuer", { list: { issuer: "ARK-Turin" } }],
  ["crl-signature", "a list whose signature is damaged", { collateral: (made) => ({ crl: damaged(made.crl) }) }],
  ["crl-malformed", "a list that a key on a curve signed", { lister: stranger }],
  ["crl-malformed", "a certificate in the place of the list", { collateral: (made) => ({ crl: made.ark }) }],
  ["crl-malformed", "an empty list", { collateral: () => ({ crl: new Uint8Array(0) }) }],
  ["crl-malformed", "half a list", { collateral: ({ crl }) => ({ crl: crl.subarray(0, 400) }) }],
];

/** A whole chain by other names. */
function renamed(names: { readonly ark: string; readonly ask: string }): SnpForgery {
  return {
    certificates: {
      ark: { issuer: names.ark, subject: names.ark },
      ask: { issuer: names.ark, subject: names.ask },
      vcek: { issuer: names.ask },
    },
    list: { issuer: names.ark },
  };
}

/** A report presented under other roots than its own. */
async function underOther(): Promise<unknown> {
  const { collateral } = await forgeSnp({ generation: "Turin" });
  const evidence = await forgeSnp();
  return verify(evidence, { roots: [collateral.ark], now, primitives });
}

export const sevSnpChains: readonly Attack[] = [
  ...snpAttacks([...certificates, ...chains, ...certified, ...lists]),
  { name: "sev-snp: a report where another generation's root is trusted", code: "untrusted-root", run: underOther },
];
