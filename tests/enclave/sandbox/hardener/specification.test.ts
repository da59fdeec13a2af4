/**
 * The specification's own tests: every module that may run does, hardened, what its assertions say and what plain V8 does;
 * every other one is refused with a code.
 */
import { describe, expect, test } from "vitest";
import { assembler, missing, specificationFile, specificationFiles, type Assembler } from "../../../oracles/wabt.ts";
import { WastRun } from "../../../support/wasm/wast-run.ts";

describe.skipIf(missing !== undefined)("the specification's tests", () => {
  const totals = { hardened: 0, invalid: 0, calls: 0, canonical: 0 };
  const refusals = new Map<string, number>();

  test.for(specificationFiles())("%s", async (name) => {
    const assemble: Assembler = await assembler();
    const run = new WastRun(assemble);
    run.script(specificationFile(name));
    totals.hardened += run.hardened;
    totals.invalid += run.invalid;
    totals.calls += run.calls;
    totals.canonical += run.canonical;
    for (const [code, count] of run.refusals) refusals.set(code, (refusals.get(code) ?? 0) + count);
  });

  test("are this many", () => {
    expect({ ...totals, refusals: Object.fromEntries(refusals) }).toEqual({
      hardened: 302,
      invalid: 1210,
      calls: 14_437,
      canonical: 4531,
      refusals: { "import-refused": 97, "memory-refused": 1, "too-many": 2 },
    });
  });
});
