/**
 * Runs every recursion in this process, which was started with V8's flags of the test's choice, and prints what ended it:
 * `node recurse.ts [times]`, times the depth that a call gets.
 */
import { endsOfRecursions } from "./ends.ts";

for (const [name, end] of Object.entries(endsOfRecursions(Number(process.argv[2] ?? 1)))) {
  process.stdout.write(`${name}: ${end}\n`);
}
