/**
 * The AssemblyScript compiler, loaded when a contract in it is built. Its own declarations are those of another language,
 * global names included, so what is used of it is written down here.
 */
export interface Asc {
  /** The text of the standard library's files, by name without ".ts". */
  readonly libraryFiles: { readonly [name: string]: string };
  main(args: readonly string[], host: AscHost): Promise<{ readonly error: Error | null }>;
}

export interface AscHost {
  /** Null: there is no such file. */
  readFile(name: string): Promise<string | null>;
  writeFile(name: string, contents: Uint8Array | string): void;
  listFiles(): readonly string[];
  reportDiagnostic(diagnostic: Diagnostic): void;
}

export interface Diagnostic {
  readonly message: string;
  /** 3 for errors. */
  readonly category: number;
  readonly range: Range | null;
  /** Another place that has to do with it. */
  readonly relatedRange: Range | null;
}

/** In UTF-16 units. */
export interface Range {
  readonly source: { readonly normalizedPath: string };
  readonly start: number;
  readonly end: number;
}

export const loadAsc = async (): Promise<Asc> => (await import(import.meta.resolve("assemblyscript/asc"))) as Asc;
