/** What ends each recursion, when a fifth of the stack is used already as the calls begin, as it may be in a worker. */
import { depthMax } from "#enclave/sandbox/hardener/harden.ts";
import { recursions } from "./recursions.ts";
import { Room, hardened, type Ran } from "./room.ts";

/** So much that it never ends first. */
const fuel = 2 ** 31 - 1;

/** @param times The depth that a call gets. */
export function endsOfRecursions(times: number): Record<string, string> {
  const depth = depthMax * times;
  // Warm, so that both are measured as they then run.
  for (let i = 0; i < 20; i++) levels();
  const used = Math.floor(levels() / 5);
  const all: Record<string, string> = {};
  for (const [name, source] of Object.entries(recursions)) {
    const { parameters = [] } = source.functions!.find(({ exported }) => exported === "f")!;
    const room = new Room(hardened(source));
    if ("warm" in room.exports) for (let i = 0; i < 3000; i++) room.run("warm", [], { fuel, depth });
    const values = parameters.map((type) => (type === 0x7e ? 1n : 1));
    const ends = new Set<string>();
    for (let i = 0; i < 40; i++) ends.add(endOf(below(used, () => room.run("f", values, { fuel, depth }))));
    all[name] = [...ends].join(", ");
  }
  return all;
}

function endOf({ depth, fuel: left, value }: Ran): string {
  if (depth < 0) return "our depth";
  return left < 0 ? "our fuel" : String(value);
}

/** How many calls of such a function fit on the stack. */
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
