/** Builds the page into dist/page: a static bundle for any origin, with the policy and the contract hashes inside. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const builtInFile = fileURLToPath(new URL("../../.cache/page/built-in.json", import.meta.url));

/**
 * What the page may load and where it may connect. It connects to any gateway, because a gateway is trusted with
 * nothing; it runs no script and no style but its own files.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Makes `virtual:built-in` from the file that the build of the contracts leaves behind. */
function builtIn(): Plugin {
  const id = "\0virtual:built-in";
  return {
    name: "phatroom-built-in",
    resolveId: (source) => (source === "virtual:built-in" ? id : undefined),
    load(source) {
      if (source !== id) return undefined;
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

/** Only in the build: the development server injects inline scripts. */
function strictPage(): Plugin {
  return {
    name: "phatroom-strict-page",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  root,
  base: "./",
  plugins: [builtIn(), strictPage()],
  build: {
    outDir: fileURLToPath(new URL("../../dist/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // A data: address would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
