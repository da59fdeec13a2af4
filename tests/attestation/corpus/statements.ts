/** Intel's two signed statements, forged, swapped, old, about something else, or with a form that Intel does not use. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import type { Collateral } from "#attestation/evidence.ts";
import { signText } from "#enclave/platform/development/collateral.ts";
import { flip, type Forgery, pki, reissue, strangersKey } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";
import { otherPki } from "./certificates.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: Forgery];
type Info = Parameters<NonNullable<Forgery["tcbInfo"]>>[0];
type Identity = Parameters<NonNullable<Forgery["qeIdentity"]>>[0];
type Statement = Info | Identity;

const after = (collateral: (collateral: Collateral) => Partial<Collateral>): Forgery => ({ collateral });
const zeros = new Uint8Array(64);

interface Named {
  readonly word: string;
  readonly text: "tcbInfo" | "qeIdentity";
  readonly other: "tcbInfo" | "qeIdentity";
  readonly forged: AttestationErrorCode;
  readonly chain: "tcbInfoChain" | "qeIdentityChain";
}

const both: readonly Named[] = [
  {
    word: "TCB info",
    text: "tcbInfo",
    other: "qeIdentity",
    forged: "tcb-info-signature",
    chain: "tcbInfoChain",
  },
  {
    word: "QE identity",
    text: "qeIdentity",
    other: "tcbInfo",
    forged: "qe-identity-signature",
    chain: "qeIdentityChain",
  },
];

/** Not signed, or not by whom it must be. */
function forgeriesOf({ word, text, other, forged, chain }: Named): readonly Case[] {
  const signature = `${text}Signature` as const;
  const otherSignature = `${other}Signature` as const;
  const resigned = (by: Parameters<typeof signText>[1]) => after((c) => ({ [signature]: signText(c[text], by) }));
  return [
    [forged, `${word} that is {}`, after(() => ({ [text]: "{}" }))],
    [forged, `${word} that is empty`, after(() => ({ [text]: "" }))],
    [forged, `${word} with a space more`, after((c) => ({ [text]: `${c[text]} ` }))],
    [forged, `${word} whose last character is missing`, after((c) => ({ [text]: c[text].slice(0, -1) }))],
    [forged, `${word} of a later round`, after((c) => ({ [text]: c[text].replace('Number":1', 'Number":9') }))],
    [forged, `${word} with a later end`, after((c) => ({ [text]: c[text].replace("2026-03-30", "2027-03-30") }))],
    [forged, `${word} written anew`, after((c) => ({ [text]: JSON.stringify(JSON.parse(c[text]), undefined, 1) }))],
    [forged, `${word} with the other one's signature`, after((c) => ({ [signature]: c[otherSignature] }))],
    [forged, `${word} with a signature of zeros`, after(() => ({ [signature]: zeros }))],
    [forged, `${word} with a damaged signature`, after((c) => ({ [signature]: flip(c[signature], 40) }))],
    [forged, `${word} signed by the machine`, resigned(pki.pck)],
    [forged, `${word} signed by the PCK CA`, resigned(pki.pckCa)],
    [forged, `${word} signed by the root itself`, resigned(pki.root)],
    [forged, `${word} signed by a stranger`, resigned({ ...pki.tcbSigner, key: strangersKey })],
    [
      "certificate-chain",
      `${word} signed under another root`,
      after((c) => ({
        [signature]: signText(c[text], otherPki.tcbSigner),
        [chain]: [otherPki.tcbSigner.certificate, otherPki.root.certificate],
      })),
    ],
    [
      "certificate-signature",
      `${word} signed under another root of the same name`,
      after((c) => ({
        [signature]: signText(c[text], otherPki.tcbSigner),
        [chain]: [otherPki.tcbSigner.certificate, pki.root.certificate],
      })),
    ],
    [
      "certificate-signature",
      `${word} signed by a signer whose certificate a stranger issued`,
      after((c) => ({ [chain]: [reissue("tcbSigner", {}, strangersKey).tcbSigner.certificate, c[chain][1]!] })),
    ],
    [
      "collateral-mismatch",
      `${word} that is the other statement, well signed`,
      after((c) => ({ [text]: c[other], [signature]: c[otherSignature] })),
    ],
  ];
}

