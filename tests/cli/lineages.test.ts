/** Which lineages a folder of contracts names, as whoever is to sign an upgrade has to know. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lineagesOf, lineageText } from "#cli/lineages.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { lineageId } from "#protocol/manifest.ts";

const folder = await mkdtemp(join(tmpdir(), "phatroom-lineages-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const world = new Uint8Array(32).fill(1);
const [first, one, other] = ["ab".repeat(32), "01".repeat(32), "02".repeat(32)];
const write = (text: string): Promise<void> => writeFile(join(folder, "lineages.json"), text);

test("each is named as its rooms are, whatever the order of its keys", async () => {
  await write(JSON.stringify([{ first, upgradeKeys: [other, one], threshold: 1, noticeMs: 5_400_000 }]));
  const [lineage] = await lineagesOf(folder, world);
  const terms = { upgradeKeys: [one, other].map(hexToBytes), threshold: 1, noticeMs: 5_400_000 };
  expect(lineage!.id).toBe(bytesToHex(lineageId(world, hexToBytes(first), terms)));
  const text = lineageText(lineage!);
  for (const part of [lineage!.id, first, "1 of 2 keys", "1.5 hours", one, other]) expect(text).toContain(part);
});

test("a folder without any is empty, and a file that is something else is named", async () => {
  expect(await lineagesOf(join(folder, "nowhere"), world)).toEqual([]);
  for (const text of ["{}", "[1]", "no json"]) {
    await write(text);
    await expect(lineagesOf(folder, world)).rejects.toThrow(folder);
  }
});
