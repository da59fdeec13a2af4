/** At an author's terminal a log says what went wrong, in words, and nothing else. */
import { expect, test } from "vitest";
import { plainLine } from "#cli/plain-lines.ts";

test("everyday events are not shown", () => {
  expect(plainLine('{"level":30,"time":"2026-11-25T10:00:00.000Z","process":"worker","pid":7,"msg":"listening"}')).toBe(
    undefined,
  );
});

test.for([
  [
    '{"level":50,"time":"2026-11-25T10:00:00.000Z","process":"gateway","exitCode":3,"signal":null,"msg":"worker-exited"}',
    "gateway: worker-exited, exitCode 3, signal null",
  ],
  ['{"level":40,"process":"worker","msg":"It protects nothing."}', "worker: It protects nothing."],
  [
    '{"level":40,"process":"worker","inspect":"treasure: TypeError\\n    at contract.ts:32:21","msg":"contract"}',
    "treasure: TypeError\n    at contract.ts:32:21",
  ],
] as const)("%s is shown in words", ([line, words]) => {
  expect(plainLine(line)).toBe(words);
});

test.for(["not JSON", "7", '"text"', "[]", "{}", '{"level'])("what is no line of a log stays as it is: %s", (line) => {
  expect(plainLine(line)).toBe(line);
});
