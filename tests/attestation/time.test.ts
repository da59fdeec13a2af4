/** Times are read without a calendar library; the runtime's own is the oracle. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseGeneralizedTime, parseIsoTime, parseUtcTime } from "#attestation/time.ts";

const seconds = (from: number, to: number) =>
  fc.integer({ min: Date.UTC(from, 0, 1) / 1000, max: Date.UTC(to, 11, 31, 23, 59, 59) / 1000 });
const isoOf = (unix: number) => `${new Date(unix * 1000).toISOString().slice(0, 19)}Z`;
const digitsOf = (unix: number) => isoOf(unix).replace(/[-:T]/g, "");

test("every second of 1970 to 2199 is read as the runtime reads it", () => {
  fc.assert(
    fc.property(seconds(1970, 2199), (unix) => {
      expect(parseIsoTime(isoOf(unix))).toBe(unix);
    }),
    { seed: 7, numRuns: 2000 },
  );
  fc.assert(
    fc.property(seconds(1970, 2049), (unix) => {
      expect(parseUtcTime(digitsOf(unix).slice(2))).toBe(unix);
    }),
    { seed: 8, numRuns: 2000 },
  );
  fc.assert(
    fc.property(seconds(2050, 2199), (unix) => {
      expect(parseGeneralizedTime(digitsOf(unix))).toBe(unix);
    }),
    { seed: 9, numRuns: 2000 },
  );
});

test.for([
  "2025-02-29T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2025-04-31T00:00:00Z",
  "2025-00-01T00:00:00Z",
  "2025-13-01T00:00:00Z",
  "2025-01-00T00:00:00Z",
  "2025-01-01T24:00:00Z",
  "2025-01-01T00:60:00Z",
  "2025-01-01T00:00:60Z",
  "1969-12-31T23:59:59Z",
  "2025-01-01T00:00:00+00:00",
  "2025-01-01T00:00:00.000Z",
  "2025-01-01 00:00:00Z",
  " 2025-01-01T00:00:00Z",
])("%s is no time", (text) => {
  expect(parseIsoTime(text)).toBeUndefined();
});

test("a leap day is a day", () => {
  expect(parseIsoTime("2024-02-29T12:00:00Z")).toBe(Date.UTC(2024, 1, 29, 12) / 1000);
  expect(parseIsoTime("2000-02-29T12:00:00Z")).toBe(Date.UTC(2000, 1, 29, 12) / 1000);
});

test("years before 2050 have one form only", () => {
  expect(parseGeneralizedTime("20491231235959Z")).toBeUndefined();
  expect(parseUtcTime("491231235959Z")).toBe(Date.UTC(2049, 11, 31, 23, 59, 59) / 1000);
});
