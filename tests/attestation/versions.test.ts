/** Version 5 of the quote format, with reports of TDX 1.0 and 1.5. */
import { expect, test } from "vitest";
import { signRaw } from "#enclave/platform/development/certificates.ts";
import { concatBytes, u32le } from "#protocol/bytes.ts";
import { enclave, type Forgery, reportData, verifyForged } from "./forge.ts";

const headerLength = 48;
const bodyLength = 584;
/** Signature, attestation key. */
const certificationAt = headerLength + bodyLength + 4 + 128;

/** Rewrites a version 4 quote as a later version with this body type, and signs it again. */
const asVersion5 = (type: number, extra: Uint8Array, version = 5): Forgery => ({
  quote: (quote) => {
    const header = new Uint8Array(quote.subarray(0, headerLength));
    header[0] = version;
    const body = quote.subarray(headerLength, headerLength + bodyLength);
    const signed = concatBytes(header, Uint8Array.of(type, 0), u32le(bodyLength + extra.length), body, extra);
    const authData = concatBytes(
      signRaw(signed, enclave.attestationKey),
      enclave.attestationKey.public,
      quote.subarray(certificationAt),
    );
    return concatBytes(signed, u32le(authData.length), authData);
  },
});

const second = (serviceTd: number): Uint8Array =>
  concatBytes(Uint8Array.of(5, 1, 2, ...new Uint8Array(13)), new Uint8Array(48).fill(serviceTd));

test("a report of TDX 1.0 is verified", async () => {
  const verified = await verifyForged(asVersion5(2, new Uint8Array(0)));
  expect(verified).toMatchObject({ quoteVersion: 5, reportData, tcb: { status: "UpToDate" } });
});

test("a report of TDX 1.5 is verified", async () => {
  const verified = await verifyForged(asVersion5(3, second(0)));
  expect(verified).toMatchObject({ quoteVersion: 5, reportData, tcb: { status: "UpToDate" } });
});

test.for([
  ["td-attributes", "a service TD, which could move it", asVersion5(3, second(1))],
  ["evidence-unsupported", "the body of an SGX enclave", asVersion5(1, new Uint8Array(0))],
  ["evidence-unsupported", "a body that is longer than its type", asVersion5(2, second(0))],
  ["evidence-unsupported", "a body that is shorter than its type", asVersion5(3, new Uint8Array(0))],
  ["evidence-unsupported", "version 6", asVersion5(2, new Uint8Array(0), 6)],
] as const)("%s: %s", async ([code, , forgery]) => {
  await expect(verifyForged(forgery)).rejects.toMatchObject({ code });
});
