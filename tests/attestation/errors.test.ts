/** Each code has a sentence and an advice that a player understands. */
import { expect, test } from "vitest";
import { AttestationError, attestationCodes, type AttestationErrorCode } from "#attestation/errors.ts";

const codes = Object.keys(attestationCodes) as AttestationErrorCode[];

test.for(codes)("%s has whole sentences without jargon", (code) => {
  const { sentence, advice } = attestationCodes[code];
  for (const text of [sentence, advice]) {
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(text).not.toMatch(/\b(?:TCB|CRL|FMSPC|PCK|DER|PEM|QE|RTMR|MRTD)\b/);
  }
  expect(new AttestationError(code, "detail").sentence).toBe(`${sentence} ${advice}`);
});

test("no two codes say the same", () => {
  const sentences = codes.map((code) => attestationCodes[code].sentence);
  expect(new Set(sentences).size).toBe(sentences.length);
});

test("the message names the code and the detail", () => {
  expect(new AttestationError("tcb-unknown", "no TCB level matches").message).toBe("tcb-unknown: no TCB level matches");
  expect(new AttestationError("tcb-unknown").message).toBe("tcb-unknown");
});
