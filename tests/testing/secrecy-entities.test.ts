/** The secrecy test reads rows too: it passes a contract that hides them well, and finds leaks that are planted in them. */
import { expect, test } from "vitest";
import { secrecyTest } from "#testing/secrecy.ts";
import { SecrecyError } from "#testing/secrecy-error.ts";
import { fogLeaks } from "../contracts/leaks/fog-leaks.ts";
import { fogOf, fogParts, fogSecrecy, type FogParts } from "../contracts/leaks/fog.ts";

const play = (parts: FogParts, steps: number) =>
  secrecyTest(fogOf(parts), { ...fogSecrecy(parts), steps, stepsPerGame: 50 });

function failureOf(work: () => unknown): SecrecyError {
  try {
    work();
  } catch (error) {
    if (error instanceof SecrecyError) return error;
    throw error;
  }
  throw new Error("nothing was found");
}

test("a field in fog shows nobody what is hidden from them", { timeout: 120_000 }, () => {
  const report = play(fogParts(), 250);
  expect(report.gamesVaried).toBeGreaterThan(1);
  expect(report.framesCompared.players).toBeGreaterThan(100);
});

test.for(Object.entries(fogLeaks))("a leak %s is found", { timeout: 120_000 }, ([, parts]) => {
  expect(failureOf(() => play(parts(), 1000)).code).toBe("leak");
});

test("a failure names the component, the row and the field", { timeout: 120_000 }, () => {
  const { leak } = failureOf(() => play(fogLeaks["of a number: how many mines there are"]!(), 1000));
  expect(leak!.where).toMatch(/message(\.rows\.Round|\.type|\.)|presence of a message/);
  expect(JSON.stringify([leak!.first, leak!.second])).toContain("Round");
});
