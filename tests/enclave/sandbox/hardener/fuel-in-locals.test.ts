/** Fuel that functions hold in a local is the same fuel: every way into a function and out of it is paid as ever. */
import { expect, test } from "vitest";
import {
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
  memoryFill,
  memoryGrow,
  none,
  plain,
  ret,
  set,
  tee,
  when,
  type Code,
  type FunctionSource,
  type ModuleSource,
} from "./assembler.ts";
import { Differential } from "../../../deep/hardener-differential.ts";
import { hardened, Room, room } from "./room.ts";

const zero = i32Const(0);
const forever = (code: Code): number[] => loop(none, code, br(0));
/** So many turns, counted in local 0. */
const turns = (count: number, code: Code): number[] => [
  ...i32Const(count),
  ...set(0),
  ...loop(none, code, get(0), i32Const(1), plain(0x6b), tee(0), brIf(0)),
];
const leaf = { code: [...zero, ...drop] };
const looping = { locals: [[1, i32]] as const, code: turns(3, []) };

const source = (code: Code, more: Partial<ModuleSource> = {}, ...functions: FunctionSource[]): ModuleSource => ({
  ...more,
  functions: [{ exported: "main", locals: [[2, i32]], code }, ...functions],
});

const programs: readonly (readonly [what: string, program: ModuleSource])[] = [
  ["a loop that is left", source(turns(10, []))],
  ["loops in loops", source(loop(none, turns(5, loop(none))))],
  ["a loop that never ends", source(forever([]))],
  ["returning from inside a loop", source(forever([...turns(3, []), ...ret]))],
  ["leaving by the function's own label", source([...loop(none, i32Const(1), brIf(1)), ...turns(4, [])])],
  ["leaving by a table of labels", source([...block(none, loop(none, i32Const(2), brTable([0, 1], 2)))])],
  ["a branch behind the loop", source([...turns(2, []), ...i32Const(1), ...when(none, ret, [])])],
  ["a call in a loop of what pays for itself", source(turns(5, call(1)), {}, looping)],
  ["a call in a loop of what its callers pay", source(turns(5, call(1)), {}, leaf)],
  [
    "a call through a table",
    source(turns(5, [...zero, ...callIndirect(0)]), { table: { min: 1, functions: [1] }, types: [{}] }, looping),
  ],
  ["a call of itself in a loop", source(turns(2, call(0)))],
  ["an import in a loop", source(turns(5, call(0)), { imports: [{ name: "env.abort" }] })],
  ["memory that is filled in a loop", source(turns(3, [...zero, ...zero, ...i32Const(800), ...memoryFill]))],
  ["memory that grows in a loop", source(turns(3, [...i32Const(1), ...memoryGrow, ...drop]))],
  [
    "a function with two results",
    {
      functions: [
        {
          exported: "main",
          locals: [[1, i32]],
          results: [i32, i64],
          code: [...turns(3, []), ...i32Const(7), ...i64Const(8n), ...ret],
        },
      ],
    },
  ],
  [
    "a function with parameters and a result",
    source(
      turns(4, [...i32Const(5), ...call(1), ...drop]),
      {},
      { parameters: [i32], results: [i32], code: [...forever([...get(0), ...ret]), ...zero] },
    ),
  ],
];

const imports = { env: { abort: () => undefined } };

test.for(programs)("%s", ([, program]) => {
  const [plainly, inLocals] = [hardened(program), hardened(program, { fuelInLocals: true })];
  expect(inLocals).not.toEqual(plainly);
  // Every budget up to what it takes, so that it ends at every check there is.
  for (const fuel of [...Array(400).keys(), 20_000, 1_000_000]) {
    const usual = new Room(plainly, imports).run("main", [], { fuel });
    expect(new Room(inLocals, imports).run("main", [], { fuel })).toEqual(usual);
  }
});

test("depth that ends finds the fuel of all who wait", () => {
  const program = source(turns(3, call(0)));
  for (const depth of [0, 100, 1000]) {
    const usual = room(program).run("main", [], { depth });
    expect(usual.depth).toBeLessThan(0);
    expect(room(program, { fuelInLocals: true }).run("main", [], { depth })).toEqual(usual);
  }
});

test("a trap of another kind leaves what there was at the last call", () => {
  const divided = [...turns(5, []), ...i32Const(1), ...zero, 0x6d, ...drop];
  const usual = room(source(divided)).run("main");
  const held = room(source(divided), { fuelInLocals: true }).run("main");
  expect(held.value).toBe(usual.value);
  expect(usual.spent - held.spent).toBeGreaterThan(0);
  expect(held.spent).toBeGreaterThan(0);
});

test("random modules do and cost the same", () => {
  const differential = new Differential();
  for (let seed = 0; differential.figures.held < 25; seed++) differential.check(seed);
});
