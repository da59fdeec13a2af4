/** The windows through which engine and module talk: where they may lie, and how long they are. */
import { describe, expect, test } from "vitest";
import { rawInput, rawOutput, rawPages } from "../../../support/raw-wasm.ts";
import { done, load, open, refusalOf } from "./contract.ts";

describe("the windows", () => {
  const { at: input, length: inputLength } = rawInput;
  const { at: output, length: outputLength } = rawOutput;
  const end = rawPages * 65_536;

  test.for<[string, readonly number[], RegExp]>([
    ["of another ABI", [2, input, inputLength, output, outputLength, 0, 0, 0], /the first is 1/],
    ["that end with something else than 0", [1, input, inputLength, output, outputLength, 0, 0, 1], /the last is 0/],
    ["with an input that is too short", [1, input, inputLength - 1, output, outputLength, 0, 0, 0], /input window has/],
    ["with an output that is too short", [1, input, inputLength, output, 4095, 0, 0, 0], /output window has/],
    [
      "with an output that is too long",
      [1, input, inputLength, output, outputLength + 1, 0, 0, 0],
      /output window has/,
    ],
    [
      "with an input beyond the memory",
      [1, end - 8, inputLength, output, outputLength, 0, 0, 0],
      /input is not inside/,
    ],
    ["with an input that wraps around", [1, 0xffff_fff8, inputLength, output, 4096, 0, 0, 0], /input is not inside/],
    ["with an input that is longer than all", [1, 0, 0xffff_ffff, output, 4096, 0, 0, 0], /input is not inside/],
    ["with an output beyond the memory", [1, input, inputLength, end - 4088, 4096, 0, 0, 0], /output is not inside/],
    ["with tables beyond the memory", [1, input, inputLength, output, 4096, end, 8, 0], /tables is not inside/],
    ["with an input that is not aligned", [1, input + 4, inputLength, output, 4096, 0, 0, 0], /multiple of 8/],
    ["with an output that is not aligned", [1, input, inputLength, output + 1, 4096, 0, 0, 0], /multiple of 8/],
    ["with tables that are not aligned", [1, input, inputLength, output, 4096, 4, 8, 0], /multiple of 8/],
    ["that overlap", [1, input, inputLength, input + inputLength - 8, 4096, 0, 0, 0], /overlap/],
    ["that are one inside the other", [1, input, 0x2_0000, input + 4096, 4096, 0, 0, 0], /overlap/],
    ["with tables in the input", [1, input, inputLength, output, 4096, input, 8, 0], /overlap/],
    ["with tables in the output", [1, input, inputLength, output, 4096, output + 4088, 8, 0], /overlap/],
    ["with tables that are not declared", [1, input, inputLength, output, 4096, output + 4096, 8, 0], /tables take 0/],
  ])("%s are refused", async ([, windows, told]) => {
    expect(await refusalOf({ windows })).toMatch(told);
  });

  test.for([-1, end - 28, end, 0x7fff_fffc, 0x401])("at %i are refused", async (windowsAt) => {
    expect(await refusalOf({ windowsAt })).toMatch(/address of eight numbers/);
  });

  test.for<[string, readonly number[]]>([
    ["side by side", [1, input, inputLength, output, 4096, 0, 0, 0]],
    ["with more input than a call has", [1, input, 0x2_0000, input + 0x2_0000, 4096, 0, 0, 0]],
    ["at both ends of the memory", [1, end - inputLength, inputLength, 0, 4096, 0, 0, 0]],
  ])("%s are fine", async ([, windows]) => {
    const contract = await load({ windows });
    expect(contract.instantiate().call(open)).toEqual(done);
  });
});
