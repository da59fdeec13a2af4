/** Turns places in a bundle into places in its author's files, by the bundle's source map. Development only. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { bundleName } from "./compile.ts";

/** One frame of QuickJS. The function's name in it is what minifying made of it. */
const frame = new RegExp(`at [^(\\n]*\\(${bundleName.replace(".", "\\.")}:(\\d+):(\\d+)\\)`, "g");

/** @param sourceMap JSON of a source map, version 3. */
export function stackExplainer(sourceMap: string): (detail: string) => string {
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  return (detail) =>
    detail.replace(frame, (written, line: string, column: string) => {
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!("originalSource" in entry)) return written;
      return `at ${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
}
