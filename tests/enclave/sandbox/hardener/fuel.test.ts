/** No work is free: whatever a module does, it runs out of fuel, at the same place each time, before it has done much. */
import { describe, expect, test } from "vitest";
import {
  block,
  br,
  brIf,
  brTable,
  call,
  callIndirect,
  drop,
  get,
  globalGet,
  globalSet,
  i32,
  i32Const,
  i64,
  i64Const,
  loop,
  memory,
  memoryCopy,
  memoryFill,
  memoryGrow,
  memoryInit,
  none,
  plain,
  refFunc,
  repeat,
  ret,
  select,
  set,
  tee,
  when,
  type Code,
  type FunctionSource,
  type ModuleSource,
} from "./assembler.ts";
import { room } from "./room.ts";

/** The first global counts the work that the attack gets done. */
const work = (units: number): number[] => [...globalGet(0), ...i64Const(BigInt(units)), 0x7c, ...globalSet(0)];
const counter = { type: i64, mutable: true, value: i64Const(0n), exported: "work" } as const;

const attack = (code: Code, more: Partial<ModuleSource> = {}, ...functions: FunctionSource[]): ModuleSource => ({
  globals: [counter],
  ...more,
  functions: [{ exported: "attack", locals: [[4, i32]], code }, ...functions],
});
const zero = i32Const(0);
const forever = (code: Code): number[] => loop(none, code, br(0));

/** A tree of calls, each calling the next twice: 2 to the power of `levels` leaves. */
const tree = (levels: number, leaf: Code): FunctionSource[] =>
  Array.from({ length: levels + 1 }, (_, level) => ({
    code: level === levels ? leaf : [...call(level + 2), ...call(level + 2)],
  }));

/** Each counts one unit of work for an instruction or eight bytes; `most` is how much one unit of fuel may buy. */
const attacks: readonly (readonly [what: string, source: ModuleSource, most: number])[] = [
  ["an empty loop", attack(forever(work(1))), 1],
  ["straight code in a loop", attack(forever([...repeat(500, work(5))])), 1.3],
  ["loops inside loops", attack(forever(forever(forever(work(5))))), 1.3],
  ["a loop whose head is left by br_table", attack(loop(none, work(5), zero, brTable([0, 0, 0], 0))), 1],
  ["a br_table of ten thousand labels", attack(loop(none, work(5), zero, brTable(Array(10_000).fill(0), 0))), 1],
  ["a loop that goes on by br_if", attack(loop(none, work(5), i32Const(1), brIf(0))), 1],
  ["a loop that goes on from inside an else", attack(loop(none, work(5), zero, when(none, [], br(1)))), 1],
  [
    "a loop with parameters",
    attack(loop(none, zero, loop(0x100 + 2, drop, work(5), zero, br(0))), { types: [{}, { parameters: [i32] }] }),
    1,
  ],
  ["two branches, of which each turn takes one", attack(forever([...zero, ...when(none, work(2), work(2))])), 1],
  ["select", attack(forever(repeat(100, [...zero, ...zero, ...zero, ...select, ...drop, ...work(5)]))), 1],
  ["a leaf that carries no check", attack(forever([...call(1)]), {}, { code: repeat(30, work(4)) }), 1.3],
  [
    "a chain of leaves",
    attack(
      forever(call(1)),
      {},
      ...Array.from({ length: 20 }, (_, i) => ({ code: i === 19 ? work(4) : [...work(4), ...call(i + 2)] })),
    ),
    1.3,
  ],
  ["a tree of calls", attack(call(1), {}, ...tree(60, work(4))), 1],
  ["a tree of calls that is small enough to carry no check", attack(forever(call(1)), {}, ...tree(4, work(4))), 1],
  ["a function calling itself", attack(call(0), {}), 1],
  ["two functions calling each other", attack(call(1), {}, { code: [...work(4), ...call(2)] }, { code: call(1) }), 1],
  ["a function calling itself twice", attack([...work(4), ...call(0), ...call(0)]), 1],
  [
    "a function called through a table",
    attack(
      forever([...zero, ...callIndirect(1)]),
      { table: { min: 1, functions: [1] } },
      { code: repeat(30, work(4)) },
    ),
    1.3,
  ],
  [
    "a function that only a reference names",
    attack(forever([...refFunc(1), ...drop, ...call(1)]), { declared: [1] }, { code: repeat(30, work(4)) }),
    1.3,
  ],
  [
    "a function with two thousand locals",
    attack(forever([...call(1), ...work(500)]), {}, { locals: [[2000, i64]], code: [] }),
    1,
  ],
  [
    "memory.fill of the whole memory",
    attack(forever([...zero, ...zero, ...i32Const(65_536), ...memoryFill, ...work(8192)])),
    1,
  ],
  ["memory.fill of one byte", attack(forever([...zero, ...zero, ...i32Const(1), ...memoryFill, ...work(16)])), 1],
  ["memory.copy", attack(forever([...zero, ...zero, ...i32Const(65_536), ...memoryCopy, ...work(8192)])), 1],
  [
    "memory.init",
    attack(forever([...zero, ...zero, ...i32Const(4096), ...memoryInit(0), ...work(512)]), {
      data: [{ bytes: Array(4096).fill(7) }],
    }),
    1,
  ],
  ["memory.fill of nothing", attack(forever([...zero, ...zero, ...zero, ...memoryFill, ...work(16)])), 1],
  ["memory.grow by nothing", attack(forever([...zero, ...memoryGrow, ...drop, ...work(1000)])), 1],
  ["memory.grow beyond the cap", attack(forever([...i32Const(-1), ...memoryGrow, ...drop, ...work(1000)])), 1],
  ["memory.grow", attack(forever([...i32Const(1), ...memoryGrow, ...drop, ...work(1000)])), 1],
  ["division", attack(forever(repeat(50, [...i64Const(9n), ...i64Const(3n), 0x7f, ...drop, ...work(8)]))), 1],
  ["an import", attack(forever([...call(0), ...work(32)]), { imports: [{ name: "env.abort" }] }), 1],
  [
    "an import called through a table",
    attack(forever([...zero, ...callIndirect(1), ...work(32)]), {
      imports: [{ name: "env.abort" }],
      table: { min: 1, functions: [0] },
    }),
    1,
  ],
  [
    "reading a table",
    attack(forever([...zero, 0x25, 0, ...drop, ...work(8)]), { table: { min: 1, functions: [0] } }),
    1,
  ],
];

