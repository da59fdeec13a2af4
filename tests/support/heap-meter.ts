/**
 * Prints how many bytes of the heap a piece of work takes each time: `node --expose-gc --single-threaded heap-meter.ts URL`,
 * where the module at the URL exports `pass`, which does the work `times` times.
 */
import type { Work } from "./heap-taken.ts";

const { pass, times } = (await import(process.argv[2]!)) as Work;

// Everything that grows has its size after it, and code is compiled.
for (let warm = 0; warm < 10; warm++) pass();
const growths = Array.from({ length: 8 }, () => {
  gc!();
  const before = process.memoryUsage().heapUsed;
  pass();
  return process.memoryUsage().heapUsed - before;
});
process.stdout.write(String(Math.min(...growths) / times));
