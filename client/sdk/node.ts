/** `phatroom/client/node`: what players outside of browsers keep on their disk. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { walletProofLength } from "#protocol/wallet.ts";
import { witnessLength } from "#protocol/witness.ts";
import type { WitnessStore } from "./witness-store.ts";

/**
 * A folder with one file for each account in each room; made when something is kept. It may be shared by any number of
 * players.
 */
export function folderWitnessStore(folder: string): WitnessStore {
  const pathOf = (key: string): string => join(folder, `${createHash("sha256").update(key).digest("hex")}.witness`);
  return {
    async load(key) {
      const bytes = await readFile(pathOf(key)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      return bytes?.length === witnessLength || bytes?.length === walletProofLength ? new Uint8Array(bytes) : undefined;
    },
    async keep(key, witness) {
      const path = pathOf(key);
      if (witness === undefined) return rm(path, { force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Whole or not at all, also when the machine stops in between.
      const next = `${path}.${process.pid}.next`;
      await writeFile(next, witness, { mode: 0o600, flush: true });
      await rename(next, path);
    },
  };
}

const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown }).code === "ENOENT";
