/** Attacks on reports of AMD SEV-SNP: their bytes, who vouches for them, and how the guest was started. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { verify } from "#attestation/verify.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import { octets, sequence, small, truth } from "#enclave/platform/development/der.ts";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { day, flip, now, primitives } from "../forge.ts";
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
  u32,
  vcekExtensions,
  verifyForgedSnp,
} from "../sev-snp/forge.ts";
import { type FieldName, reportFields } from "../sev-snp/layout.ts";
import type { Attack } from "./attack.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: SnpForgery];

type Ends = readonly [first: AttestationErrorCode, last: AttestationErrorCode];

const both = (code: AttestationErrorCode): Ends => [code, code];

/** With which a flipped bit at a field's beginning, and one at its end, is noticed, where it is not the signature's. */
const ends: Readonly<Partial<Record<FieldName, Ends>>> = {
  VERSION: both("evidence-unsupported"),
  VMPL: ["quote-signature", "quote-malformed"],
  SIGNATURE_ALGO: both("evidence-unsupported"),
  KEY_INFO: ["quote-signature", "quote-malformed"],
  "first reserved field": both("quote-malformed"),
  AUTHOR_KEY_DIGEST: both("quote-malformed"),
  REPORTED_TCB: both("collateral-mismatch"),
  CPUID: ["collateral-mismatch", "quote-signature"],
  "second reserved field": both("quote-malformed"),
  CHIP_ID: both("collateral-mismatch"),
  CURRENT_VERSION: ["quote-signature", "quote-malformed"],
  COMMITTED_VERSION: ["quote-signature", "quote-malformed"],
  "third reserved field": both("quote-malformed"),
  R: ["quote-signature", "quote-malformed"],
  S: ["quote-signature", "quote-malformed"],
  "fourth reserved field": both("quote-malformed"),
};

const flipped = reportFields.flatMap(({ name, at, length }): readonly Case[] => {
  const [first, last] = ends[name] ?? both("quote-signature");
  return [
    [first, `first bit of ${name} flipped`, { quote: (quote) => flip(quote, at, 0x01) }],
    [last, `last bit of ${name} flipped`, { quote: (quote) => flip(quote, at + length - 1, 0x80) }],
  ];
});

const older = (version: number): SnpForgery => ({
  fields: { VERSION: u32(version), LAUNCH_MIT_VECTOR: u32(0), CURRENT_MIT_VECTOR: u32(0) },
});

const forms: readonly Case[] = [
  ["quote-malformed", "no report", { quote: () => new Uint8Array(0) }],
  ["quote-malformed", "a report whose last byte is missing", { quote: (quote) => quote.subarray(0, -1) }],
  ["quote-malformed", "a report and a zero more", { quote: (quote) => concatBytes(quote, Uint8Array.of(0)) }],
  ["quote-malformed", "two reports", { quote: (quote) => concatBytes(quote, quote) }],
  ["evidence-unsupported", "a report of version 1", older(1)],
  ["evidence-unsupported", "a report of version 4", older(4)],
  ["evidence-unsupported", "a report of a later version", older(6)],
  ["quote-malformed", "a report of version 2 that names a processor", older(2)],
  ["quote-malformed", "mitigations in a report of version 3", { fields: { VERSION: u32(3) } }],
  ["quote-malformed", "a privilege level that does not exist", { fields: { VMPL: u32(4) } }],
  ["evidence-unsupported", "a signature of no algorithm", { fields: { SIGNATURE_ALGO: u32(0) } }],
  ["evidence-unsupported", "a signature of another algorithm", { fields: { SIGNATURE_ALGO: u32(2) } }],
  ["quote-malformed", "a digest of no author's key", { fields: { AUTHOR_KEY_DIGEST: new Uint8Array(48).fill(1) } }],
  ["quote-malformed", "a reserved bit of the key information", { fields: { KEY_INFO: u32(32) } }],
];

