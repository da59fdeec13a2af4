/** Turns places in a bundle into places in its author's files. Development only. */
import type { PlaceOf } from "../machine.ts";
import { bundleName } from "./compile.ts";

/** One frame of QuickJS. The function's name in it is what minifying made of it. */
const frame = new RegExp(`at [^(\\n]*\\(${bundleName.replace(".", "\\.")}:(\\d+):(\\d+)\\)`, "g");

export const explainStack = (detail: string, place: PlaceOf): string =>
  detail.replace(frame, (written, line: string, column: string) => {
    const origin = place(Number(line), Number(column));
    return origin === undefined ? written : `at ${origin}`;
  });
