/** Whoever has Blender can build the kept models again, to the byte. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { buildModels } from "../../assets/pipeline/build.ts";
import { hashesOf, readHashes, readModels } from "../../assets/pipeline/folder.ts";
import type { DeepCheck } from "./deep.ts";

/** Wants Blender (Debian's packages blender and python3-numpy), and a minute. */
export const models: DeepCheck = {
  name: "models",
  unit: "models that Blender builds again",
  full: Object.keys(await readHashes()).length,
  slice: 0,
  async run({ count }) {
    const folder = await mkdtemp(join(tmpdir(), "phatroom-rebuilt-"));
    try {
      await buildModels(folder);
      const [built, kept] = [hashesOf(await readModels(folder)), await readHashes()];
      if (!isDeepStrictEqual(built, kept)) throw new Error(`not the kept ones: ${JSON.stringify(built)}`);
      return { count };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
