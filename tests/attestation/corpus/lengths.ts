/** Quotes that are cut, padded, or lie about how long their parts are; and quotes of another kind than they claim. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { type Forgery, forge, now, pki, type Shape, shapes, teeOf } from "../forge.ts";
import { type Attack, attack, presenting } from "./attack.ts";
import { fieldOf } from "./layout.ts";

type Case = readonly [code: AttestationErrorCode, what: string, change: (quote: Uint8Array) => Uint8Array];

function casesOf(shape: Shape): readonly Case[] {
  const authDataAt = fieldOf(shape, "size of the authentication data").at;
  const nested = teeOf(shape) === "tdx" ? [fieldOf(shape, "certification data size").at] : [];
  const chainSizeAt = fieldOf(shape, "size of the PCK's certification data").at;
  const claim = (at: number, size: number) => (quote: Uint8Array) => {
    const copy = new Uint8Array(quote);
    new DataView(copy.buffer).setUint32(at, size, true);
    return copy;
  };
  /** Bytes more at the end, with these lengths grown to match. */
  const grown =
    (more: readonly number[], ...sizes: readonly number[]) =>
    (quote: Uint8Array) => {
      const copy = concatBytes(quote, Uint8Array.from(more));
      const view = new DataView(copy.buffer);
      for (const at of sizes) view.setUint32(at, view.getUint32(at, true) + more.length, true);
      return copy;
    };
  return [
    ["quote-malformed", "an empty quote", () => new Uint8Array(0)],
    ["quote-malformed", "only a header", (quote) => quote.subarray(0, 48)],
    ["quote-malformed", "a quote without authentication data", (quote) => quote.subarray(0, authDataAt)],
    ["quote-malformed", "a quote whose last byte is missing", (quote) => quote.subarray(0, -1)],
    ["evidence-unsupported", "a quote whose first byte is missing", (quote) => quote.subarray(1)],
    ["quote-malformed", "something after the quote", (quote) => concatBytes(quote, Uint8Array.of(1))],
    [
      "quote-malformed",
      "something after zeros after the quote",
      (quote) => concatBytes(quote, new Uint8Array(100), Uint8Array.of(1)),
    ],
    ["quote-malformed", "a second quote after the quote", (quote) => concatBytes(quote, quote)],
    ["quote-malformed", "authentication data of no size", claim(authDataAt, 0)],
    ["quote-malformed", "authentication data of four gigabytes", claim(authDataAt, 0xffff_ffff)],
    ["quote-malformed", "a PCK chain of four gigabytes", claim(chainSizeAt, 0xffff_ffff)],
    ["certificate-malformed", "a PCK chain of no size", claim(chainSizeAt, 0)],
    ["quote-malformed", "zeros within the authentication data", grown([0], authDataAt)],
    ["quote-malformed", "zeros after the PCK chain, within what wraps it", grown([0, 0], authDataAt, ...nested)],
    ["certificate-malformed", "a line after the PCK chain, within it", grown([10], authDataAt, ...nested, chainSizeAt)],
    [
      "certificate-malformed",
      "two zeros after the PCK chain, within it",
      grown([0, 0], authDataAt, ...nested, chainSizeAt),
    ],
  ];
}

/** A quote presented as what it is not. */
const otherKind = (shape: Shape, kind: "tdx" | "sgx"): Attack =>
  presenting("evidence-unsupported", `${shape}: presented as evidence of ${kind}`, () => {
    const { quote } = forge({ shape });
    const { collateral } = forge({ shape: kind === "tdx" ? "tdx4" : "sgx3" });
    return { evidence: { kind, quote, collateral }, root: pki.root.certificate, now };
  });

const body = (shape: Shape, type: number, length: number): Forgery => ({
  shape,
  quote: (quote) => {
    const copy = new Uint8Array(quote);
    const view = new DataView(copy.buffer);
    view.setUint16(48, type, true);
    view.setUint32(50, length, true);
    return copy;
  },
});

const version = (shape: Shape, number: number): Forgery => ({
  shape,
  quote: (quote) => new Uint8Array(quote).fill(number, 0, 1),
});

export const lengths: readonly Attack[] = [
  ...shapes.flatMap((shape) => casesOf(shape).map(([code, what, quote]) => attack(code, what, { shape, quote }))),
  otherKind("tdx4", "sgx"),
  otherKind("tdx5-later", "sgx"),
  otherKind("sgx3", "tdx"),
  attack("evidence-unsupported", "the body of an enclave", body("tdx5", 1, 384)),
  attack("evidence-unsupported", "a body of TDX 1.0 that says it is of 1.5", body("tdx5", 3, 584)),
  attack("evidence-unsupported", "a body of TDX 1.5 that says it is of 1.0", body("tdx5-later", 2, 648)),
  attack("evidence-unsupported", "a body of a later type", body("tdx5-later", 4, 885)),
  attack("quote-malformed", "a body of TDX 1.0 with the size and type of 1.5", body("tdx5", 3, 648)),
  attack("quote-malformed", "a body of TDX 1.5 with the size and type of 1.0", body("tdx5-later", 2, 584)),
  attack("evidence-unsupported", "version 0", version("tdx4", 0)),
  attack("evidence-unsupported", "version 3 of a TD's quote", version("tdx4", 3)),
  attack("evidence-unsupported", "version 6", version("tdx5", 6)),
  attack("quote-malformed", "version 4 of an enclave's quote", version("sgx3", 4)),
  attack("evidence-unsupported", "version 1", version("sgx3", 1)),
];
