/** The part of the WebAssembly API that the sandbox uses. TypeScript has it among the DOM's types, which are not ours. */
declare namespace WebAssembly {
  class Module {
    private readonly module;
    constructor(bytes: Uint8Array);
  }

  type Imports = Record<string, Record<string, (...values: never[]) => unknown>>;

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: object;
  }

  class Memory {
    readonly buffer: ArrayBuffer;
    /** @throws RangeError beyond the maximum, or if the machine has no more. */
    grow(pages: number): number;
  }

  interface ValueOf {
    i32: number;
    i64: bigint;
    f32: number;
    f64: number;
  }

  class Global<Type extends keyof ValueOf> {
    value: ValueOf[Type];
  }

  /** A trap. */
  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array): Promise<Module>;
  function validate(bytes: Uint8Array): boolean;
}