/** Whose key signed the report. */
const keys: readonly Case[] = [
  ["quote-signature", "a report that a stranger signed", { reporter: stranger }],
  ["quote-signature", "a signature of zeros", { quote: (quote) => new Uint8Array(quote).fill(0, 0x2a0) }],
  ["signing-key", "a report that a cloud's key signed", { fields: { KEY_INFO: u32(1 << 2) } }],
  ["signing-key", "a report that no key signed", { fields: { KEY_INFO: u32(7 << 2) } }],
  ["signing-key", "a report by a key of a reserved number", { fields: { KEY_INFO: u32(2 << 2) } }],
  ["signing-key", "a processor whose key is masked", { fields: { KEY_INFO: u32(2) } }],
  ["collateral-mismatch", "a processor that does not say who it is", { fields: { CHIP_ID: new Uint8Array(64) } }],
  ["collateral-mismatch", "another processor", { fields: { CHIP_ID: new Uint8Array(64).fill(0xc1) } }],
  [
    "collateral-mismatch",
    "a processor of Turin whose identifier goes on",
    { generation: "Turin", fields: { CHIP_ID: new Uint8Array(64).fill(0xc3) } },
  ],
  ["collateral-mismatch", "a model of another generation", { fields: { CPUID: Uint8Array.of(0x1a, 0x02, 1) } }],
  ["collateral-mismatch", "a model that is not known", { fields: { CPUID: Uint8Array.of(0x19, 0x50, 1) } }],
  ["collateral-mismatch", "no model", { fields: { CPUID: Uint8Array.of(0, 0, 0) } }],
  ["processor-broken", "a processor of Milan", { generation: "Milan" }],
  [
    "processor-broken",
    "a processor of Milan that does not name itself",
    { generation: "Milan", fields: { ...older(2).fields, CPUID: new Uint8Array(3) } },
  ],
];

/** The reported versions have to be those of the certificate; the others are the firmware's own. */
const versions: readonly Case[] = [
  [
    "collateral-mismatch",
    "newer firmware than was certified",
    { fields: { REPORTED_TCB: hexToBytes("0a01000000001854"), CURRENT_TCB: hexToBytes("0a01000000001854") } },
  ],
  [
    "collateral-mismatch",
    "older firmware than was certified",
    { fields: { REPORTED_TCB: hexToBytes("0a01000000001654") } },
  ],
  ...(
    [
      ["boot loader", "0901000000001754"],
      ["TEE", "0a00000000001754"],
      ["SNP firmware", "0a01000000001654"],
      ["microcode", "0a01000000001753"],
    ] as const
  ).map(([what, tcb]): Case => [
    "firmware-rolled-back",
    `an older ${what} than was committed`,
    { fields: { CURRENT_TCB: hexToBytes(tcb), COMMITTED_TCB: hexToBytes("0a01000000001754") } },
  ]),
  [
    "firmware-rolled-back",
    "older firmware than is reported",
    {
      fields: {
        CURRENT_TCB: hexToBytes("0a01000000001753"),
        COMMITTED_TCB: hexToBytes("0a01000000001753"),
        LAUNCH_TCB: hexToBytes("0a01000000001753"),
      },
    },
  ],
  [
    "firmware-rolled-back",
    "older firmware than at the start",
    { fields: { LAUNCH_TCB: hexToBytes("0a01000000001755") } },
  ],
  [
    "firmware-rolled-back",
    "an earlier build than was committed",
    { fields: { CURRENT_VERSION: Uint8Array.of(38, 55, 1, 0) } },
  ],
  [
    "firmware-rolled-back",
    "an earlier version than was committed",
    { fields: { CURRENT_VERSION: Uint8Array.of(99, 54, 1, 0) } },
  ],
  [
    "firmware-rolled-back",
    "an older FMC than was committed",
    { generation: "Turin", fields: { COMMITTED_TCB: hexToBytes("0202030400000054") } },
  ],
  [
    "quote-malformed",
    "a reserved byte of the current versions",
    { fields: { CURRENT_TCB: hexToBytes("0a01010000001754") } },
  ],
  [
    "quote-malformed",
    "a reserved byte of the committed versions",
    { fields: { COMMITTED_TCB: hexToBytes("0a01000000011754") } },
  ],
  [
    "quote-malformed",
    "a reserved byte of the versions at the start",
    { fields: { LAUNCH_TCB: hexToBytes("0a01000001001754") } },
  ],
  [
    "quote-malformed",
    "a reserved byte of Turin's versions",
    { generation: "Turin", fields: { LAUNCH_TCB: hexToBytes("0102030400000154") } },
  ],
];

