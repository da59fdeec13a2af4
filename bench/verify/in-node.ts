/** A fresh Node process in which one candidate is measured. */
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import { answer } from "../processes/child.ts";
import type { Input, Runnable } from "./candidate.ts";

answer({
  measure({ script, input, runs }: { readonly script: string; readonly input: Input; readonly runs: number }) {
    const from = performance.now();
    const module = { exports: {} };
    // A CommonJS module, as Node itself would run it from a file.
    const load = compileFunction(script, ["require", "module", "exports"]) as (...given: unknown[]) => void;
    load(createRequire(import.meta.url), module, module.exports);
    return (module.exports as Runnable).run(input, runs, from);
  },
});
