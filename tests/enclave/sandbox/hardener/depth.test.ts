/** Calls end at our depth, never at the end of the machine's stack, and every way out of a function gives its depth back. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { depthMax } from "#enclave/sandbox/hardener/harden.ts";
import {
  assemble,
  block,
  br,
  brIf,
  brTable,
  call,
  callIndirect,
  drop,
  get,
  i32,
  i32Const,
  i64,
  i64Const,
  loop,
  none,
  plain,
  repeat,
  ret,
  set,
  tee,
  typeOf,
  unreachable,
  v128,
  when,
  type FunctionSource,
  type ModuleSource,
} from "./assembler.ts";
import { recursions } from "./recursions.ts";
import { room } from "./room.ts";

const recurse = fileURLToPath(new URL("recurse.ts", import.meta.url));

/** What ended each recursion, in a process of its own, at so many times the depth. */
function ends(flags: readonly string[], times: number): Record<string, string> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--disable-warning=ExperimentalWarning", recurse, String(times)],
    { encoding: "utf8" },
  );
  const lines = stdout.trim().split("\n");
  expect(lines.length, stderr).toBe(Object.keys(recursions).length);
  return Object.fromEntries(lines.map((line) => line.split(": ") as [string, string]));
}

describe("the machine's stack outlasts our depth", () => {
  const expected = Object.fromEntries(Object.keys(recursions).map((name) => [name, "our depth"]));

  test.for([
    ["as Node starts it", []],
    ["with the baseline compiler", ["--liftoff-only"]],
    ["with the optimizing compiler", ["--no-liftoff"]],
  ] as const)("%s", ([, flags]) => {
    expect(ends(flags, 1)).toEqual(expected);
  });

  test("and would not outlast it three times over", () => {
    expect(Object.values(ends(["--liftoff-only"], 3)).some((end) => end.includes("RangeError"))).toBe(true);
  });
});

/** In a table, so that it checks its own depth. */
const function1 = (source: FunctionSource): ModuleSource => ({
  functions: [{ exported: "f", results: source.results ?? [], code: [...i32Const(5), ...call(1)] }, source],
  types: [{ results: [i32, i64] }],
  table: { min: 1, functions: [1] },
});
const takes = { parameters: [i32] };
const pair = { parameters: [i32], results: [i32, i64] };
const rest = [...i32Const(1), ...drop];

describe("every way out gives the depth back, with the results it had", () => {
  const ways: readonly (readonly [way: string, source: FunctionSource])[] = [
    ["the end", { ...takes, code: rest }],
    ["the end, with a result", { ...takes, results: [i32], code: get(0) }],
    ["the end, with two results", { ...pair, code: [...get(0), ...i64Const(6n)] }],
    ["return", { ...takes, code: [...ret, ...rest] }],
    [
      "return of a result, over operands that stay behind",
      { ...takes, results: [i32], code: [...repeat(3, i64Const(1n)), ...get(0), ...ret] },
    ],
    [
      "return of two results, from inside blocks",
      {
        ...pair,
        code: [
          ...block(none, loop(none, get(0), when(none, [...get(0), ...i64Const(7n), ...ret]))),
          ...i32Const(0),
          ...i64Const(0n),
        ],
      },
    ],
    ["a branch to the function", { ...takes, code: [...block(none, br(1)), ...unreachable] }],
    ["a branch to the function, with two results", { ...pair, code: [...get(0), ...i64Const(8n), ...br(0)] }],
    ["br_if, taken", { ...takes, results: [i32], code: [...get(0), ...get(0), ...brIf(0), ...drop, ...i32Const(9)] }],
    [
      "br_if, not taken",
      { ...takes, results: [i32], code: [...get(0), ...i32Const(0), ...brIf(0), ...drop, ...i32Const(9)] },
    ],
    [
      "br_table to the function",
      { ...pair, code: [...block(typeOf(2), get(0), i64Const(4n), i32Const(1), brTable([0, 1], 0)), ...unreachable] },
    ],
    [
      "br_table whose default is the function",
      { ...takes, code: [...block(none, i32Const(7), brTable([0], 1)), ...unreachable] },
    ],
    [
      "either branch of an if",
      { ...takes, results: [i32], code: [...get(0), ...when(i32, [...i32Const(3), ...ret], i32Const(4))] },
    ],
    [
      "code that nobody reaches, with another return",
      { ...takes, results: [i32], code: [...get(0), ...ret, ...plain(0x6a), ...drop, ...ret] },
    ],
    [
      "a loop left by return",
      {
        ...takes,
        results: [i32],
        code: [...loop(none, get(0), i32Const(1), plain(0x6b), tee(0), brIf(0), get(0), ret), ...unreachable],
      },
    ],
    [
      "calls in between",
      {
        ...takes,
        results: [i32],
        code: [...get(0), ...when(i32, [...get(0), ...i32Const(1), ...plain(0x6b), ...call(1), ...ret], get(0))],
      },
    ],
    [
      "calls through a table in between",
      {
        ...takes,
        results: [i32],
        locals: [[1, i64]],
        code: [
          ...get(0),
          ...when(i32, [...get(0), ...i32Const(1), ...plain(0x6b), ...i32Const(0), ...callIndirect(1)], i32Const(77)),
        ],
      },
    ],
  ];

  test.for(ways)("%s", ([, source]) => {
    const module = function1(source);
    const plainly = new WebAssembly.Instance(new WebAssembly.Module(assemble(module)));
    const expected = (plainly.exports["f"] as () => unknown)();
    const ran = room(module).run("f");
    expect(ran.trapped).toBe(false);
    expect(ran.value).toEqual(expected);
    expect(ran.depth).toBe(depthMax);
    // It was taken before: a budget of nothing is not enough.
    expect(room(module).run("f", [], { depth: 0 })).toMatchObject({ value: "unreachable", trapped: true });
  });
});

