/** What everything is compared with: the script in this process, as if there were nothing to keep it from anything. */
import { compileFunction } from "node:vm";
import { inputLength, outputLength, type Candidate } from "./candidate.ts";

export function plainV8(script: string): Candidate {
  const windows = { IN: new Uint8Array(inputLength), OUT: new Uint8Array(outputLength) };
  // Not in a context of its own, in which V8 takes longer to find `Math` than for all the rest.
  const run = compileFunction(`${script}; return globalThis.workloads;`, ["globalThis"]);
  const { call } = run({ windows }) as Pick<Candidate, "call">;
  return { name: "plain V8", kind: "compiled", input: windows.IN, output: windows.OUT, call };
}
