/**
 * The AssemblyScript compiler, loaded when a contract in it is built. Its own declarations are those of another language,
 * global names included, so what is used of it is written down here.
 */
export interface Asc {
  /** The text of the standard library's files, by name without ".ts". */
  readonly libraryFiles: { [name: string]: string };
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

export async function loadAsc(): Promise<Asc> {
  const asc = (await import(import.meta.resolve("assemblyscript/asc"))) as Asc;
  asc.libraryFiles[collector] = payingAsItMarks(asc.libraryFiles[collector]!);
  return asc;
}

/** The collector of `--runtime minimal`. */
const collector = "rt/tcms";

/**
 * The hardener charges a branch whether it is taken or not, and a loop when it is entered. Each kind of object that a
 * contract has is a branch of the collector that ends in "if it is unmarked, mark it": every object would cost as much as
 * one of each kind. Said as a loop, which marking ends, it costs what it does.
 */
function payingAsItMarks(text: string): string {
  const start = text.indexOf("export function __visit(");
  const paying = text.slice(start).replace(/\b(if|while) \(obj\.color == white\)/, "while (obj.color == white)");
  if (start < 0 || !paying.includes("while (obj.color == white)")) throw new Error("asc has another collector");
  return text.slice(0, start) + paying;
}
