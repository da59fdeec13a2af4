/** An author's AssemblyScript as one WebAssembly module for the sandbox. The same input gives the same bytes. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { formatMessages } from "esbuild";
import { loadAsc, type Asc, type Diagnostic, type Range } from "./asc.ts";
import { BuildError } from "./build-error.ts";
import { missingImports } from "./missing-imports.ts";
import { locationOf, type PlacedMessage } from "./placed-message.ts";

export interface AssemblyOptions {
  /** More flags of the compiler. */
  readonly flags?: readonly string[];
  /** What is made of each file of the author's before it is compiled. */
  readonly rewrite?: (text: string) => string;
  /** Read in place of files of the author's, by their names beside the entry. */
  readonly given?: ReadonlyMap<string, string>;
}

/**
 * @param entryOf the text of the module whose exports are the output's.
 * @throws BuildError.
 */
export async function compileAssembly(
  path: string,
  entryOf: (path: string) => string = servedContract(),
  options: AssemblyOptions = {},
): Promise<Uint8Array> {
  const asc = await loadAsc();
  const sources = new Sources(path, entryOf(path), asc.libraryFiles, options);
  let compiled: Uint8Array | undefined;
  const problems: Diagnostic[] = [];
  const { error } = await asc.main([entryFile, ...flags, ...(options.flags ?? []), "--baseDir", dirname(path)], {
    readFile: (name) => sources.read(name),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") compiled = contents;
    },
    listFiles: () => [],
    reportDiagnostic: (diagnostic) => {
      if (diagnostic.category === errorCategory) problems.push(diagnostic);
    },
  });
  if (problems.length > 0) throw new BuildError(await asText(problems.map((problem) => sources.locate(problem))));
  if (error !== null || compiled === undefined)
    throw new BuildError(`${basename(path)}: ${error?.message ?? "no output"}`);
  const module = binaryen.readBinary(compiled);
  try {
    const missing = missingImports(importsOf(module), sources.ofAuthor);
    if (missing.length > 0) throw new BuildError(await asText(missing));
    inline(module);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** Read in place of a file of the author's: what the module exports is the SDK's. */
const entryFile = "phatroom-entry.ts";

/** @param predict SHA-256 of the module by which clients predict, in hex, if there is one. */
export const servedContract =
  (predict?: string) =>
  (path: string): string =>
    [
      ...(predict === undefined
        ? []
        : [`import { declarePredict } from "phatroom/assembly/manifest";`, `declarePredict("${predict}");`]),
      `import "./${basename(path, ".ts")}";`,
      `export { roomCall as room_call } from "phatroom/assembly/runtime";`,
      `export { roomWindows as room_windows } from "phatroom/assembly/windows";`,
    ].join("\n");

const flags = [
  "--outFile=contract.wasm",
  // The default collector keeps a stack of its own in memory, which makes every access to an array four times slower.
  "--runtime=minimal",
  // What modules do while they are prepared costs fuel like everything else.
  "--exportStart=_initialize",
  "--optimizeLevel=3",
  "--shrinkLevel=0",
];

const sdkFolder = fileURLToPath(new URL("../../contracts/assembly/", import.meta.url));

/** asc's number for errors; warnings and hints are lower. */
const errorCategory = 3;

/** What asc puts before the names of files that are not the author's. */
const libraryPrefix = "~lib/";

/**
 * Small functions become part of those that call them. It must happen here: once the hardener has put its checks into
 * them, V8 no longer does it, and a game runs five times slower.
 */
function inline(module: binaryen.Module): void {
  module.setFeatures(features);
  // Settings of the compiler are settings of the whole process.
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(60);
  binaryen.setFlexibleInlineMaxSize(120);
  binaryen.setOneCallerInlineMaxSize(200);
  module.runPasses(["inlining-optimizing"]);
  module.optimize();
}

/** Those that asc has on by default. */
const features =
  binaryen.Features.MutableGlobals |
  binaryen.Features.BulkMemory |
  binaryen.Features.BulkMemoryOpt |
  binaryen.Features.SignExt |
  binaryen.Features.NontrappingFPToInt;

function importsOf(module: binaryen.Module): string[] {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i));
  return functions.flatMap((reference) => {
    const { module: from, base } = binaryen.getFunctionInfo(reference);
    return from === "" ? [] : [`${from}.${base}`];
  });
}

/** One mistake is often followed by many: as many are shown as esbuild shows. */
const shownMax = 10;

async function asText(messages: PlacedMessage[]): Promise<string> {
  const shown = await formatMessages(messages.slice(0, shownMax), { kind: "error" });
  return messages.length > shownMax ? `${shown.join("\n")}\nand ${messages.length - shownMax} more` : shown.join("\n");
}

/** Every file that was read, by the name asc has for it: relative to the entry's folder, so that no output holds a path. */
class Sources {
  readonly #entry: string;
  readonly #entryText: string;
  readonly #library: Asc["libraryFiles"];
  readonly #options: AssemblyOptions;
  readonly #texts = new Map<string, string>();

  constructor(entry: string, entryText: string, library: Asc["libraryFiles"], options: AssemblyOptions) {
    this.#entry = entry;
    this.#entryText = entryText;
    this.#library = library;
    this.#options = options;
  }

  async read(name: string): Promise<string | null> {
    const given = name === entryFile ? this.#entryText : this.#options.given?.get(name);
    if (given !== undefined) return given;
    // A configuration that lies beside the contract must not change the bytes.
    if (!name.endsWith(".ts")) return null;
    const ofSdk = /(?:^|[\\/])node_modules[\\/]phatroom[\\/]assembly[\\/]([a-z-]+\.ts)$/.exec(name)?.[1];
    const file = ofSdk === undefined ? resolve(dirname(this.#entry), name) : join(sdkFolder, ofSdk);
    if (!existsSync(file)) return null;
    const read = await readFile(file, "utf8");
    const text = ofSdk === undefined ? (this.#options.rewrite?.(read) ?? read) : read;
    this.#texts.set(ofSdk === undefined ? name : `${libraryPrefix}phatroom/assembly/${ofSdk}`, text);
    return text;
  }

  /** Text by name, without libraries. */
  get ofAuthor(): ReadonlyMap<string, string> {
    return new Map([...this.#texts].filter(([name]) => !name.startsWith(libraryPrefix)));
  }

  locate({ message, range, relatedRange }: Diagnostic): PlacedMessage {
    const notes = relatedRange === null ? [] : [{ text: "It has to do with this:", ...this.#place(relatedRange) }];
    return { text: plainly(message), ...(range === null ? {} : this.#place(range)), notes };
  }

  #place({ source, start, end }: Range): Pick<PlacedMessage, "location"> {
    const file = source.normalizedPath;
    const text = this.#texts.get(file) ?? this.#library[file.slice(libraryPrefix.length).replace(/\.ts$/, "")];
    return text === undefined ? {} : { location: locationOf(file, text, start, end) };
  }
}

/** asc names a file that it did not find by where it looked, and types by the files they are in. */
function plainly(message: string): string {
  const [, name] = /^File '~lib\/(.+)\.ts' not found\.$/.exec(message) ?? [];
  if (name === undefined) return message.replaceAll(/~lib\/(?:[\w-]+\/)+(\w+)/g, (_, type: string) => typeName(type));
  if (name.startsWith("phatroom/")) {
    return `there is no "${name}" for AssemblyScript: all that a contract imports is "phatroom/assembly"`;
  }
  return isBuiltin(name)
    ? `contracts reach nothing: "${name}" does not exist in the sandbox`
    : `Could not resolve "${name}"`;
}

const typeName = (type: string): string => (type === "String" ? "string" : type);
