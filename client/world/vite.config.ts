/** Builds the world's page into dist/world: a static bundle beside the page of Dot4. */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/**
 * It runs no script and no style but its own files. WebAssembly is allowed for one thing: the decoder of the models,
 * whose bytes are inside a script of the bundle.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

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
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [strictPage()],
  build: {
    outDir: fileURLToPath(new URL("../../dist/world", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // A data: address would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Babylon is one large file by nature; tests hold the sum.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      input: ["index.html", "preview/index.html"].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    },
  },
});