const policy = (hex: string): SnpForgery => ({ fields: { POLICY: hexToBytes(hex) } });
const platform = (hex: string, guest = "3701030000000000"): SnpForgery => ({
  fields: { PLATFORM_INFO: hexToBytes(hex), POLICY: hexToBytes(guest) },
});

const started: readonly Case[] = [
  ["debug-enclave", "a guest that may be debugged", policy("37010b0000000000")],
  ["debug-enclave", "a guest of Turin that may be debugged", { ...policy("37010b0000000000"), generation: "Turin" }],
  ["guest-policy", "a guest that a migration agent may move", policy("3701070000000000")],
  ["guest-policy", "a guest with a migration agent", { fields: { REPORT_ID_MA: new Uint8Array(32).fill(1) } }],
  ["guest-policy", "a migration agent of zeros", { fields: { REPORT_ID_MA: new Uint8Array(32) } }],
  [
    "guest-policy",
    "a migration agent by one bit",
    { fields: { REPORT_ID_MA: new Uint8Array(32).fill(0xff).with(31, 0x7f) } },
  ],
  ["guest-policy", "a policy without the bit that is always one", policy("3701010000000000")],
  ["guest-policy", "an unknown bit of the policy's fourth byte", policy("3701030400000000")],
  ["guest-policy", "an unknown bit of the policy's fifth byte", policy("3701030001000000")],
  ["guest-policy", "an unknown bit of the policy's last byte", policy("3701030000000080")],
  ["guest-policy", "an unknown bit about the platform", platform("2501000000000000")],
  ["guest-policy", "an unknown bit of the platform's last byte", platform("2500000000000080")],
  [
    "guest-policy",
    "threads that share cores against the guest's policy",
    platform("2500000000000000", "3701020000000000"),
  ],
  ["guest-policy", "power readings against the guest's policy", platform("2500000000000000", "3701830000000000")],
  ["guest-policy", "ciphertext in view against the guest's policy", platform("2500000000000000", "3701030100000000")],
];

const past = { notBefore: now - 10 * day, notAfter: now - 1 };
const future = { notBefore: now + 1, notAfter: now + 10 * day };
const { keyCertSign, crlSign, digitalSignature } = keyUsages;
const words = { ark: "an ARK", ask: "an ASK", vcek: "a VCEK" } as const;
const genoa = templatesOf("Genoa");

const certificates: readonly Case[] = (["ark", "ask", "vcek"] as const).flatMap((holder): readonly Case[] => [
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

const chains: readonly Case[] = [
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

const certified: readonly Case[] = [
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

const lists: readonly Case[] = [
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

const cases: readonly Case[] = [
  ...flipped,
  ...forms,
  ...keys,
  ...versions,
  ...started,
  ...certificates,
  ...chains,
  ...certified,
  ...lists,
];

export const sevSnp: readonly Attack[] = [
  ...cases.map(([code, what, forgery]) => ({
    name: `sev-snp: ${what}`,
    code,
    run: () => verifyForgedSnp(forgery),
  })),
  { name: "sev-snp: a report where another generation's root is trusted", code: "untrusted-root", run: underOther },
];
