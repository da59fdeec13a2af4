/** Every field of a quote with one bit changed at its beginning, and with one at its end: 2 × 49 and more per shape. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { flip, type Forgery, type Shape, shapes, teeOf } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";
import { type Field, fieldsOf } from "./layout.ts";

type Ends = readonly [first: AttestationErrorCode, last: AttestationErrorCode];

const both = (code: AttestationErrorCode): Ends => [code, code];

/** What is no signed content: the quote's own structure. */
const structure: Readonly<Record<string, Ends>> = {
  version: both("evidence-unsupported"),
  "attestation key type": both("evidence-unsupported"),
  "TEE type": both("evidence-unsupported"),
  "vendor of the quoting enclave": both("evidence-unsupported"),
  "body type": both("evidence-unsupported"),
  "body size": both("evidence-unsupported"),
  "size of the authentication data": both("quote-malformed"),
  "attestation key": both("qe-report-data"),
  "certification data type": both("evidence-unsupported"),
  "certification data size": both("quote-malformed"),
  "QE report's signature": both("qe-report-signature"),
  // One byte more, and the type is read from the wrong place; 32 KiB more, and the quote is too short.
  "size of the QE's authentication data": ["evidence-unsupported", "quote-malformed"],
  "QE's authentication data": both("qe-report-data"),
  "type of the PCK's certification data": both("evidence-unsupported"),
  // One byte less, and the chain does not end.
  "size of the PCK's certification data": ["certificate-malformed", "quote-malformed"],
  "PCK chain": both("certificate-malformed"),
};

function expectedFor(shape: Shape, { name }: Field): Ends {
  // One off from version 5 is version 4, whose fields stand elsewhere; and no version but 3 may have these versions.
  if (name === "version" && teeOf(shape) === "sgx") return ["evidence-unsupported", "quote-malformed"];
  if (name === "version" && shape !== "tdx4") return ["quote-malformed", "evidence-unsupported"];
  if (name === "security versions" && shape !== "sgx3") return both("quote-malformed");
  if (name.endsWith("reserved field")) return both("quote-malformed");
  return structure[name] ?? both(name.startsWith("QE report's") ? "qe-report-signature" : "quote-signature");
}

function flipped(shape: Shape, field: Field): readonly Attack[] {
  const [first, last] = expectedFor(shape, field);
  const flips = (at: number, mask: number): Forgery => ({ shape, quote: (quote) => flip(quote, at, mask) });
  return [
    attack(first, `first bit of ${field.name} flipped`, flips(field.at, 0x01)),
    attack(last, `last bit of ${field.name} flipped`, flips(field.at + field.length - 1, 0x80)),
  ];
}

export const flippedFields: readonly Attack[] = shapes.flatMap((shape) =>
  fieldsOf(shape).flatMap((field) => flipped(shape, field)),
);
