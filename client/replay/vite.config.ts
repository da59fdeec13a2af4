/** Builds the page that repeats rooms into dist/page/replay. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) =>
  pageConfig({ folder: new URL(".", import.meta.url), at: "replay", mode, wasm: true }),
);
