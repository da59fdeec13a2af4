import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Work whose memory is measured. */
export interface Work {
  /** Does it `times` times. */
  readonly pass: () => void;
  readonly times: number;
}

/**
 * Bytes of the heap that a piece of work takes each time. It is done in a process of its own, where other tests use no heap,
 * and on one thread, where the compiler comes in at the same moment whatever else the machine does.
 * @param work a module that is a `Work`.
 */
export async function heapTaken(work: URL): Promise<number> {
  const meter = fileURLToPath(new URL("heap-meter.ts", import.meta.url));
  const flags = ["--expose-gc", "--single-threaded", "--disable-warning=ExperimentalWarning"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, meter, work.href]);
  return Number(stdout);
}
