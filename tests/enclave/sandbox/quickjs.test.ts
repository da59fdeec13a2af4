import { constants, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import { changedPages, exclusiveOr, pageLength, pageOf } from "#enclave/sandbox/quickjs/pages.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { rawBundle } from "./raw.ts";

const done = { answer: "done", reason: null, effects: [] };
const open = { call: "open", tick: 0, key: new Uint8Array(32), options: {} } as const;
const say = (bytes: string): string => `return say(${bytes});`;

let engine: Engine;
beforeAll(async () => {
  engine = await quickJsEngine();
});

test("the engine's name pins the binary, so that another binary makes other contracts", async () => {
  const contract = await engine.load(rawBundle({ value: done }));
  expect(contract.engine).toMatch(/^quickjs-wasi 3\.6\.2 [0-9a-f]{16} interface \d+$/);
});

test("console reaches the author, and a room is the same with and without one", async () => {
  const body = `
    console.log("dealt", { cards: 3 }, new TypeError("odd"));
    console.assert(1 === 2, "sums");
    ${say(`[0x83, 0xa6,97,110,115,119,101,114, 0xa4,100,111,110,101, 0xa6,114,101,97,115,111,110, 0xc0, 0xa7,101,102,102,101,99,116,115, 0x90]`)}`;
  const bundle = rawBundle({ body });
  const lines: string[] = [];
  const heard = (await engine.load(bundle, { log: (line) => lines.push(line) })).instantiate();
  const unheard = (await engine.load(bundle)).instantiate();
  expect(heard.call(open)).toEqual(done);
  expect(unheard.call(open)).toEqual(done);
  expect(lines).toEqual([expect.stringMatching(/^dealt {"cards":3} TypeError: odd/), "Assertion failed: sums"]);
  expect(heard.snapshot()).toEqual(unheard.snapshot());
});

test("what is left in the windows is in no snapshot", async () => {
  const marker = "THE LAST MOVE";
  const contract = await engine.load(rawBundle({ value: done }));
  const instance = contract.instantiate();
  const snapshot = instance.snapshot();
  instance.call({ call: "move", tick: 1, player: { id: "a", seat: 0 }, move: marker });
  // The hand-written bundle keeps nothing of a call, so all that changes is counts.
  expect(Math.abs(instance.snapshot().length - snapshot.length)).toBeLessThan(2000);
  expect(contract.restore(instance.snapshot()).call(open)).toEqual(done);
});

test.for<[string, (body: Buffer) => Buffer]>([
  ["names a page beyond its memory", (body) => (body.writeUInt32LE(1_000_000, 8), body)],
  ["claims more memory than the manifest allows", (body) => (body.writeUInt32LE(65, 0), body)],
  ["claims less memory than the contract has", (body) => (body.writeUInt32LE(1, 0), body)],
  ["ends in the middle of a page", (body) => body.subarray(0, body.length - 1)],
  ["holds nothing", () => Buffer.alloc(0)],
  ["unpacks to more than a room can be", () => Buffer.alloc(32 * 1024 * 1024)],
])("a snapshot that %s is refused", async ([, change]) => {
  const contract = await engine.load(rawBundle({ value: done }));
  const instance = contract.instantiate();
  instance.call(open);
  const snapshot = instance.snapshot();
  const head = snapshot.subarray(0, "phatroom snapshot 1\0".length + 64);
  const page = Buffer.alloc(8 + 4 + pageLength);
  page.writeUInt32LE(45, 0);
  const forged = Buffer.concat([
    head,
    zstdCompressSync(change(page), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  ]);
  expect(() => contract.restore(forged)).toThrow(expect.objectContaining({ code: "snapshot-refused" }));
});

test("a snapshot belongs to one contract, however alike", async () => {
  const one = await engine.load(rawBundle({ value: done }));
  const other = await engine.load(Buffer.concat([rawBundle({ value: done }), Buffer.from("\n")]));
  expect(() => other.restore(one.instantiate().snapshot())).toThrow(
    expect.objectContaining({ code: "snapshot-refused" }),
  );
});

test("pages that differ, put onto the base, give the memory again", () => {
  const page = fc.constantFrom(0, 1, 2).map((byte) => new Uint8Array(pageLength).fill(byte));
  fc.assert(
    fc.property(fc.array(page, { maxLength: 6 }), fc.array(page, { maxLength: 4 }), (pages, basePages) => {
      const memory = new Uint8Array(Buffer.concat([...pages, ...basePages.slice(pages.length)]));
      const base = new Uint8Array(Buffer.concat(basePages));
      const rebuilt = new Uint8Array(memory.length);
      rebuilt.set(base.subarray(0, rebuilt.length));
      const changed = changedPages(memory, base);
      for (const index of changed) {
        const difference = pageOf(memory, index).slice();
        exclusiveOr(difference, base, index);
        exclusiveOr(difference, base, index);
        rebuilt.set(difference, index * pageLength);
      }
      expect(rebuilt).toEqual(memory);
      const first = changed[0];
      if (first === undefined) return;
      const scratch = [{ start: first * pageLength, end: (first + 1) * pageLength }];
      expect(changedPages(memory, base, scratch)).toEqual(changed.slice(1));
    }),
  );
});
