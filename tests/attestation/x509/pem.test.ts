/** PEM in its strict form only, so that the text around a certificate cannot vary. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePem } from "#attestation/x509/pem.ts";
import { encodePem } from "#enclave/platform/development/pem.ts";

const der = fc.uint8Array({ minLength: 1, maxLength: 400 });

test("what is written is read", () => {
  fc.assert(
    fc.property(fc.array(der, { minLength: 1, maxLength: 3 }), (certificates) => {
      expect(parsePem(certificates.map(encodePem).join(""), certificates.length)).toEqual(certificates);
    }),
    { seed: 11, numRuns: 300 },
  );
});

const good = encodePem(new Uint8Array(100).fill(0xa5));
const body = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

test.for([
  ["carriage returns", good.replaceAll("\n", "\r\n")],
  ["a line of 65 columns", good.replace(/^(.{64})\n(.)/m, "$1$2\n")],
  ["text before", `x${good}`],
  ["text after", `${good}x`],
  ["two instead of one", good + good],
  ["another label", good.replaceAll("CERTIFICATE", "X509 CRL")],
  ["a label of the same length", good.replace("BEGIN CERTIFICATE", "BEGIN CERTIFICATO")],
  ["no footer", good.slice(0, -2)],
  ["a footer in the middle of a line", "-----BEGIN CERTIFICATE-----\nAAAAA-----END CERTIFICATE-----\n"],
  ["a last line of 68 columns", body("A".repeat(68))],
  ["an empty body", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
  ["an empty line", body("AAAA\n")],
  ["a space", body("AA A")],
  ["an unpadded end", body("AAA")],
  ["padding in between", body("AA==AAAA")],
  ["bits that say nothing", body("AB==")],
  ["characters of another alphabet", body("AA_-")],
] as const)("refused: %s", ([, text]) => {
  expect(() => parsePem(text, 1)).toThrow(expect.objectContaining({ code: "certificate-malformed" }));
});
