/** Reads another process' memory, as whoever runs a machine can. Linux only. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

export interface MemorySearch {
  readonly found: boolean;
  readonly bytes: number;
}

const chunkLength = 16 * 1024 * 1024;

/** Whether this text stands anywhere in what the process can write to; undefined if this system does not let us look. */
export function searchMemory(pid: number, text: string): MemorySearch | undefined {
  let memory: number;
  let regions: readonly (readonly [from: number, to: number])[];
  try {
    regions = writableRegions(readFileSync(`/proc/${pid}/smaps`, "utf8"));
    memory = openSync(`/proc/${pid}/mem`, "r");
  } catch {
    return undefined;
  }
  try {
    const buffer = Buffer.alloc(chunkLength);
    let bytes = 0;
    let found = false;
    for (const [from, to] of regions) {
      // Chunks overlap, so that nothing hides on a seam.
      for (let at = from; at < to; at += chunkLength - text.length) {
        const length = read(memory, buffer, at, Math.min(chunkLength, to - at));
        found ||= buffer.subarray(0, length).includes(text, 0, "latin1");
        bytes += Math.min(length, chunkLength - text.length);
      }
    }
    return { found, bytes };
  } finally {
    closeSync(memory);
  }
}

/** Regions of private memory that are at least partly there. */
function writableRegions(smaps: string): [number, number][] {
  const regions: [number, number][] = [];
  let current: [number, number] | undefined;
  for (const line of smaps.split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line);
    if (head !== null)
      current = head[3]!.startsWith("rw") ? [parseInt(head[1]!, 16), parseInt(head[2]!, 16)] : undefined;
    const resident = /^Rss: +(\d+) kB/.exec(line);
    if (resident !== null && resident[1] !== "0" && current !== undefined) regions.push(current);
  }
  return regions;
}

function read(file: number, buffer: Buffer, at: number, length: number): number {
  try {
    return readSync(file, buffer, 0, length, at);
  } catch {
    // Some regions are the kernel's own, and a process that runs gives memory back.
    return 0;
  }
}
