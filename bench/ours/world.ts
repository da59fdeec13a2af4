/** The world that is measured. */
import type { WorldManifest } from "../../server/protocol/manifest.ts";

export const world: WorldManifest = { name: "bench", development: true };
