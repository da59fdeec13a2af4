/** Runs a module and writes down all that can be seen of it. */
import type { Hardened } from "#enclave/sandbox/hardener/harden.ts";
import { randomImports } from "./random-shape.ts";
import type { Argument } from "./random-values.ts";

export interface PlannedCall {
  readonly name: string;
  readonly args: readonly Argument[];
}

export interface Budget {
  readonly fuel: number;
  readonly depth: number;
  /** Of memory; without it, what the hardener was told. */
  readonly pages?: number;
}

export interface Outcome {
  /** What it returned, or why it trapped. */
  readonly results: readonly unknown[] | string;
  /** It ran out of this. */
  readonly overrun?: "fuel" | "depth";
  /** Of the budget. */
  readonly fuelLeft: number;
}

export interface Observation {
  /** Its start function trapped: nothing else can be seen. */
  readonly stillborn?: string;
  /** Ends with the first that overran. */
  readonly outcomes: readonly Outcome[];
  /** Arguments of every call to the host. */
  readonly host: readonly (readonly unknown[])[];
  readonly memory: Uint8Array;
  /** As JavaScript gets them: every NaN is the same there. */
  readonly globals: readonly (number | bigint)[];
  /** Before the first call. */
  readonly atFirst: readonly (number | bigint)[];
}

const nothing = new Uint8Array(0);

interface Exports {
  readonly [name: string]: WebAssembly.Global | WebAssembly.Memory | ((...args: Argument[]) => unknown);
}

/** The plain one: mutable globals are exported as `g0`, `g1` and so on. It must be known to end. */
export function observePlain(module: Uint8Array, calls: readonly PlannedCall[], globals: number): Observation {
  const names = Array.from({ length: globals }, (_, i) => `g${i}`);
  return observe(module, calls, names);
}

/** The hardened one, each call with the same budget. */
export function observeHardened(
  { bytes, globals }: Hardened,
  calls: readonly PlannedCall[],
  budget: Budget,
): Observation {
  return observe(
    bytes,
    calls,
    globals.map(({ name }) => name),
    budget,
  );
}

/** How much a global grew over the calls, those of the start function not counted. */
export function observeCounting(
  module: Uint8Array,
  calls: readonly PlannedCall[],
  counter: string,
  budget?: Budget,
): number {
  const { globals, atFirst } = observe(module, calls, [counter], budget);
  return globals.length === 0 ? 0 : Number(globals[0]) - Number(atFirst[0]);
}

function observe(
  bytes: Uint8Array,
  calls: readonly PlannedCall[],
  globals: readonly string[],
  budget?: Budget,
): Observation {
  const host: unknown[][] = [];
  const outcomes: Outcome[] = [];
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(compiled(bytes), importsInto(host));
  } catch (error) {
    return { stillborn: trapOf(error), outcomes: [], host, memory: nothing, globals: [], atFirst: [] };
  }
  const exports = instance.exports as unknown as Exports;
  const values = (): (number | bigint)[] =>
    globals.map((name) => (exports[name] as WebAssembly.Global<"i32" | "i64" | "f32" | "f64">).value);
  const atFirst = values();
  if (budget?.pages !== undefined) (exports["phatroom_pages"] as WebAssembly.Global<"i32">).value = budget.pages;
  for (const call of calls) {
    const outcome = callOnce(exports, call, budget);
    outcomes.push(outcome);
    if (outcome.overrun !== undefined) break;
  }
  const memory = exports["memory"] instanceof WebAssembly.Memory ? new Uint8Array(exports["memory"].buffer) : nothing;
  if (budget?.pages !== undefined && memory.length > budget.pages * 65_536) throw new Error("memory beyond its cap");
  return {
    outcomes,
    host,
    memory,
    globals: values(),
    atFirst,
  };
}

const modules = new WeakMap<Uint8Array, WebAssembly.Module>();

