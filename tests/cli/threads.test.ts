/** How many threads have rooms is what was asked for, or nothing starts. */
import { expect, test } from "vitest";
import { chooseThreads, ThreadsError } from "#cli/threads.ts";

test.for([
  ["1", 1],
  ["4", 4],
  ["64", 64],
  ["cores", "cores"],
  ["", undefined],
  [undefined, undefined],
] as const)("%s is understood", ([text, threads]) => {
  expect(chooseThreads(text)).toBe(threads);
});

test.for(["0", "65", "-1", "1.5", "two", "1e1", "4 cores", "999999999999"])("%s threads there are not", (text) => {
  expect(() => chooseThreads(text)).toThrow(ThreadsError);
});
