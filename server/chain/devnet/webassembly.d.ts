/** The part of the WebAssembly API that runs runtimes. TypeScript has it among the DOM's types, which are not ours. */
declare namespace WebAssembly {
  class Module {
    private readonly module;
    constructor(bytes: Uint8Array);
    static imports(module: Module): { readonly module: string; readonly name: string; readonly kind: string }[];
    static exports(module: Module): { readonly name: string; readonly kind: string }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }

  type Imports = Record<string, Record<string, unknown>>;

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Record<string, unknown>;
  }

  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    /** @throws RangeError beyond the maximum, or if the machine has no more. */
    grow(pages: number): number;
  }

  class Global {
    value: number | bigint;
  }

  class RuntimeError extends Error {}
  class CompileError extends Error {}
  class LinkError extends Error {}
}
