/** Attacks on reports of AMD SEV-SNP: their bytes, their versions, and how the guest was started. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { flip } from "../forge.ts";
import { type SnpForgery, stranger, u32, verifyForgedSnp } from "../sev-snp/forge.ts";
import { type FieldName, reportFields } from "../sev-snp/layout.ts";
import type { Attack } from "./attack.ts";

export type SnpCase = readonly [code: AttestationErrorCode, what: string, forgery: SnpForgery];

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

const flipped = reportFields.flatMap(({ name, at, length }): readonly SnpCase[] => {
  const [first, last] = ends[name] ?? both("quote-signature");
  return [
    [first, `first bit of ${name} flipped`, { quote: (quote) => flip(quote, at, 0x01) }],
    [last, `last bit of ${name} flipped`, { quote: (quote) => flip(quote, at + length - 1, 0x80) }],
  ];
});

const older = (version: number): SnpForgery => ({
  fields: { VERSION: u32(version), LAUNCH_MIT_VECTOR: u32(0), CURRENT_MIT_VECTOR: u32(0) },
});

const forms: readonly SnpCase[] = [
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
const keys: readonly SnpCase[] = [
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
const versions: readonly SnpCase[] = [
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
  ).map(([what, tcb]): SnpCase => [
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

const started: readonly SnpCase[] = [
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

export const snpAttacks = (cases: readonly SnpCase[]): readonly Attack[] =>
  cases.map(([code, what, forgery]) => ({ name: `sev-snp: ${what}`, code, run: () => verifyForgedSnp(forgery) }));

export const sevSnpReports: readonly Attack[] = snpAttacks([...flipped, ...forms, ...keys, ...versions, ...started]);
