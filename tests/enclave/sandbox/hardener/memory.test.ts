/** Memory grows up to the room's cap and no further, on every machine alike; a machine that has less says so. */
import { setFlagsFromString } from "node:v8";
import { describe, expect, test } from "vitest";
import { get, i32, memoryGrow, memorySize, type ModuleSource } from "./assembler.ts";
import { room } from "./room.ts";

const grower = (memory: ModuleSource["memory"]): ModuleSource => ({
  ...(memory === undefined ? {} : { memory }),
  functions: [
    { exported: "grow", parameters: [i32], results: [i32], code: [...get(0), ...memoryGrow] },
    { exported: "size", results: [i32], code: memorySize },
  ],
});

describe("memory.grow", () => {
  test("returns the size before, up to the cap", () => {
    const grown = room(grower({ min: 1 }), { pagesMax: 5 });
    expect(grown.run("grow", [1]).value).toBe(1);
    expect(grown.run("grow", [3]).value).toBe(2);
    expect(grown.run("grow", [1]).value).toBe(-1);
    expect(grown.run("grow", [0]).value).toBe(5);
    expect(grown.run("size").value).toBe(5);
  });

  test("returns -1 beyond the cap that the host set for this room", () => {
    const grown = room(grower({ min: 1 }), { pagesMax: 64 });
    grown.exports.phatroom_pages.value = 3;
    expect(grown.run("grow", [3]).value).toBe(-1);
    expect(grown.run("grow", [2]).value).toBe(1);
    expect(grown.run("grow", [1])).toMatchObject({ value: -1, pages: 3 });
  });

  test("returns -1 beyond the module's own limit, if that is less", () => {
    const grown = room(grower({ min: 1, max: 2 }), { pagesMax: 64 });
    grown.exports.phatroom_pages.value = 64;
    expect(grown.run("grow", [2]).value).toBe(-1);
    expect(grown.run("grow", [1]).value).toBe(1);
  });

  test.for([-1, -65_536, 65_536, 2 ** 31 - 1, -(2 ** 31)])("returns -1 for %i pages", (pages) => {
    expect(room(grower({ min: 1 })).run("grow", [pages])).toMatchObject({ value: -1, trapped: false });
  });

  test.for([-1, 0, -(2 ** 31)])("returns -1 when the cap is %i", (cap) => {
    const grown = room(grower({ min: 1 }));
    grown.exports.phatroom_pages.value = cap;
    expect(grown.run("grow", [1])).toMatchObject({ value: -1, trapped: false });
  });

  test("is paid for before it happens", () => {
    const grown = room(grower({ min: 1 }));
    expect(grown.run("grow", [10], { fuel: 50_000 })).toMatchObject({ value: "unreachable", pages: 64 });
    expect(grown.exports.memory.buffer.byteLength).toBe(65_536);
  });
});

test("a machine that has less than the cap ends the call, and says that it was that", () => {
  const grown = room(grower({ min: 1 }));
  setFlagsFromString("--wasm-max-mem-pages=3");
  try {
    expect(grown.run("grow", [2]).value).toBe(1);
    const ran = grown.run("grow", [1]);
    expect(ran).toMatchObject({ value: "unreachable", trapped: true, pages: -1 });
    expect(ran.fuel).toBeGreaterThan(0);
    expect(ran.depth).toBeGreaterThan(0);
  } finally {
    setFlagsFromString("--wasm-max-mem-pages=65536");
  }
});

test("the memory cannot grow from outside beyond the limit either", () => {
  const grown = room(grower({ min: 1 }), { pagesMax: 4 });
  expect(() => grown.exports.memory.grow(4)).toThrow(RangeError);
  expect(grown.exports.memory.grow(3)).toBe(1);
});