const imports = { env: { abort: () => undefined } };

describe.for([10_000, 1_000_000])("with %i units", (fuel) => {
  test.for(attacks)("%s", ([, source, most]) => {
    const attacked = room(source, {}, imports);
    const first = attacked.run("attack", [], { fuel });
    expect(first.value).toBe("unreachable");
    expect(Math.min(first.fuel, first.depth)).toBeLessThan(0);
    const done = Number((attacked.exports["work"] as WebAssembly.Global).value);
    // What one region does may be paid for by the units that were left when it began.
    expect(done).toBeLessThanOrEqual(most * first.spent);
    const second = room(source, {}, imports).run("attack", [], { fuel });
    expect(second).toEqual(first);
  });
});

describe("fuel does not wrap around", () => {
  test.for([
    ["memory.fill", memoryFill],
    ["memory.copy", memoryCopy],
    ["memory.init", memoryInit(0)],
  ] as const)("%s of 4 GiB", ([, instruction]) => {
    const source = attack([...zero, ...zero, ...i32Const(-1), ...instruction], { data: [{ bytes: [1] }] });
    for (const fuel of [100, 2 ** 31 - 1]) {
      const ran = room(source).run("attack", [], { fuel });
      expect(ran.trapped).toBe(true);
      expect(ran.fuel).toBeLessThan(fuel);
      expect(ran.spent).toBeGreaterThanOrEqual(2 ** 29 - 1);
    }
  });

  test("memory.grow by all pages there are", () => {
    const source = attack([...i32Const(65_535), ...memoryGrow, ...drop]);
    const ran = room(source, { pagesMax: 65_536 }).run("attack", [], { fuel: 2000 });
    expect(ran.value).toBe("unreachable");
    expect(ran.fuel).toBeLessThan(-(2 ** 28));
    expect(ran.pages).toBe(65_536);
  });

  test("the largest functions there are", () => {
    const many = repeat(10_000, call(1));
    const source = attack(many, {}, { code: repeat(99, work(1)) });
    const ran = room(source).run("attack", [], { fuel: 0 });
    expect(ran).toMatchObject({ value: "unreachable", trapped: true });
    expect(ran.spent).toBeGreaterThan(3_000_000);
  });
});