describe("what a frame counts", () => {
  /** Least depth with which the function runs. */
  const units = (source: ModuleSource): number => {
    const ran = room(source);
    let low = 0;
    let high = depthMax;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (ran.run("f", [], { depth: middle }).trapped) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const measured = (
    code: readonly number[],
    more: Partial<FunctionSource> = {},
    others: FunctionSource[] = [],
  ): number =>
    units({
      functions: [{ exported: "f", code, ...more }, ...others],
      table: { min: 2, functions: others.length === 0 ? [0] : [0, others.length] },
    });
  const three = { parameters: [i32, i32, i32], code: [] };

  test.for([
    ["an empty function: the base, and one for up to four instructions", [], {}, [], 16 + 1],
    ["locals", [], { locals: [[10, i64]] }, [], 16 + 10 + 1],
    ["locals that are vectors, with twice the rest", [], { locals: [[10, v128]] }, [], 16 + 20 + 2],
    ["operands", [...repeat(6, i32Const(1)), ...repeat(6, drop)], {}, [], 16 + 6 + 4],
    [
      "arguments twice, and what is inlined",
      [...repeat(3, i32Const(1)), ...call(1)],
      {},
      [three],
      16 + 6 + 2 + 1 + (16 + 3 + 1),
    ],
  ] as const)("%s", ([, code, more, others, expected]) => {
    expect(measured(code, more as Partial<FunctionSource>, others as unknown as FunctionSource[])).toBe(expected);
  });

  test("a leaf is counted where it is called", () => {
    const leaf = { code: [...i32Const(1), ...drop] };
    // Of the leaf: base, operand, instructions. The last function is the one in the table.
    expect(measured(call(1), {}, [leaf, { code: [] }])).toBe(16 + 1 + Math.ceil(4 / 6) + (16 + 1 + 1));
  });

  test("what can be inlined is counted with what inlines it", () => {
    const small = { code: repeat(150, [...i32Const(1), ...drop]), locals: [[600, i64]] } as FunctionSource;
    const long = repeat(100, [...i64Const(1n << 60n), ...drop]);
    const inlined = 2 * (3 * 150 + 1);
    // Its frame is too large to be left to its callers, so it counts that itself.
    expect(measured([...call(1), ...call(1), ...long], {}, [small])).toBe(
      16 + 1 + Math.ceil(203 / 4) + Math.ceil(inlined / 6) + (16 + 600 + 1 + Math.ceil(301 / 4)),
    );
  });
});

test("a function called from the host that traps leaves its depth below zero only if it was depth that ended it", () => {
  const source = function1({ ...takes, code: unreachable });
  const ran = room(source).run("f");
  expect(ran.trapped).toBe(true);
  expect(ran.depth).toBeGreaterThan(0);
  expect(ran.fuel).toBeGreaterThan(0);
});

test("a chain of functions that check nothing is short", () => {
  // Each calls the next; a chain without checks would take the stack before anybody counts.
  const chain: FunctionSource[] = Array.from({ length: 1900 }, (_, i) => ({
    locals: [[40, i32]],
    code: i === 1899 ? [...i32Const(1), ...set(0)] : call(i + 2),
  }));
  const ran = room({ functions: [{ exported: "f", code: call(1) }, ...chain] });
  expect(ran.run("f").depth).toBeLessThan(0);
  expect(ran.run("f", [], { depth: 2 ** 31 - 1 })).toMatchObject({ trapped: false, depth: 2 ** 31 - 1 });
});
