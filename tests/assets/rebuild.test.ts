/** Whoever has Blender can build the kept models again, to the byte. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildModels, hasBlender } from "../../assets/pipeline/build.ts";
import { hashesOf, readHashes, readModels } from "../../assets/pipeline/folder.ts";

test.skipIf(!hasBlender())(
  "Blender builds the same bytes again",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "phatroom-rebuilt-"));
    try {
      await buildModels(folder);
      expect(hashesOf(await readModels(folder))).toEqual(await readHashes());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  180_000,
);