describe("what a call costs is what the model says", () => {
  const cost = (source: ModuleSource): number => room(source, {}, imports).run("attack").spent;

  test.for([
    ["nothing: entering, and four locals", attack([]), 2 + 1],
    ["instructions", attack([...i32Const(1), ...i32Const(2), 0x6a, ...drop]), 3 + 4],
    ["a block is free", attack(block(none)), 3],
    ["both branches", attack([...zero, ...when(none, [...zero, ...drop], [...zero, ...drop])]), 3 + 1 + 1 + 1 + 4],
    ["a loop that is left: its head", attack(loop(none)), 3 + 1],
    [
      "three turns of a loop",
      attack([...i32Const(3), ...set(0), ...loop(none, get(0), i32Const(1), plain(0x6b), tee(0), brIf(0))]),
      3 + 2 + 3 * 6,
    ],
    ["a leaf: where it is called", attack(call(1), {}, { code: [...zero, ...drop] }), 3 + 1 + 2 + 2],
    ["a function that pays for itself", attack(call(1), {}, { code: loop(none) }), 3 + 1 + 2 + 1],
    ["division", attack([...i32Const(1), ...i32Const(2), 0x6d, ...drop]), 3 + 7],
    [
      "a call through a table",
      attack([...zero, ...callIndirect(1)], { table: { min: 1, functions: [1] } }, { code: [] }),
      3 + 1 + 4 + 2,
    ],
    ["an import", attack(call(0), { imports: [{ name: "env.abort" }] }), 3 + 1 + 32],
    [
      "an import with arguments",
      attack([...zero, ...zero, ...call(0)], { imports: [{ name: "env.abort", parameters: [i32, i32] }] }),
      3 + 2 + 1 + 32 + 32,
    ],
    ["800 bytes", attack([...zero, ...zero, ...i32Const(800), ...memoryFill]), 3 + 3 + 16 + 100],
    ["7 bytes", attack([...zero, ...zero, ...i32Const(7), ...memoryCopy]), 3 + 3 + 16],
    ["two pages", attack([...i32Const(2), ...memoryGrow, ...drop]), 3 + 2 + 1024 + 2 * 8192],
    ["no page", attack([...i32Const(64), ...memoryGrow, ...drop]), 3 + 2 + 1024],
    ["returning early", attack([...ret, ...repeat(10, [...zero, ...drop])]), 3 + 1 + 20],
    ["a store", attack([...zero, ...zero, ...memory(0x36)]), 3 + 3],
  ] as const)("%s", ([, source, expected]) => {
    expect(cost(source)).toBe(expected);
  });

  test("an interpreter's checks charge no more than they may, but length is paid", () => {
    const source = attack([...repeat(100, [...zero, ...drop]), ...zero, ...zero, ...i32Const(800), ...memoryFill]);
    expect(room(source, { chargeMax: 16 }).run("attack").spent).toBe(16 + 100);
  });
});

test("a host gives a budget by a call, and is told what was left of the last one", () => {
  const source = attack([...zero, ...drop]);
  const { spent } = room(source).run("attack");
  const { exports } = room(source);
  const call = exports["attack"] as () => void;
  expect(exports.phatroom_refuel(100)).toBe(5_000_000);
  call();
  expect(exports.phatroom_refuel(0)).toBe(100 - spent);
  expect(call).toThrow(WebAssembly.RuntimeError);
});

test("a start function runs on the fuel that the module begins with", () => {
  const endless = { functions: [{ code: forever([]) }], start: 0 };
  expect(() => room(endless)).toThrow("unreachable");
  const source = attack([], { start: 0 });
  expect(room(source).exports.phatroom_fuel.value).toBe(5_000_000 - 3);
});
