/** Builds the page of Phala World into dist/page/world, and beside it the one that draws previews. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) =>
  pageConfig({
    folder: new URL(".", import.meta.url),
    at: "world",
    mode,
    // For the decoder of the models.
    wasm: true,
    inputs: ["index.html", "preview/index.html"],
  }),
);
