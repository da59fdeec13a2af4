/** Good evidence in another encoding, or wrapped around something that is none. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { decodeEvidence, encodeEvidence } from "#attestation/evidence.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { forge } from "../forge.ts";
import type { Attack } from "./attack.ts";

const good = encodeEvidence(forge());
const { quote, collateral: c } = forge();
const collateral = [
  c.rootCrl,
  c.pckCrl,
  c.tcbInfo,
  c.tcbInfoSignature,
  c.tcbInfoChain,
  c.qeIdentity,
  c.qeIdentitySignature,
  null,
] as const;
const guest = [quote, quote, null];
const report = new Uint8Array(1184).fill(1);
const amd = [report, report, report, report];

const cases: readonly (readonly [AttestationErrorCode, string, Uint8Array])[] = [
  ["evidence-malformed", "no bytes", new Uint8Array(0)],
  ["evidence-malformed", "evidence whose last byte is missing", good.subarray(0, -1)],
  ["evidence-malformed", "evidence and a byte more", concatBytes(good, Uint8Array.of(0))],
  ["evidence-malformed", "evidence twice", concatBytes(good, good)],
  ["evidence-malformed", "its list with a longer head", concatBytes(Uint8Array.of(0xdc, 0, 5), good.subarray(1))],
  [
    "evidence-malformed",
    "its version in two bytes",
    concatBytes(good.subarray(0, 1), Uint8Array.of(0xcc, 2), good.subarray(2)),
  ],
  ["evidence-malformed", "the same chain twice", encoded(2, "tdx", quote, collateral.with(7, c.tcbInfoChain), null)],
  ["evidence-malformed", "something behind its parts", encoded(2, "tdx", quote, collateral, null, null)],
  ["evidence-malformed", "no place for a guest", encoded(2, "tdx", quote, collateral)],
  ["evidence-malformed", "a guest beside an enclave", encoded(2, "sgx", quote, collateral, guest)],
  ["evidence-malformed", "a guest without an application", encoded(2, "tdx", quote, collateral, [quote, null, null])],
  ["evidence-malformed", "a guest of two parts", encoded(2, "tdx", quote, collateral, guest.slice(1))],
  ["evidence-malformed", "collateral of seven parts", encoded(2, "tdx", quote, collateral.slice(1), null)],
  ["evidence-malformed", "collateral that is text", encoded(2, "tdx", quote, "collateral", null)],
  ["evidence-malformed", "a quote that is text", encoded(2, "tdx", "quote", collateral, null)],
  ["evidence-malformed", "a quote of no bytes", encoded(2, "tdx", new Uint8Array(0), collateral, null)],
  [
    "evidence-malformed",
    "a quote that is longer than any",
    encoded(2, "tdx", new Uint8Array(24 * 1024 + 1), collateral, null),
  ],
  ["evidence-malformed", "a list of no bytes", encoded(2, "tdx", quote, collateral.with(0, new Uint8Array(0)), null)],
  [
    "evidence-malformed",
    "a statement that is not ASCII",
    encoded(2, "tdx", quote, collateral.with(2, '{"id":"é"}'), null),
  ],
  ["evidence-malformed", "a statement of no text", encoded(2, "tdx", quote, collateral.with(5, ""), null)],
  [
    "evidence-malformed",
    "a signature of 63 bytes",
    encoded(2, "tdx", quote, collateral.with(3, new Uint8Array(63)), null),
  ],
  ["evidence-malformed", "a chain of three", encoded(2, "tdx", quote, collateral.with(4, [quote, quote, quote]), null)],
  ["evidence-malformed", "a chain of nothing", encoded(2, "tdx", quote, collateral.with(4, []), null)],
  ["evidence-malformed", "a report beside Intel's statements", encoded(2, "sev-snp", report, collateral, null)],
  [
    "evidence-malformed",
    "a report with three certificates",
    encoded(2, "sev-snp", report, [quote, quote, quote], null),
  ],
  [
    "evidence-malformed",
    "a report with five",
    encoded(2, "sev-snp", report, [quote, quote, quote, quote, quote], null),
  ],
  ["evidence-malformed", "a report with text for a certificate", encoded(2, "sev-snp", report, ["", "", "", ""], null)],
  ["evidence-malformed", "a report with nothing", encoded(2, "sev-snp", report, null, null)],
  ["evidence-malformed", "a report that is longer than any", encoded(2, "sev-snp", new Uint8Array(1185), amd, null)],
  ["evidence-malformed", "a guest of AMD that speaks for itself", encoded(2, "sev-snp", report, amd, guest)],
  ["evidence-malformed", "a document beside statements", encoded(2, "nitro", report, amd, null)],
  ["evidence-malformed", "a document beside an empty list", encoded(2, "nitro", report, [], null)],
  ["evidence-malformed", "an enclave of AWS that speaks for itself", encoded(2, "nitro", report, null, guest)],
  ["evidence-malformed", "a document of no bytes", encoded(2, "nitro", new Uint8Array(0), null, null)],
  [
    "evidence-malformed",
    "a document that is longer than any",
    encoded(2, "nitro", new Uint8Array(16 * 1024 + 1), null, null),
  ],
  ["evidence-unsupported", "evidence of version 1", encoded(1, "tdx", quote, collateral)],
  ["evidence-unsupported", "evidence of a later version", encoded(3, "tdx", quote, collateral, null)],
  ["evidence-unsupported", "evidence of no kind", encoded(2, null, quote, collateral, null)],
  ["evidence-unsupported", "evidence of a kind in capitals", encoded(2, "TDX", quote, collateral, null)],
  ["evidence-unsupported", "evidence of a development kind", encoded(2, "software", quote, collateral, null)],
];

function encoded(...parts: readonly unknown[]): Uint8Array {
  return encodeMsgpack(parts);
}

export const encodings: readonly Attack[] = cases.map(([code, name, bytes]) => ({
  name: `encoding: ${name}`,
  code,
  run: () => Promise.resolve().then(() => decodeEvidence(bytes)),
}));
