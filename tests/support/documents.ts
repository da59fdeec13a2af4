/** The project's documents, as tests read them: what stands in code blocks, and what is said to be where. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rootFolder } from "./folders.ts";

/** A fenced block, with the HTML comment before it: `<!-- from PATH -->`, `<!-- change PATH -->`, `<!-- printed -->`. */
export interface Block {
  readonly language: string;
  readonly text: string;
  readonly mark: { readonly kind: string; readonly path: string } | undefined;
  /** The newest heading above. */
  readonly section: string;
}

/** Not ours, or made. */
const elsewhere = new Set(["node_modules", "dist", ".cache", ".git", ".phatroom", "artifacts", "results", "coverage"]);

/** Paths of all Markdown files, from the root. */
export function documents(folder: string = rootFolder): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : documents(path);
    return entry.name.endsWith(".md") ? [relative(rootFolder, path)] : [];
  });
}

export const readFromRoot = (path: string): string => readFileSync(join(rootFolder, path), "utf8");

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let mark: Block["mark"];
  let section = "";
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split("\n")) {
    if (open !== undefined) {
      if (line.startsWith("```")) {
        blocks.push({ language: open.language, text: open.lines.join("\n"), mark, section });
        [open, mark] = [undefined, undefined];
      } else open.lines.push(line);
      continue;
    }
    const [, kind, path = ""] = /^<!-- (\w+)(?: (\S+))? -->$/.exec(line) ?? [];
    if (line.startsWith("```")) open = { language: line.slice(3), lines: [] };
    else if (kind !== undefined) mark = { kind, path };
    else if (line !== "") mark = undefined;
    if (line.startsWith("#")) section = line.replace(/^#+ /, "");
  }
  return blocks;
}

/** The text without its code blocks. */
export const proseOf = (markdown: string): string => markdown.replaceAll(/^```.*?^```$/gms, "");

/** Lines without the indentation that all of them share. */
export function dedented(text: string): string[] {
  const lines = text.split("\n");
  const depth = Math.min(...lines.filter((line) => line !== "").map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(depth));
}

/** Where a block stands in a file, whatever its indentation there: index of its first line, or -1. */
export function findExcerpt(file: readonly string[], block: readonly string[]): number {
  const first = block[0] ?? "";
  return file.findIndex((line, at) => {
    if (line.trimStart() !== first.trimStart() || !line.endsWith(first)) return false;
    const indent = line.slice(0, line.length - first.length);
    return block.every((wanted, i) => file[at + i] === (wanted === "" ? "" : indent + wanted));
  });
}

/**
 * Makes the change that a block shows: its first and its last line stand in the file, and what lies between them there is
 * replaced by what lies between them in the block.
 *
 * @throws Error if the lines are not there, or more than once.
 */
export function applyChange(file: string, change: string): string {
  const [lines, wanted] = [file.split("\n"), dedented(change)];
  const only = (text: string): number => {
    const found = lines.flatMap((line, i) => (line.trim() === text.trim() ? [i] : []));
    if (found.length !== 1) throw new Error(`"${text.trim()}" stands in the file ${found.length} times`);
    return found[0]!;
  };
  const [from, to] = [only(wanted[0]!), only(wanted.at(-1)!)];
  const indent = lines[from]!.slice(0, lines[from]!.length - wanted[0]!.length);
  return [...lines.slice(0, from), ...wanted.map((line) => indent + line), ...lines.slice(to + 1)].join("\n");
}
