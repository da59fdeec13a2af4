/** What a wallet signed once, and the proof of it, mean the same for ever. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences, type Golden } from "./golden.ts";
import { walletCases } from "./wallet-cases.ts";

test("today's code makes and reads the bytes of the golden file", () => {
  const file = JSON.parse(readFileSync(new URL("wallet.json", import.meta.url), "utf8")) as Golden[];
  expect(differences(walletCases(), file)).toEqual([]);
});
