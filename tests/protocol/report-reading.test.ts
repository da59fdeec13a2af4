/** A moderator's question is theirs, for one place and this world, for now, and for nothing else. */
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  askedWithinMs,
  askReports,
  isAskedBy,
  parseReportQuestion,
  type ReportAsked,
  type ReportQuestion,
} from "#protocol/report-reading.ts";

const secret = new Uint8Array(32).fill(11);
const moderator = ed25519.getPublicKey(secret);
const world = "ab".repeat(32);
const now = 1_790_000_000_000;
const place = "https://play.example.org";

const asked = (more: Partial<ReportAsked> = {}): ReportQuestion =>
  askReports(secret, { place, world, after: 7, at: now, ...more });

test("the moderator's own is answered, until it is two minutes old", () => {
  const question = asked();
  expect(parseReportQuestion(JSON.parse(JSON.stringify(question)))).toEqual(question);
  for (const late of [0, -askedWithinMs, askedWithinMs]) expect(isAskedBy(moderator, question, now + late)).toBe(true);
  for (const late of [-askedWithinMs - 1, askedWithinMs + 1])
    expect(isAskedBy(moderator, question, now + late)).toBe(false);
});

test.for<readonly [string, Partial<ReportQuestion>]>([
  ["another place", { place: "https://elsewhere.example.org" }],
  ["another world", { world: "cd".repeat(32) }],
  ["other reports", { after: 6 }],
  ["another moment", { at: now + 1 }],
  ["nothing", { signature: "00".repeat(64) }],
])("a signature for %s is none", ([, change]) => {
  expect(isAskedBy(moderator, { ...asked(), ...change }, now)).toBe(false);
});

test("another key's is none", () => {
  const question = askReports(new Uint8Array(32).fill(12), { place, world, after: 0, at: now });
  expect(isAskedBy(moderator, question, now)).toBe(false);
});

test("whatever else is asked is malformed", () => {
  const good = asked();
  const odd = [
    null,
    [],
    "",
    { ...good, more: 1 },
    { ...good, after: -1 },
    { ...good, after: 0.5 },
    { ...good, world: "" },
    { ...good, place: undefined },
    { ...good, place: "play.example.org" },
    { ...good, place: `${place}/` },
    { ...good, place: `https://${"a".repeat(300)}` },
  ];
  for (const value of odd)
    expect(() => parseReportQuestion(value)).toThrow(expect.objectContaining({ code: "malformed" }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => parseReportQuestion(value)).toThrow(expect.objectContaining({ code: "malformed" }));
    }),
  );
});
