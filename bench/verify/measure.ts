/** Measures one candidate where it runs: this very function is what a page and a Node process call. */
import type { Candidate, Input, Times } from "./candidate.ts";

/** Verifications before the warm ones count: the machine's code is compiled by then. */
const warmups = 10;

/** @param from when the clock started, in `performance.now()`. */
export async function measure({ setup }: Candidate, input: Input, runs: number, from: number): Promise<Times> {
  const verify = await setup(input);
  const status = await verify();
  const cold = performance.now() - from;
  for (let i = 0; i < warmups; i++) await verify();
  const warm: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await verify();
    warm.push(performance.now() - start);
  }
  return { status, coldMs: cold, warmMs: warm };
}
