/** One module with all that it imports as one minified script, and how large that is for a visitor. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Script {
  readonly text: string;
  readonly bytes: number;
  readonly gzippedBytes: number;
}

/** A script for a page puts its exports into the global `candidate`; one for Node is a CommonJS module. */
export async function bundle(entry: URL, platform: "browser" | "node"): Promise<Script> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    minify: true,
    platform,
    target: "es2024",
    format: platform === "browser" ? "iife" : "cjs",
    globalName: platform === "browser" ? "candidate" : "",
    define: platform === "browser" ? { global: "globalThis" } : {},
    logLevel: "error",
  });
  const [{ text, contents }] = outputFiles as [(typeof outputFiles)[0]];
  return { text, bytes: contents.length, gzippedBytes: gzipped(contents) };
}

export const gzipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;
