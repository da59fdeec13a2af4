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
    /** @throws RangeError beyond the maximum. */
    grow(pages: number): number;
  }

  class Global<_Type extends "i32"> {
    value: number;
  }

  function compile(bytes: Uint8Array): Promise<Module>;
}