function compiled(bytes: Uint8Array): WebAssembly.Module {
  let module = modules.get(bytes);
  if (module === undefined) {
    module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    modules.set(bytes, module);
  }
  return module;
}

function callOnce(exports: Exports, { name, args }: PlannedCall, budget: Budget | undefined): Outcome {
  const fuel = exports["phatroom_fuel"] as WebAssembly.Global<"i32">;
  const depth = exports["phatroom_depth"] as WebAssembly.Global<"i32">;
  if (budget !== undefined) {
    fuel.value = budget.fuel;
    depth.value = budget.depth;
  }
  let results: Outcome["results"];
  try {
    const result = (exports[name] as (...args: Argument[]) => unknown)(...args);
    results = (Array.isArray(result) ? result : [result]).map(comparable);
  } catch (error) {
    results = trapOf(error);
  }
  if (budget === undefined) return { results, fuelLeft: 0 };
  if (fuel.value > budget.fuel) throw new Error(`${name} refuelled itself: ${fuel.value} of ${budget.fuel}`);
  if (typeof results === "string" && fuel.value < 0) return { results, overrun: "fuel", fuelLeft: fuel.value };
  if (typeof results === "string" && depth.value < 0) return { results, overrun: "depth", fuelLeft: fuel.value };
  if (typeof results !== "string" && depth.value !== budget.depth) {
    throw new Error(`${name} leaves a depth of ${depth.value} of ${budget.depth}`);
  }
  return { results, fuelLeft: fuel.value };
}

function trapOf(error: unknown): string {
  // A TypeError: an argument that does not fit. Anything else, as a stack that V8 ended, is not what a module may do.
  if (error instanceof WebAssembly.RuntimeError || error instanceof TypeError) return error.message;
  throw error;
}

/** Functions of two instances are the same if they have the same index, which is their name. */
const comparable = (value: unknown): unknown => (typeof value === "function" ? `function ${value.name}` : value);

function importsInto(host: unknown[][]): WebAssembly.Imports {
  const functions: { [module: string]: { [name: string]: (...args: unknown[]) => unknown } } = {};
  for (const { module, name, results } of randomImports) {
    (functions[module] ??= {})[name] = (...args) => {
      if (host.length < 1000) host.push([name, ...args]);
      return results.length > 0 ? BigInt(host.length) * 0x1_0000_0001n : undefined;
    };
  }
  return functions;
}

/** What is different, in words, or nothing. */
export function difference(a: Observation, b: Observation): string | undefined {
  const same = (x: readonly unknown[] | string, y: readonly unknown[] | string): boolean =>
    typeof x === "string" || typeof y === "string"
      ? x === y
      : x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
  if (a.stillborn !== b.stillborn) return `start: ${a.stillborn} and ${b.stillborn}`;
  for (const [i, outcome] of a.outcomes.entries()) {
    const other = b.outcomes[i];
    if (other === undefined) return `call ${i} was not made`;
    if (!same(outcome.results, other.results)) return `call ${i}: ${show(outcome.results)} and ${show(other.results)}`;
  }
  if (a.host.length !== b.host.length) return `${a.host.length} and ${b.host.length} calls to the host`;
  const hostCall = a.host.findIndex((args, i) => !same(args, b.host[i]!));
  if (hostCall >= 0) return `host call ${hostCall}: ${show(a.host[hostCall]!)} and ${show(b.host[hostCall]!)}`;
  if (!same(a.globals, b.globals)) return `globals ${show(a.globals)} and ${show(b.globals)}`;
  if (Buffer.compare(a.memory, b.memory) === 0) return undefined;
  const at = a.memory.findIndex((byte, i) => byte !== b.memory[i]);
  return `memories of ${a.memory.length} and ${b.memory.length} bytes, first different at ${at}`;
}

const show = (values: readonly unknown[] | string): string =>
  typeof values === "string" ? values : `(${values.map(String).join(", ")})`;
