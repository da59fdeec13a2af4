/** An attack by a contract that is WebAssembly: the parts of it that are not as usual. */
import type { RawWasm } from "../../support/raw-wasm.ts";

export type Attacks = Readonly<Record<string, RawWasm>>;

/** Repeats its body for ever. */
export const forever = (body: string): string => `(loop $again ${body} (br $again)) (unreachable)`;

/** Text for each number from 0. */
export const times = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join("\n");
