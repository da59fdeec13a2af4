/** The memory of a room's tables stays where it is and what it is, whatever a contract does to its own view of it. */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import type { Answer, Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Engine, Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { columnOf, placeTables } from "#protocol/tables.ts";
import { grabNames } from "../../contracts/fixtures/grabber.ts";
import { rawWasm, rawWasmManifest, rawInput, rawOutput } from "../../support/raw-wasm.ts";

let engine: Engine;
let grabber: LoadedContract;

beforeAll(async () => {
  engine = await contractEngine();
  const path = fileURLToPath(new URL("../../contracts/fixtures/grabber.ts", import.meta.url));
  grabber = await engine.load((await buildContract(path)).bundle);
}, 120_000);

const player = { id: "a".repeat(32), seat: 0 };
const key = new Uint8Array(32);

function opened(): Instance {
  const instance = grabber.instantiate();
  instance.call({ call: "open", tick: 0, key, options: {} });
  instance.call({ call: "join", tick: 0, key, player });
  return instance;
}

const grab = (instance: Instance, name: string): Answer =>
  instance.call({ call: "move", tick: 1, player, move: name } satisfies Call);

const placesOf = (instance: Instance): number[] => {
  const [table] = placeTables(grabber.manifest.tables).tables;
  return [...columnOf(instance.tables(), table!, table!.columns[3]!)];
};

describe.for(grabNames.filter((name) => !name.startsWith("write beyond")))("a script that tries: %s", (name) => {
  test("changes nothing that the host reads, for itself and for others", () => {
    const [own, other] = [opened(), opened()];
    const before = bytesToHex(own.tables());
    grab(own, name);
    expect(bytesToHex(own.tables())).toBe(before);
    expect(bytesToHex(other.tables())).toBe(before);
    expect(bytesToHex(opened().tables())).toBe(before);
  });

  test("goes on as it is from a snapshot", () => {
    const own = opened();
    grab(own, name);
    const restored = grabber.restore(own.snapshot());
    expect(restored.fingerprint()).toEqual(own.fingerprint());
    expect(bytesToHex(restored.tables())).toBe(bytesToHex(own.tables()));
  });
});

test("a script that writes beyond the end of its tables reaches its own rows only", () => {
  const own = opened();
  grab(own, "write beyond the end");
  expect(placesOf(own)).toEqual(Array.from({ length: 16 }, () => 0));
  expect(grab(own, "nothing")).toMatchObject({ effects: [{ message: { threw: false } }] });
});

test("a script that gave its view away writes rows no more", () => {
  const own = opened();
  grab(own, "write");
  expect(placesOf(own)[0]).toBe(99);
  const other = opened();
  grab(other, "transfer");
  grab(other, "write");
  expect(placesOf(other)[0]).toBe(0.5);
});

test("what the host reads is the room's own memory, and is looked for again after every call", () => {
  const own = opened();
  const before = own.tables().slice();
  grab(own, "write");
  expect(own.tables()).not.toEqual(before);
  own.close();
  expect(() => own.tables()).toThrow(expect.objectContaining({ code: "call-faulted" }));
});

describe("a WebAssembly module", () => {
  const at = rawOutput.at + rawOutput.length;
  const tables = [{ name: "Body", capacity: 4, fields: [], audience: { who: "nobody" }, position: null }];
  const needed = 24;
  const windows = (where: number, bytes: number): number[] => [
    1,
    rawInput.at,
    rawInput.length,
    rawOutput.at,
    rawOutput.length,
    where,
    bytes,
    0,
  ];
  const manifest = { ...rawWasmManifest, tables };

  test("says where its tables are", async () => {
    const loaded = await engine.load(rawWasm({ manifest, windows: windows(at, needed) }));
    const instance = loaded.instantiate();
    expect(instance.tables()).toEqual(new Uint8Array(needed));
    expect(instance.tables().byteOffset).toBe(at);
  });

  test.for<[string, number, number]>([
    ["too few bytes for what it declares", at, needed - 8],
    ["none", 0, 0],
    ["an odd place", at + 4, needed],
    ["a place outside of its memory", 2 ** 31, needed],
    ["a place at the end of its memory", 20 * 65_536 - 8, needed],
    ["its input", rawInput.at, needed],
    ["the end of its output", at - 8, needed],
  ])("is refused if it names %s", async ([, where, bytes]) => {
    const bundle = rawWasm({ manifest, windows: windows(where, bytes) });
    await expect(engine.load(bundle)).rejects.toMatchObject({ code: "bundle-refused" });
  });
});
