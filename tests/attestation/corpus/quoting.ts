/** The quoting enclave and its attestation key: not the vendor's, not certified, or not over what is presented. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { signRaw } from "#enclave/platform/development/certificates.ts";
import { createQuotingEnclave } from "#enclave/platform/development/quoting-enclave.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { enclave, enclaveWith, type Forgery, pki, type Shape, strangersKey } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";
import { otherPki } from "./certificates.ts";
import { fieldOf } from "./layout.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: Forgery];

const hexFlip = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
const otherSeed = new Uint8Array(32).fill(9);

/** Where a field stands within an enclave's report. */
function offset(name: string): number {
  return fieldOf("tdx4", `QE report's ${name}`).at - fieldOf("tdx4", "QE report's CPUSVN").at;
}

/** The machine signs what is changed: no genuine machine would. */
const report = (shape: Shape, name: string, mask: number, byte = 0): Forgery => ({
  enclave: enclaveWith((bytes) => (bytes[offset(name) + byte]! ^= mask), shape),
});

function casesOf(shape: Shape): readonly Case[] {
  const other = createQuotingEnclave(otherPki, otherSeed, shape === "sgx3" ? "sgx" : "tdx");
  return [
    [
      "qe-report-signature",
      "a QE report signed by a stranger",
      { enclave: { reportSignature: signRaw(enclave.report, strangersKey) } },
    ],
    [
      "qe-report-signature",
      "a QE report with a signature of zeros",
      { enclave: { reportSignature: new Uint8Array(64) } },
    ],
    [
      "qe-report-signature",
      "the QE report of another machine",
      { enclave: { report: other.report, reportSignature: other.reportSignature } },
    ],
    ["qe-report-data", "an attestation key that nobody certified", { enclave: { attestationKey: strangersKey } }],
    ["qe-report-data", "the attestation key of another machine", { enclave: { attestationKey: other.attestationKey } }],
    ["qe-report-data", "other authentication data", { enclave: { authenticationData: new Uint8Array(32) } }],
    ["qe-report-data", "no authentication data", { enclave: { authenticationData: new Uint8Array(0) } }],
    ["qe-report-data", "a QE report that names another key", report(shape, "REPORTDATA", 1)],
    ["qe-report-data", "something in the second half of the QE's report data", report(shape, "REPORTDATA", 1, 63)],
    ["qe-identity", "a debug QE", report(shape, "ATTRIBUTES", 2)],
    [
      "qe-identity",
      "a debug QE that its identity would let pass",
      {
        ...report(shape, "ATTRIBUTES", 2),
        qeIdentity: (id) => ({ ...id, attributes: "00".repeat(16), attributesMask: "00".repeat(16) }),
      },
    ],
    ["qe-identity", "a QE by another signer", { qeIdentity: (id) => ({ ...id, mrsigner: hexFlip(id.mrsigner) }) }],
    ["qe-identity", "a QE whose report names another signer", report(shape, "MRSIGNER", 1)],
    ["qe-identity", "another product of the signer", { qeIdentity: (id) => ({ ...id, isvprodid: 77 }) }],
    ["qe-identity", "a QE whose report names another product", report(shape, "ISVPRODID", 4)],
    ["qe-identity", "a QE with other attributes", report(shape, "ATTRIBUTES", 1, 2)],
    [
      "qe-identity",
      "a QE without the attributes asked for",
      { qeIdentity: (id) => ({ ...id, attributes: `15${id.attributes.slice(2)}`, attributesMask: "ff".repeat(16) }) },
    ],
    [
      "qe-identity",
      "attributes asked for outside of the mask",
      { qeIdentity: (id) => ({ ...id, attributes: `15${id.attributes.slice(2)}` }) },
    ],
    ["qe-identity", "a QE with other MISCSELECT", report(shape, "MISCSELECT", 1)],
    [
      "qe-identity",
      "a QE older than every level",
      { qeIdentity: (id) => ({ ...id, tcbLevels: [{ ...id.tcbLevels[0], tcb: { isvsvn: 99 } }] }) },
    ],
    ["quote-malformed", "a QE report with something in a reserved field", report(shape, "fourth reserved field", 1)],
    ["quote-signature", "a signature of zeros", signature(shape, new Uint8Array(64))],
    ["quote-signature", "a signature beyond the curve's order", signature(shape, new Uint8Array(64).fill(0xff))],
  ];
}

function signature(shape: Shape, bytes: Uint8Array): Forgery {
  const { at, length } = fieldOf(shape, "signature");
  return { quote: (quote) => concatBytes(quote.subarray(0, at), bytes, quote.subarray(at + length)) };
}

const collateralMalformed = (member: string, value: unknown): Case => [
  "collateral-malformed",
  `QE identity whose ${member} is ${JSON.stringify(value)}`,
  { qeIdentity: (id) => ({ ...id, [member]: value }) },
];

const forms: readonly Case[] = [
  collateralMalformed("mrsigner", "00"),
  collateralMalformed("mrsigner", ""),
  collateralMalformed("miscselect", "0000000"),
  collateralMalformed("miscselectMask", null),
  collateralMalformed("attributes", "zz".repeat(16)),
  collateralMalformed("attributesMask", "ff"),
  collateralMalformed("isvprodid", "2"),
  collateralMalformed("isvprodid", 65_536),
];

export const quoting: readonly Attack[] = [
  ...(["tdx4", "sgx3"] as const).flatMap((shape) =>
    casesOf(shape).map(([code, what, forgery]) => attack(code, what, { ...forgery, shape })),
  ),
  ...forms.map((form) => attack(...form)),
  attack("qe-identity", "a QE of SGX that makes a TD's quote", {
    enclave: createQuotingEnclave(pki, otherSeed, "sgx"),
  }),
  attack("qe-identity", "a QE of TDX that makes an enclave's quote", {
    shape: "sgx3",
    enclave: createQuotingEnclave(pki, otherSeed, "tdx"),
  }),
];
