/** Every refusal has one number for ever, and a sentence that a player can act on. */
import { expect, test } from "vitest";
import {
  codeOfNumber,
  errorCodes,
  numberOfCode,
  ProtocolError,
  sentenceOfCode,
  type ErrorCode,
} from "#protocol/errors.ts";

const codes = Object.keys(errorCodes) as ErrorCode[];

test("numbers are unique, and fit a WebSocket close code behind 4200", () => {
  const numbers = codes.map(numberOfCode);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.every((number) => Number.isInteger(number) && number >= 1 && 4200 + number <= 4999)).toBe(true);
});

test("a number leads back to its code, and an unknown one to a code that is safe", () => {
  for (const code of codes) expect(codeOfNumber(numberOfCode(code))).toBe(code);
  expect([0, -1, 999, 1.5, Number.NaN].map(codeOfNumber)).toEqual(Array(5).fill("malformed"));
});

test("sentences are sentences", () => {
  for (const code of codes) expect(sentenceOfCode(code)).toMatch(/^[A-Z].*\.$/);
});

test("an error carries its code, and its detail only in the message", () => {
  const error = new ProtocolError("too-long", "frame");
  expect(error).toMatchObject({ name: "ProtocolError", code: "too-long", message: "too-long: frame" });
  expect(new ProtocolError("too-long").message).toBe("too-long");
});
