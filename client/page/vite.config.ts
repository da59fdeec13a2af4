/** Builds the page of Dot4 into dist/page/dot4. */
import { defineConfig } from "vite";
import { pageConfig } from "../kit/page-config.ts";

export default defineConfig(({ mode }) => pageConfig({ folder: new URL(".", import.meta.url), at: "dot4", mode }));
