/** Builds the front page into dist/page: files alone, without a script. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) => pageConfig({ folder: new URL(".", import.meta.url), at: "", mode }));
