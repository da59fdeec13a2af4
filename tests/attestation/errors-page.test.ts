/** The page about errors says of each code what a player is shown, and more. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { attestationCodes, AttestationError, type AttestationErrorCode } from "#attestation/errors.ts";

const page = readFileSync(new URL("../../docs/attestation-errors.md", import.meta.url), "utf8");
const codes = Object.keys(attestationCodes) as AttestationErrorCode[];

/** By code: what stands below its heading, up to the next. Lines are joined, so that wrapping does not matter. */
const entries = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [code, ...paragraphs] = part.split(/\n## /)[0]!.trim().split("\n\n");
      return [code!, paragraphs.map((text) => text.replace(/\n(?:> )?/g, " "))] as const;
    }),
);

test("codes stand there in the order in which they are checked, and no others", () => {
  expect([...entries.keys()]).toEqual(codes);
});

test.for(codes)("%s is explained", (code) => {
  const [shown, ...explained] = entries.get(code) ?? [];
  expect(shown).toBe(`> ${new AttestationError(code).sentence}`);
  expect(explained.join(" ").length).toBeGreaterThan(40);
});