/** Signed, but not of this form. */
function formsOf({ word, text }: Named): readonly Case[] {
  const change = (next: (given: Statement) => object): Forgery => ({ [text]: next });
  return [
    ["collateral-malformed", `${word} that is a list`, change(() => [])],
    ["collateral-malformed", `${word} that is null in its heart`, change((given) => ({ ...given, id: null }))],
    ["collateral-malformed", `${word} of version 1`, change((given) => ({ ...given, version: 1 }))],
    ["collateral-malformed", `${word} of version 4`, change((given) => ({ ...given, version: 4 }))],
    ["collateral-malformed", `${word} with a version in text`, change((given) => ({ ...given, version: "3" }))],
    ["collateral-mismatch", `${word} of nobody`, change((given) => ({ ...given, id: "" }))],
    ["collateral-mismatch", `${word} of a lower case`, change((given) => ({ ...given, id: given.id.toLowerCase() }))],
    ["collateral-malformed", `${word} without an end`, change((given) => ({ ...given, nextUpdate: undefined }))],
    ["collateral-malformed", `${word} without a beginning`, change((given) => ({ ...given, issueDate: undefined }))],
    [
      "collateral-malformed",
      `${word} issued on a day that does not exist`,
      change((given) => ({ ...given, issueDate: "2026-02-30T00:00:00Z" })),
    ],
    [
      "collateral-malformed",
      `${word} issued in another time zone`,
      change((given) => ({ ...given, issueDate: "2026-02-28T00:00:00+01:00" })),
    ],
    [
      "collateral-expired",
      `${word} of the past`,
      change((given) => ({ ...given, nextUpdate: "2026-03-01T11:59:59Z" })),
    ],
    [
      "collateral-expired",
      `${word} of the future`,
      change((given) => ({ ...given, issueDate: "2026-03-01T12:00:01Z" })),
    ],
    [
      "collateral-malformed",
      `${word} of no round`,
      change((given) => ({ ...given, tcbEvaluationDataNumber: undefined })),
    ],
    [
      "collateral-malformed",
      `${word} of a round below zero`,
      change((given) => ({ ...given, tcbEvaluationDataNumber: -1 })),
    ],
    ["collateral-malformed", `${word} without levels`, change((given) => ({ ...given, tcbLevels: undefined }))],
    ["collateral-malformed", `${word} with an empty list of levels`, change((given) => ({ ...given, tcbLevels: [] }))],
    [
      "collateral-malformed",
      `${word} with the same level twice`,
      change((given) => ({ ...given, tcbLevels: [given.tcbLevels[0], given.tcbLevels[0]] })),
    ],
    [
      "collateral-malformed",
      `${word} with two judgements of the same versions`,
      change((given) => ({
        ...given,
        tcbLevels: [{ ...given.tcbLevels[0], tcbStatus: "Revoked" }, given.tcbLevels[0]],
      })),
    ],
    [
      "collateral-malformed",
      `${word} with more levels than there are`,
      change((given) => ({ ...given, tcbLevels: Array.from({ length: 129 }, () => given.tcbLevels[0]) })),
    ],
    [
      "collateral-malformed",
      `${word} with a level of a status nobody knows`,
      change((given) => ({ ...given, tcbLevels: [{ ...given.tcbLevels[0], tcbStatus: "Splendid" }] })),
    ],
    [
      "collateral-malformed",
      `${word} with a level without a date`,
      change((given) => ({ ...given, tcbLevels: [{ ...given.tcbLevels[0], tcbDate: undefined }] })),
    ],
    [
      "collateral-malformed",
      `${word} with an advisory that is markup`,
      change((given) => ({ ...given, tcbLevels: [{ ...given.tcbLevels[0], advisoryIDs: ["<b>none</b>"] }] })),
    ],
  ];
}

/** Signed and of the right form, but about something else. */
const mismatches: readonly Case[] = [
  ["collateral-mismatch", "TCB info of another model", { tcbInfo: (info) => ({ ...info, fmspc: "00".repeat(6) }) }],
  ["collateral-mismatch", "TCB info of another PCE", { tcbInfo: (info) => ({ ...info, pceId: "0001" }) }],
  ["collateral-mismatch", "TCB info of SGX for a TD", { tcbInfo: (info) => ({ ...info, id: "SGX" }) }],
  ["collateral-mismatch", "QE identity of SGX for a TD", { qeIdentity: (identity) => ({ ...identity, id: "QE" }) }],
  ["collateral-mismatch", "QE identity of the QVE", { qeIdentity: (identity) => ({ ...identity, id: "QVE" }) }],
  [
    "collateral-mismatch",
    "TCB info of another model, for an enclave",
    { shape: "sgx3", tcbInfo: (info) => ({ ...info, fmspc: "00".repeat(6) }) },
  ],
  [
    "collateral-mismatch",
    "TCB info of TDX for an enclave",
    { shape: "sgx3", tcbInfo: (info) => ({ ...info, id: "TDX" }) },
  ],
  [
    "collateral-mismatch",
    "QE identity of TDX for an enclave",
    { shape: "sgx3", qeIdentity: (identity) => ({ ...identity, id: "TD_QE" }) },
  ],
  [
    "collateral-malformed",
    "QE identity of version 3 for an enclave",
    { shape: "sgx3", qeIdentity: (identity) => ({ ...identity, version: 3 }) },
  ],
  [
    "collateral-malformed",
    "TCB info of SGX with a TDX module",
    { shape: "sgx3", tcbInfo: (info) => ({ ...info, tdxModule: {} }) },
  ],
  [
    "collateral-malformed",
    "TCB info of SGX with versions of TDX modules",
    { shape: "sgx3", tcbInfo: (info) => ({ ...info, tdxModuleIdentities: [] }) },
  ],
  ["collateral-malformed", "TCB info of version 2", { tcbInfo: (info) => ({ ...info, version: 2 }) }],
  ["collateral-malformed", "TCB of an unknown type", { tcbInfo: (info) => ({ ...info, tcbType: 1 }) }],
];

export const statements: readonly Attack[] = [
  ...both.flatMap((named) => [...forgeriesOf(named), ...formsOf(named)]),
  ...mismatches,
].map(([code, what, forgery]) => attack(code, what, forgery));
