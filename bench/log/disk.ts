/** What the disk itself needs until a small write is safe: no store that keeps its word is faster. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** In ms, one for each write of 4 KiB that was synced, in this folder's file system. */
export function syncTimes(folder: string, count: number): number[] {
  const own = mkdtempSync(join(folder, "sync-"));
  const file = openSync(join(own, "file"), "w");
  const bytes = Buffer.alloc(4096, 1);
  try {
    return Array.from({ length: count }, (_, i) => {
      const begin = performance.now();
      writeSync(file, bytes, 0, bytes.length, i * bytes.length);
      fdatasyncSync(file);
      return performance.now() - begin;
    });
  } finally {
    closeSync(file);
    rmSync(own, { recursive: true, force: true });
  }
}
