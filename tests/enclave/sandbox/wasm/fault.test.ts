/** What the author of a contract that faulted is told, whatever the machine calls it. */
import { describe, expect, test } from "vitest";
import { NonsenseError } from "#enclave/sandbox/answer.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { faultSentence, GivenUpError, type Remains } from "#enclave/sandbox/wasm/fault.ts";

const remains: Remains = { fuel: 5, fuelMax: 100_000, depth: 7, pages: 3, pagesMax: 64 };
const trap = (message: string): Error => new WebAssembly.RuntimeError(message);

describe("an author is told of", () => {
  test.for<[string, Error, Partial<Remains>, string]>([
    ["fuel, before anything else", trap("unreachable"), { fuel: -1, depth: -1 }, "out of fuel"],
    ["depth", trap("unreachable"), { depth: -1 }, "nested too deeply"],
    ["what the contract said", new GivenUpError("the board is full"), {}, "the board is full"],
    ["an answer that is none", new NonsenseError("an answer is a map"), {}, "an answer is a map"],
    ["bytes that are none", new TypeError("malformed"), {}, "TypeError: malformed"],
    ["a trap that nobody knows", trap("something new"), {}, "something new, with 3 of 64 pages of memory in use"],
  ])("%s", ([, error, left, told]) => {
    expect(faultSentence(error, { ...remains, ...left })).toContain(told);
  });

  // What the engines of Node, Chromium, Firefox and Safari call one trap.
  test.for([
    [
      "an address outside the contract's memory",
      ["memory access out of bounds", "index out of bounds in memory", "Out of bounds memory access"],
    ],
    ["a division by zero", ["divide by zero", "remainder by zero", "integer divide by zero", "Division by zero"]],
    ["a division whose result is too large", ["divide result unrepresentable", "integer overflow", "Integer overflow"]],
    [
      "a number that does not fit",
      ["float unrepresentable in integer range", "invalid conversion to integer", "Out of bounds Trunc operation"],
    ],
    [
      "a call of a function that is not in the table",
      [
        "table index is out of bounds",
        "null function or function signature mismatch",
        "indirect call to null",
        "indirect call signature mismatch",
        "call_indirect to a signature that does not match",
        "Out of bounds call_indirect",
      ],
    ],
    ["never to be reached", ["unreachable", "unreachable executed", "Unreachable code should not be executed"]],
  ] as const)("%s, whatever the machine calls it", ([told, messages]) => {
    for (const message of messages) expect(faultSentence(trap(message), remains), message).toContain(told);
  });
});

describe("the contract is not at fault", () => {
  test.for<[string, Error, Partial<Remains>]>([
    ["when the machine refuses memory", trap("unreachable"), { pagesMax: -1 }],
    ["when the caller's stack ends", new RangeError("Maximum call stack size exceeded"), {}],
    ["when the machine said so", new MachineError("no memory for 65536 bytes"), {}],
  ])("%s", ([, error, left]) => {
    expect(() => faultSentence(error, { ...remains, ...left })).toThrow(MachineError);
  });
});
