/** Upgrades that were signed once are read for ever. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences, type Golden } from "./golden.ts";
import { upgradeCases } from "./upgrade-cases.ts";

test("today's code makes and reads the bytes of the golden file", () => {
  const file = JSON.parse(readFileSync(new URL("upgrade.json", import.meta.url), "utf8")) as Golden[];
  expect(differences(upgradeCases(), file)).toEqual([]);
});
