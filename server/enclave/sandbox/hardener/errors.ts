/** Every reason not to run a module. Programs read the code; its author reads the sentence and the detail. */

export const hardenCodes = {
  // Reading
  "module-invalid": "The module is not valid WebAssembly.",
  "module-malformed": "The module is written in a way that this reader does not accept.",
  "instruction-unknown": "The module uses an instruction that is not part of the accepted set.",
  "type-refused": "The module uses a type that is not one of i32, i64, f32, f64, v128, funcref and externref.",
  "constant-refused": "A global or a segment starts from an expression that is not a single constant.",

  // Proposals that are not the same everywhere, or that snapshots and budgets cannot hold
  "threads-refused": "The module uses atomics or shared memory. A room runs on one thread.",
  "relaxed-simd-refused": "The module uses relaxed SIMD, which computes different bits on different machines.",
  "garbage-collection-refused": "The module uses types of the garbage collection proposal. Build it without them.",
  "exceptions-refused": "The module uses WebAssembly exceptions. Build it without them.",
  "tail-calls-refused": "The module uses tail calls. Build it without them.",
  "memory64-refused": "The module uses a memory or a table with 64-bit addresses. Build it for wasm32.",
  "table-changes-refused": "The module changes a table while it runs. Snapshots hold memory and globals only.",
  "segment-drops-refused": "The module drops a segment while it runs. Snapshots hold memory and globals only.",
  "global-refused": "A mutable global holds a reference or a vector, which a snapshot cannot hold.",

  // What it wants and offers
  "import-refused": "The module imports something that a room does not have.",
  "export-refused": "An exported name begins with phatroom_, which is reserved.",
  "memory-missing": "The module has no memory of its own.",
  "memory-refused": "The module has more than one memory, or one that begins larger than allowed.",
  "segment-out-of-bounds": "A data or element segment does not fit the memory or table that it fills.",

  // Size
  "module-too-large": "The module is longer than allowed.",
  "function-too-large": "A function is longer than allowed. Split it, or build with less inlining.",
  "function-too-deep": "A function nests blocks deeper than allowed.",
  "frame-too-large": "A function needs more locals or operands at once than allowed. Split it.",
  "too-many": "The module has more of something than allowed.",

  // Our own side
  internal: "The hardener made a mistake. The module was not accepted.",
} as const satisfies Record<string, string>;

export type HardenErrorCode = keyof typeof hardenCodes;

/** A module was refused. `detail` says where; it is made of the module alone, so it is the same on every machine. */
export class HardenError extends Error {
  readonly code: HardenErrorCode;
  readonly detail: string;

  constructor(code: HardenErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = "HardenError";
    this.code = code;
    this.detail = detail;
  }

  /** What the author is shown. */
  get sentence(): string {
    return hardenCodes[this.code];
  }
}

/** @throws HardenError with this code unless the condition holds. */
export function demand(condition: boolean, code: HardenErrorCode, detail: string): asserts condition {
  if (!condition) throw new HardenError(code, detail);
}
