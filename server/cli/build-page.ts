/** An author's page, bundled with what it must not take from a gateway: world, contract hashes and policy. */
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { build as bundle, type Plugin } from "esbuild";
import type { Policy } from "#attestation/policy.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";

export interface PageInput {
  readonly world: WorldManifest;
  /** Contract hashes by name, 64 hex digits. */
  readonly contracts: { readonly [name: string]: string };
  /** Modules by which clients predict, by the contract's name. */
  readonly predictors?: { readonly [name: string]: Uint8Array };
  readonly policy: Policy;
}

/** Files beside the page that are served as they are. */
const copied = new Set([".html", ".css", ".svg", ".png", ".jpg", ".webp", ".woff2", ".glb"]);

/**
 * Bundles `page.ts` into `<out>/page.js` and copies what lies beside it.
 *
 * @throws esbuild's error, whose `message` says where and why.
 */
export async function buildPage(entry: string, out: string, input: PageInput): Promise<void> {
  await mkdir(out, { recursive: true });
  await bundle({
    entryPoints: { page: entry },
    outdir: out,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    minify: true,
    logLevel: "silent",
    plugins: [builtIn(input)],
  });
  const folder = dirname(entry);
  for (const file of await readdir(folder)) {
    if (copied.has(extname(file))) await copyFile(join(folder, file), join(out, file));
  }
}

const builtIn = ({ world, contracts, predictors = {}, policy }: PageInput): Plugin => ({
  name: "built-in",
  setup: (build) => {
    build.onResolve({ filter: /^phatroom\/built-in$/ }, () => ({ path: "built-in", namespace: "phatroom" }));
    build.onLoad({ filter: /.*/, namespace: "phatroom" }, () => {
      const hashes = Object.entries(contracts).map(([name, hash]) => `${JSON.stringify(name)}: bytes("${hash}")`);
      const modules = Object.entries(predictors).map(
        ([name, module]) => `${JSON.stringify(name)}: bytes("${bytesToHex(module)}")`,
      );
      const contents = [
        "const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));",
        `export const builtIn = { world: bytes("${bytesToHex(worldId(world))}"), contracts: { ${hashes.join(", ")} },`,
        `  predictors: { ${modules.join(", ")} }, policy: ${JSON.stringify(policy)} };`,
      ];
      return { contents: contents.join("\n"), loader: "js" };
    });
  },
});
