/** What a compiler has to say about a place in an author's file, in the form in which esbuild prints it. */
import type { PartialMessage } from "esbuild";

export type PlacedMessage = PartialMessage;
export type Location = NonNullable<PlacedMessage["location"]>;

/** Lines from 1, columns and lengths in bytes. A range over several lines is shown up to the end of its first. */
export function locationOf(file: string, text: string, start: number, end: number): Location {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", start);
  const lineEnd = newline === -1 ? text.length : newline;
  return {
    file,
    line: text.slice(0, start).split("\n").length,
    column: Buffer.byteLength(text.slice(lineStart, start)),
    length: Buffer.byteLength(text.slice(start, Math.min(end, lineEnd))),
    lineText: text.slice(lineStart, lineEnd),
  };
}
