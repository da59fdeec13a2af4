/** Tests keep compiled contracts, and never mistake an old one for the one that would be built now. */
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { bundleOf, nameOf } from "../support/bundles.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-bundles-"));
  await writeFile(join(folder, "one.ts"), "1");
  await writeFile(join(folder, "two.ts"), "2");
});
afterAll(() => rm(folder, { recursive: true }));

test("a bundle that was kept is what a build makes now", { timeout: 120_000 }, async () => {
  const entry = fileURLToPath(new URL("../contracts/fixtures/assembly/high-card.ts", import.meta.url));
  const { bundle } = await buildContract(entry);
  expect(await bundleOf(entry)).toEqual(bundle);
  expect(await bundleOf(entry)).toEqual(bundle);
});

test("whatever could change a bundle gives it another name", async () => {
  const name = (): string => nameOf("entry.ts", [folder]);
  const first = name();
  expect(name()).toBe(first);
  expect(nameOf("another.ts", [folder])).not.toBe(first);
  await writeFile(join(folder, "two.ts"), "3");
  const edited = name();
  expect(edited).not.toBe(first);
  await rename(join(folder, "two.ts"), join(folder, "three.ts"));
  const renamed = name();
  expect(renamed).not.toBe(edited);
  await writeFile(join(folder, "four.ts"), "");
  expect(name()).not.toBe(renamed);
});
