/** A moderator's question is theirs, for this world, for now, and for nothing else. */
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  askedWithinMs,
  askReports,
  isAskedBy,
  parseReportQuestion,
  type ReportQuestion,
} from "#protocol/report-reading.ts";

const secret = new Uint8Array(32).fill(11);
const moderator = ed25519.getPublicKey(secret);
const world = "ab".repeat(32);
const now = 1_790_000_000_000;

test("the moderator's own is answered, until it is two minutes old", () => {
  const question = askReports(secret, world, 7, now);
  expect(parseReportQuestion(JSON.parse(JSON.stringify(question)))).toEqual(question);
  for (const late of [0, -askedWithinMs, askedWithinMs]) expect(isAskedBy(moderator, question, now + late)).toBe(true);
  for (const late of [-askedWithinMs - 1, askedWithinMs + 1])
    expect(isAskedBy(moderator, question, now + late)).toBe(false);
});

test.for<readonly [string, Partial<ReportQuestion>]>([
  ["another world", { world: "cd".repeat(32) }],
  ["other reports", { after: 6 }],
  ["another moment", { at: now + 1 }],
  ["nothing", { signature: "00".repeat(64) }],
])("a signature for %s is none", ([, change]) => {
  expect(isAskedBy(moderator, { ...askReports(secret, world, 7, now), ...change }, now)).toBe(false);
});

test("another key's is none", () => {
  const question = askReports(new Uint8Array(32).fill(12), world, 0, now);
  expect(isAskedBy(moderator, question, now)).toBe(false);
});

test("whatever else is asked is malformed", () => {
  const good = askReports(secret, world, 0, now);
  const odd = [
    null,
    [],
    "",
    { ...good, more: 1 },
    { ...good, after: -1 },
    { ...good, after: 0.5 },
    { ...good, world: "" },
  ];
  for (const value of odd)
    expect(() => parseReportQuestion(value)).toThrow(expect.objectContaining({ code: "malformed" }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => parseReportQuestion(value)).toThrow(expect.objectContaining({ code: "malformed" }));
    }),
  );
});
