import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { changedPages, exclusiveOr, pageLength, pageOf } from "#enclave/sandbox/pages.ts";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import type { Engine, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { rawBundle, sayText } from "./raw.ts";

const done = { answer: "done", reason: null, effects: [] };
const open = { call: "open", tick: 0, key: new Uint8Array(32), options: {} } as const;
const bodyAt = "phatroom snapshot 2\0".length + 64;
/** The module has one mutable global. */
const pagesAt = 8 + 8;

let engine: Engine;
let contract: LoadedContract;
beforeAll(async () => {
  engine = await installedQuickJs();
  contract = await engine.load(rawBundle({ value: done }));
});

test("what an ordinary call leaves in the windows is in no snapshot", () => {
  const instance = contract.instantiate();
  const marker = "THE LAST MOVE";
  instance.call({ call: "move", tick: 1, player: { id: "a", seat: 0 }, move: marker });
  // The hand-written bundle keeps nothing of a call, and the image has zeros there.
  expect(zstdDecompressSync(instance.snapshot().subarray(bodyAt)).includes(marker)).toBe(false);
});

test("what a contract hides in its windows is still there after it was restored", async () => {
  const body = `
    const { input } = host;
    input[60_000] += 1;
    output[1_000_000] += 1;
    ${sayText({ ...done, reason: null, effects: [{ effect: "end", result: 127 }] }, 127, "input[60_000] + output[1_000_000]")}`;
  const hiding = await engine.load(rawBundle({ body }));
  let instance = hiding.instantiate();
  instance.call(open);
  instance = hiding.restore(instance.snapshot());
  expect(instance.call(open)).toMatchObject({ effects: [{ result: 4 }] });
});

test.for<[string, (body: Buffer) => Buffer]>([
  ["names a page beyond its memory", (body) => (body.writeUInt32LE(1_000_000, pagesAt), body)],
  ["names a page twice", (body) => (body.writeUInt32LE(body.readUInt32LE(pagesAt), pagesAt + 4), body)],
  ["claims more pages than it has", (body) => (body.writeUInt32LE(1000, 4), body)],
  ["claims more memory than the manifest allows", (body) => (body.writeUInt32LE(65, 0), body)],
  ["claims less memory than the contract has", (body) => (body.writeUInt32LE(1, 0), body)],
  ["ends in the middle of a page", (body) => body.subarray(0, body.length - 1)],
  ["goes on after its last page", (body) => Buffer.concat([body, Buffer.alloc(1)])],
  ["holds nothing", () => Buffer.alloc(0)],
  ["unpacks to more than a room can be", () => Buffer.alloc(32 * 1024 * 1024)],
])("a snapshot that %s is refused", ([, change]) => {
  const instance = contract.instantiate();
  instance.call(open);
  const snapshot = instance.snapshot();
  const body = Buffer.from(zstdDecompressSync(snapshot.subarray(bodyAt)));
  const forged = Buffer.concat([
    snapshot.subarray(0, bodyAt),
    zstdCompressSync(change(body), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  ]);
  expect(() => contract.restore(forged)).toThrow(expect.objectContaining({ code: "snapshot-refused" }));
});

test("a snapshot belongs to one contract, however alike", async () => {
  const other = await engine.load(Buffer.concat([rawBundle({ value: done }), Buffer.from("\n")]));
  expect(() => other.restore(contract.instantiate().snapshot())).toThrow(
    expect.objectContaining({ code: "snapshot-refused" }),
  );
});

test("pages that differ, put onto the base, give the memory again", () => {
  const page = fc.constantFrom(0, 1, 2).chain((byte) =>
    fc.nat(pageLength - 1).map((at) => {
      const bytes = new Uint8Array(pageLength);
      bytes[at] = byte;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(fc.array(page, { maxLength: 6 }), fc.array(page, { maxLength: 4 }), (pages, basePages) => {
      const memory = new Uint8Array(Buffer.concat([...pages, ...basePages.slice(pages.length)]));
      const base = new Uint8Array(Buffer.concat(basePages));
      const rebuilt = new Uint8Array(memory.length);
      rebuilt.set(base.subarray(0, rebuilt.length));
      const changed = changedPages(memory, base);
      const expected = Array.from({ length: memory.length / pageLength }, (_, i) => i).filter((i) => {
        const before = i * pageLength < base.length ? pageOf(base, i) : new Uint8Array(pageLength);
        return Buffer.compare(pageOf(memory, i), before) !== 0;
      });
      expect(changed).toEqual(expected);
      expect(changedPages(memory, base, nodeMachine.comparing?.(memory, base))).toEqual(expected);
      for (const index of changed) {
        const difference = pageOf(memory, index).slice();
        exclusiveOr(difference, base, index);
        exclusiveOr(difference, base, index);
        rebuilt.set(difference, index * pageLength);
      }
      expect(rebuilt).toEqual(memory);
    }),
  );
});

test("this machine hashes parts as one, and unpacks what it packed but no more than it is asked to", () => {
  const bytes = new Uint8Array(100_000).map((_, i) => i % 7);
  const machine = nodeMachine;
  expect(machine.sha256(bytes.subarray(0, 10), bytes.subarray(10))).toEqual(machine.sha256(bytes));
  expect(new Uint8Array(machine.decompress(machine.compress(bytes), bytes.length))).toEqual(bytes);
  expect(() => machine.decompress(machine.compress(bytes), bytes.length - 1)).toThrow(/./);
});
