/**
 * Runs every recursion in this process, which was started with V8's flags of the test's choice, and prints what ended it:
 * `node recurse.ts [times]`, times the depth that a call gets. The stack is a fifth used when the calls begin, as it may
 * be in a worker.
 */
import { depthMax } from "#enclave/sandbox/hardener/harden.ts";
import { Room, hardened } from "./room.ts";
import { recursions } from "./recursions.ts";

const fuel = 2 ** 31 - 1;
const depth = depthMax * Number(process.argv[2] ?? 1);

function levels(): number {
  let reached = 0;
  const descend = (): void => {
    reached++;
    descend();
  };
  try {
    descend();
  } catch {
    return reached;
  }
  return reached;
}

function below<T>(count: number, action: () => T): T {
  return count === 0 ? action() : below(count - 1, action);
}

/** Warm, so that both are measured as they then run. */
for (let i = 0; i < 20; i++) levels();
const used = Math.floor(levels() / 5);

for (const [name, source] of Object.entries(recursions)) {
  const { parameters = [] } = source.functions!.find(({ exported }) => exported === "f")!;
  const room = new Room(hardened(source));
  const values = parameters.map((type) => (type === 0x7e ? 1n : 1));
  if ("warm" in room.exports) for (let i = 0; i < 3000; i++) room.run("warm", [], { fuel, depth });
  const ends = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const ran = below(used, () => room.run("f", values, { fuel, depth }));
    ends.add(ran.depth < 0 ? "our depth" : ran.fuel < 0 ? "our fuel" : String(ran.value));
  }
  process.stdout.write(`${name}: ${[...ends].join(", ")}\n`);
}
