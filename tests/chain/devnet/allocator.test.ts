/** A runtime's heap: what it gets, gets back, and does not get. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocationMax, memoryPagesMax } from "#chain/devnet/limits.ts";
import { Allocator } from "#chain/devnet/runtime/allocator.ts";
import { GuestMemory } from "#chain/devnet/runtime/guest-memory.ts";

const heapBase = 1000;

function fresh(): { memory: GuestMemory; allocator: Allocator } {
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1, maximum: memoryPagesMax }));
  return { memory, allocator: new Allocator(memory, heapBase) };
}

const step = fc.oneof(
  fc.record({ do: fc.constant("allocate" as const), size: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 100_000 })) }),
  fc.record({ do: fc.constant("free" as const), index: fc.nat() }),
);

test("blocks that are in use never touch each other, and keep what is in them", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { memory, allocator } = fresh();
      const used: { at: number; size: number; mark: number }[] = [];
      let mark = 0;
      for (const one of steps) {
        if (one.do === "allocate") {
          const at = allocator.allocate(one.size);
          expect(at % 8).toBe(0);
          expect(at).toBeGreaterThan(heapBase);
          for (const other of used) expect(at + one.size <= other.at || other.at + other.size <= at).toBe(true);
          memory.slice(at, one.size).fill(++mark);
          used.push({ at, size: one.size, mark: mark & 0xff });
        } else if (used.length > 0) {
          const [block] = used.splice(one.index % used.length, 1);
          allocator.free(block!.at);
        }
        for (const { at, size, mark: wanted } of used) {
          expect(memory.slice(at, size).every((byte) => byte === wanted)).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe("a block", () => {
  test("that was freed is used again, for a size that fits", () => {
    const { allocator } = fresh();
    const first = allocator.allocate(100);
    allocator.free(first);
    expect(allocator.allocate(64)).not.toBe(first);
    expect(allocator.allocate(128)).toBe(first);
  });

  test("is of the order that real nodes give it", () => {
    const { allocator } = fresh();
    const places = [0, 8, 9, 16, 17].map((size) => allocator.allocate(size));
    // Headers of eight bytes before 8, 8, 16, 16 and 32.
    expect(places.map((at) => at - places[0]!)).toEqual([0, 16, 32, 56, 80]);
  });
});

describe("refused is", () => {
  test("more at once than Substrate gives", () => {
    const { allocator } = fresh();
    expect(() => allocator.allocate(allocationMax + 1)).toThrow(expect.objectContaining({ code: "memory-exhausted" }));
    expect(allocator.allocate(allocationMax)).toBeGreaterThan(0);
  });

  test("more than a runtime may have", () => {
    const { allocator } = fresh();
    const most = (memoryPagesMax * 65_536) / allocationMax;
    expect(() => {
      for (let i = 0; i < most; i++) allocator.allocate(allocationMax);
    }).toThrow(expect.objectContaining({ code: "memory-exhausted" }));
  });

  test.for([
    ["what was never allocated", 5000],
    ["what lies below the heap", 16],
    ["nothing", 0],
  ] as const)("to free %s", ([, pointer]) => {
    const { allocator } = fresh();
    allocator.allocate(8);
    expect(() => allocator.free(pointer)).toThrow(expect.objectContaining({ code: "runtime-trapped" }));
  });

  test("to free twice", () => {
    const { allocator } = fresh();
    const at = allocator.allocate(8);
    allocator.free(at);
    expect(() => allocator.free(at)).toThrow(expect.objectContaining({ code: "runtime-trapped" }));
  });
});
