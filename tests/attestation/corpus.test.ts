/** Every attack of the corpus is refused, with its own code. The same corpus runs in a browser (`tests/browser`). */
import { describe, expect, test } from "vitest";
import { attestationCodes } from "#attestation/errors.ts";
import { verdictOf } from "./corpus/attack.ts";
import { toldTruly } from "./corpus/binding.ts";
import { corpus } from "./corpus/index.ts";
import { shapes, verifyForged } from "./forge.ts";

const attacks = Object.values(corpus).flat();

test.for(shapes)("%s that is not forged in any way is verified", async (shape) => {
  await expect(verifyForged({ shape })).resolves.toMatchObject({ tcb: { status: "UpToDate", advisories: [] } });
});

test("a worker that tells the truth is believed", async () => {
  await expect(toldTruly()).resolves.toMatchObject({ accepted: true });
});

test("there are hundreds of them, and no two have the same name", () => {
  expect(attacks.length).toBeGreaterThanOrEqual(200);
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
});

test("every way in which verification refuses is attacked", () => {
  const codes = Object.keys(attestationCodes);
  const verifying = codes.slice(0, codes.indexOf("development-refused"));
  const met = new Set<string>(attacks.map(({ code }) => code));
  expect(verifying.filter((code) => !met.has(code))).toEqual([]);
});

describe.for(Object.entries(corpus))("%s", ([, group]) => {
  test.for(group)("$code: $name", async (attack) => {
    expect(await verdictOf(attack)).toBe(attack.code);
  });
});
