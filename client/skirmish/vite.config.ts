/** Builds the page of Skirmish into dist/page/skirmish. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) =>
  // For the module that predicts one's own steps.
  pageConfig({ folder: new URL(".", import.meta.url), at: "skirmish", mode, wasm: true }),
);
