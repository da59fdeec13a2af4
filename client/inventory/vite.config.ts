/** Builds the page of items into dist/page/items. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) => pageConfig({ folder: new URL(".", import.meta.url), at: "items", mode }));
