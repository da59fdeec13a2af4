/** How every page is built: a static bundle for any origin, with the policy and the contract hashes inside. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin, UserConfig } from "vite";

const builtInFile = fileURLToPath(new URL("../../.cache/page/built-in.json", import.meta.url));

/** A page that was built in this mode has nothing built in: it can show itself, and join nothing. */
export const rehearsal = "rehearsal";

interface PageOptions {
  /** Of the page's sources. */
  readonly folder: URL;
  /** Where the page goes, below `dist/page`; "" for the front page. */
  readonly at: string;
  /** Of vite: `rehearsal`, or any other. */
  readonly mode: string;
  /** Whether it compiles WebAssembly, whose bytes are in a file of the bundle. */
  readonly wasm?: boolean;
  /** HTML files of the page, if there are more than its index. */
  readonly inputs?: readonly string[];
}

export function pageConfig({ folder, at, mode, wasm = false, inputs = ["index.html"] }: PageOptions): UserConfig {
  return {
    root: fileURLToPath(folder),
    base: "./",
    plugins: [builtIn(mode), strictPage(wasm)],
    build: {
      outDir: fileURLToPath(new URL(`../../dist/page/${at}`, import.meta.url)),
      emptyOutDir: true,
      target: "es2023",
      // A data: address would need a wider policy than 'self'.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Babylon is one large file by nature; tests hold the sum.
      chunkSizeWarningLimit: 3000,
      rolldownOptions: { input: inputs.map((file) => fileURLToPath(new URL(file, folder))) },
    },
  };
}

const builtInId = "\0virtual:built-in";
const isBuiltIn = (source: string): string | undefined => (source === "virtual:built-in" ? builtInId : undefined);

/** Makes `virtual:built-in` of this JSON. */
export const builtInOf = (json: string): Plugin => ({
  name: "phatroom-built-in-given",
  enforce: "pre",
  resolveId: isBuiltIn,
  load: (source) => (source === builtInId ? `export default ${json};` : undefined),
});

/** Makes it from the file that the build of the contracts leaves behind. */
function builtIn(mode: string): Plugin {
  return {
    name: "phatroom-built-in",
    resolveId: isBuiltIn,
    load(source) {
      if (source !== builtInId) return undefined;
      if (mode === rehearsal) return "export default null;";
      if (!existsSync(builtInFile)) {
        throw new Error(
          `${builtInFile} is missing: the page cannot be built without the policy and the contract hashes ` +
            "that go into it. Build it with `npm run build`, which writes that file first.",
        );
      }
      return `export default ${readFileSync(builtInFile, "utf8")};`;
    },
  };
}

/**
 * What the page may load and where it may connect. It connects to any gateway, because a gateway is trusted with
 * nothing; it runs no script and no style but its own files.
 */
const contentSecurityPolicy = (wasm: boolean): string =>
  [
    "default-src 'none'",
    `script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ""}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src http: https: ws: wss:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** Only in the build: the development server injects inline scripts. */
const strictPage = (wasm: boolean): Plugin => ({
  name: "phatroom-strict-page",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy(wasm) },
      injectTo: "head-prepend",
    },
  ],
});
