/** Rows that a contract writes are what its host reads, byte for byte, whichever language the rules are written in. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readComponents } from "#cli/components.ts";
import { encodeAnswer, type Call, type Player } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { columnOf, placeTables } from "#protocol/tables.ts";
import { inProcess } from "#testing/in-process.ts";
import { rows } from "../contracts/fixtures/rows/rows.ts";
import { bundleOf } from "../support/bundles.ts";

const folder = fileURLToPath(new URL("../contracts/fixtures/rows/", import.meta.url));

const ann: Player = { id: "a".repeat(32), seat: 0 };
const key = new Uint8Array(32);

const opening: Call[] = [
  { call: "open", tick: 0, key, options: {} },
  { call: "join", tick: 1, key, player: ann },
];

const move = (value: object): Call => ({ call: "move", tick: 2, player: ann, move: value as never });
const write = (row: number, number: number, label: string): Call => move({ kind: "write", row, number, label });

const row = fc.nat(4);
const eighths = fc.integer({ min: -127 * 8, max: 127 * 8 }).map((number) => number / 8);

const anyCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 3 }).map((owner) => move({ kind: "spawn", owner })) },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 7 }).map((at) => move({ kind: "despawn", row: at })) },
  {
    weight: 4,
    arbitrary: fc.tuple(row, eighths, fc.string({ unit: "binary", maxLength: 9 })).map((given) => write(...given)),
  },
  fc.constant<Call>({ call: "tick", tick: 3 }),
  fc.constant<Call>({ call: "view", tick: 3, viewers: [{ kind: "spectator" }] }),
);

const frontEnds = new Map<string, LoadedContract>();

beforeAll(async () => {
  const engine = await contractEngine();
  const built = async (entry: string): Promise<LoadedContract> => engine.load(await bundleOf(folder + entry));
  frontEnds.set("plain Node", inProcess(rows));
  frontEnds.set("TypeScript", await built("rows.ts"));
  frontEnds.set("AssemblyScript", await built("assembly/rows.ts"));
}, 240_000);

const opened = (contract: LoadedContract): Instance => {
  const instance = contract.instantiate();
  for (const call of opening) instance.call(call);
  return instance;
};

const hexOf = (instance: Instance): string => bytesToHex(instance.tables());

const names = ["plain Node", "TypeScript", "AssemblyScript"] as const;

test("every front-end declares the same tables", async () => {
  const [first, ...others] = [...frontEnds.values()].map(({ manifest }) => manifest.tables);
  expect(first!.map(({ name }) => name)).toEqual(["Bare", "Everything", "Many"]);
  for (const other of others) expect(other).toEqual(first);
  expect(await readComponents(`${folder}components.ts`)).toEqual(first);
});

test("the same calls leave the same bytes in every front-end, after every call", () => {
  fc.assert(
    fc.property(fc.array(anyCall, { maxLength: 40, size: "max" }), (log) => {
      const instances = [...frontEnds.values()].map(opened);
      for (const call of log) {
        const answers = instances.map((instance) => bytesToHex(encodeAnswer(instance.call(call))));
        expect(new Set(answers).size, JSON.stringify(call)).toBe(1);
        expect(new Set(instances.map(hexOf)).size, JSON.stringify(call)).toBe(1);
      }
    }),
    { numRuns: 40 },
  );
});

describe.for(names)("in %s", (name) => {
  const loaded = (): LoadedContract => frontEnds.get(name)!;

  test("the host reads what the contract wrote, where the manifest says", () => {
    const instance = opened(loaded());
    instance.call(move({ kind: "spawn", owner: 3 }));
    instance.call(move({ kind: "spawn", owner: -1 }));
    instance.call(write(1, -12.5, "Zoë"));
    const region = instance.tables();
    const { tables, length } = placeTables(loaded().manifest.tables);
    expect(region).toHaveLength(length);
    expect(region.byteOffset % 8).toBe(0);
    const table = tables.find(({ name: own }) => own === "Everything")!;
    const held = table.columns.map((column) => {
      const elements = columnOf(region, table, column);
      const each = elements.length / table.capacity;
      return [column.name, [...elements.subarray(each, 2 * each)]];
    });
    expect(Object.fromEntries(held)).toEqual({
      live: [1],
      generation: [1],
      owner: [-1],
      unsigned8: [12],
      signed8: [-12],
      unsigned16: [1200],
      signed16: [-1200],
      unsigned32: [120_000_000],
      signed32: [-120_000_000],
      single: [Math.fround(-12.5 / 3)],
      double: [-12.5 / 3],
      flag: [0],
      angle: [Math.fround(-12.5 / 7)],
      part: [Math.fround(-12.5 * 1.1)],
      label: [90, 111, 195, 171, 0, 0, 0],
    });
  });

  test("rows are part of a snapshot, and go on from it", () => {
    const instance = opened(loaded());
    instance.call(move({ kind: "spawn", owner: 1 }));
    instance.call(write(0, 3.125, "before"));
    const snapshot = instance.snapshot();
    const before = hexOf(instance);
    instance.call(write(0, 9, "after"));
    instance.call({ call: "tick", tick: 4 });
    const restored = loaded().restore(snapshot);
    expect(hexOf(restored)).toBe(before);
    restored.call(write(0, 9, "after"));
    restored.call({ call: "tick", tick: 4 });
    expect(hexOf(restored)).toBe(hexOf(instance));
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
  });

  test("one row makes another fingerprint", () => {
    const [one, other] = [opened(loaded()), opened(loaded())];
    expect(one.fingerprint()).toEqual(other.fingerprint());
    one.call(move({ kind: "spawn", owner: 1 }));
    other.call(move({ kind: "spawn", owner: 2 }));
    expect(one.fingerprint()).not.toEqual(other.fingerprint());
  });

  test("rooms begin with empty tables and write only their own", () => {
    const fresh = loaded().instantiate();
    expect(fresh.tables().every((byte) => byte === 0)).toBe(true);
    const [one, other] = [opened(loaded()), opened(loaded())];
    one.call(move({ kind: "spawn", owner: 1 }));
    expect(hexOf(other)).not.toBe(hexOf(one));
    expect(hexOf(opened(loaded()))).toBe(hexOf(other));
    expect(fresh.tables().every((byte) => byte === 0)).toBe(true);
  });
});
