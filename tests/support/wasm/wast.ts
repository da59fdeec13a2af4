/** Reads scripts of the WebAssembly specification's tests: modules in text, and what calls of them must do. */

/** A list, or an atom or string as it is written. */
export type Node = string | List;

export interface List {
  readonly items: readonly Node[];
  /** As it is written. */
  readonly text: string;
}

export const isList = (node: Node | undefined): node is List => typeof node === "object";

/** First word of a list. */
export const headOf = (list: List): string => (typeof list.items[0] === "string" ? list.items[0] : "");

/** The lists of a script. @throws Error if its parentheses do not match. */
export function readScript(text: string): List[] {
  const source = modern(text);
  const outer: Node[][] = [[]];
  const starts: number[] = [];
  const token = /\(;|;\)|;;[^\n]*|"(?:[^"\\]|\\[\s\S])*"|[()]|[^\s()";]+|;/g;
  let commented = 0;
  for (let found = token.exec(source); found !== null; found = token.exec(source)) {
    const [word] = found;
    if (word === "(;") commented += 1;
    else if (word === ";)") commented -= 1;
    if (commented > 0 || word.startsWith(";")) continue;
    if (word === "(") {
      outer.push([]);
      starts.push(found.index);
    } else if (word === ")") {
      const items = outer.pop()!;
      const start = starts.pop();
      if (start === undefined) throw new Error("a parenthesis closes nothing");
      outer.at(-1)!.push({ items, text: source.slice(start, found.index + 1) });
    } else outer.at(-1)!.push(word);
  }
  if (outer.length !== 1) throw new Error("a parenthesis is never closed");
  return outer[0]!.filter(isList);
}

const renamed: readonly (readonly [RegExp, string])[] = [
  [/\b(get|set|tee)_(local|global)\b/g, "$2.$1"],
  [/\bcurrent_memory\b/g, "memory.size"],
  [/\bgrow_memory\b/g, "memory.grow"],
  [/\banyfunc\b/g, "funcref"],
  [/\b([if]\d\d)\.(\w+?)(_[su])?\/([if]\d\d)\b/g, "$1.$2_$4$3"],
];

/** Instructions were called otherwise in 2017. */
const modern = (text: string): string => renamed.reduce((source, [old, now]) => source.replace(old, now), text);

/** Bytes of a string literal. 6.3.3. */
export function bytesOfString(literal: string): Uint8Array {
  const bytes: number[] = [];
  const escapes: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, '"': 34, "'": 39, "\\": 92 };
  const inner = literal.slice(1, -1);
  for (const [part] of inner.matchAll(/\\u\{[0-9a-fA-F]+\}|\\[0-9a-fA-F]{2}|\\[\s\S]|[^\\]/gu)) {
    if (part.startsWith("\\u{")) bytes.push(...Buffer.from(String.fromCodePoint(parseInt(part.slice(3, -1), 16))));
    else if (part.length === 3 && part.startsWith("\\")) bytes.push(parseInt(part.slice(1), 16));
    else if (part.startsWith("\\")) bytes.push(escapes[part[1]!] ?? 0);
    else bytes.push(...Buffer.from(part));
  }
  return Uint8Array.from(bytes);
}
