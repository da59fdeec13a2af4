/** Contracts that are WebAssembly: what the engine asks of a module, what it lets it do, and what it remembers of it. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Answer, Call } from "#contract/abi.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { SandboxError, type Engine, type Instance, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { placeTables, type TableLayout } from "#protocol/tables.ts";
import {
  assemble,
  dataText,
  letter,
  rawInput,
  rawOutput,
  rawPages,
  rawWasm,
  rawWasmManifest,
} from "../../support/raw-wasm.ts";

const open: Call = { call: "open", tick: 5, key: new Uint8Array(32), options: {} };
const tick: Call = { call: "tick", tick: 6 };
const view: Call = { call: "view", tick: 6, viewers: [{ kind: "spectator" }] };
const done: Answer = { answer: "done", reason: null, effects: [] };

let engine: Engine;
beforeAll(() => {
  engine = wasmEngine(nodeMachine);
});

const load = (...raw: Parameters<typeof rawWasm>): Promise<LoadedContract> => engine.load(rawWasm(...raw));

async function faultOf(call: string, more: Parameters<typeof rawWasm>[0] = {}): Promise<string> {
  const contract = await load({ ...more, call });
  try {
    contract.instantiate().call(open);
  } catch (error) {
    if (error instanceof SandboxError && error.code === "call-faulted") return error.detail;
    throw error;
  }
  throw new Error("it did not fault");
}

async function refusalOf(raw: Parameters<typeof rawWasm>[0]): Promise<string> {
  try {
    await load(raw);
  } catch (error) {
    if (error instanceof SandboxError && error.code === "bundle-refused") return error.detail;
    throw error;
  }
  throw new Error("it was not refused");
}

/** A contract whose view is one byte of its memory at this address. */
const viewsAt = 0x2000;
const views = encodeMsgpack({ answer: "views", views: [0] });
const shown = viewsAt + views.length - 1;
const counting = (otherwise: string): { call: string; fields: string } => ({
  call: `(if (result i32) (call $is (i32.const ${letter("v")}))
    (then (call $say (i32.const ${viewsAt}) (i32.const ${views.length})))
    (else ${otherwise} (call $done)))`,
  fields: dataText(viewsAt, views),
});
const count = `(i32.store8 (i32.const ${shown}) (i32.add (i32.const 1) (i32.load8_u (i32.const ${shown}))))`;
const seen = (instance: Instance): unknown => {
  const answer = instance.call(view);
  return answer.answer === "views" ? answer.views[0] : answer;
};

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

describe("a module", () => {
  test.for<[string, string, RegExp]>([
    [
      "without room_call",
      `(module (memory (export "memory") 1) (func (export "room_windows") (result i32) (i32.const 0)))`,
      /room_call/,
    ],
    [
      "whose room_call takes nothing",
      `(module (memory (export "memory") 1) (func (export "room_windows") (result i32) (i32.const 0))
        (func (export "room_call") (result i32) (i32.const 0)))`,
      /room_call with 1 parameter/,
    ],
    [
      "whose room_windows is a global",
      `(module (memory (export "memory") 1) (global (export "room_windows") i32 (i32.const 0))
        (func (export "room_call") (param i32) (result i32) (i32.const 0)))`,
      /room_windows/,
    ],
  ])("%s is refused", async ([, text, told]) => {
    await expect(engine.load(assemble(text))).rejects.toMatchObject({
      code: "bundle-refused",
      detail: expect.stringMatching(told) as string,
    });
  });

  test("that imports what a room does not have is told what and why", async () => {
    expect(await refusalOf({ imports: `(import "env" "now" (func (result f64)))` })).toMatch(/import.*env\.now/s);
  });

  test.for<[string, unknown, RegExp]>([
    ["no manifest", null, /manifest/],
    ["another ABI", { ...rawWasmManifest, abi: "room-wasm v2" }, /abi/],
    ["less memory than it begins with", { ...rawWasmManifest, memoryPages: rawPages - 1 }, /takes 20/],
    ["tables it has no room for", { ...rawWasmManifest, tables: [bodies()] }, /the tables take/],
  ])("that declares %s is refused", async ([, manifest, told]) => {
    expect(await refusalOf({ manifest })).toMatch(told);
  });

  test("is what it was when it was loaded, whatever becomes of the caller's bytes", async () => {
    const bundle = rawWasm();
    const contract = await engine.load(bundle);
    bundle.fill(0);
    expect((await load()).hash).toEqual(contract.hash);
    expect(contract.instantiate().call(open)).toEqual(done);
  });

  test("prepares itself once, and every room begins after that", async () => {
    const fields = `${counting("").fields}
      (global $started (mut i32) (i32.const 0))
      (func $start ${count} (global.set $started (i32.const 1)))
      (start $start)
      (func (export "_initialize") ${count} (memory.fill (i32.const 0x120000) (global.get $started) (i32.const 5000)))`;
    const contract = await load({ ...counting(count), fields });
    const rooms = [contract.instantiate(), contract.instantiate()];
    expect(rooms.map(seen)).toEqual([2, 2]);
    rooms[0]!.call(tick);
    expect(rooms.map(seen)).toEqual([3, 2]);
    expect(seen(contract.instantiate())).toBe(2);
  });

  test("whose description leaves traces leaves none in its rooms", async () => {
    const contract = await load({ ...counting(""), before: count });
    expect(seen(contract.instantiate())).toBe(1);
  });
});

function bodies(): TableLayout {
  return {
    name: "Body",
    capacity: 10,
    fields: [{ name: "x", type: "f64" }],
    audience: { who: "everyone" },
    position: null,
  };
}

describe("an answer", () => {
  const signed = (type: string, value: string): string => `(module
    (memory (export "memory") 20)
    ${dataText(0x400, new Uint8Array(Uint32Array.of(1, rawInput.at, rawInput.length, rawOutput.at, 4096, 0, 0, 0).buffer))}
    (func (export "room_windows") (result i32) (i32.const 0x400))
    (func (export "room_call") (param i32) (result ${type}) ${value}))`;

  test.for([
    ["of 64 bits", signed("i64", "(i64.const 10)")],
    ["with a fraction", signed("f64", "(f64.const 1.5)")],
    ["that is no number", signed("f64", "(f64.const nan)")],
    ["of two numbers", signed("i32 i32", "(i32.const 1) (i32.const 1)")],
    ["that is a reference", signed("funcref", "(ref.null func)")],
  ] as const)("%s is none", async ([, text]) => {
    await expect(engine.load(assemble(text))).rejects.toMatchObject({ code: "bundle-refused" });
  });

  test("that has more in it than was asked for is cut down to that", async () => {
    const bytes = encodeMsgpack({ ...done, secret: 1 });
    const contract = await load({
      call: `(call $say (i32.const 0x3000) (i32.const ${bytes.length}))`,
      fields: dataText(0x3000, bytes),
    });
    expect(contract.instantiate().call(open)).toEqual(done);
  });

  test.for<[string, object]>([
    ["in another order", { reason: null, effects: [], answer: "done" }],
    ["as usual", done],
  ])("without effects, written %s, is the same answer", async ([, answer]) => {
    const bytes = encodeMsgpack(answer);
    const contract = await load({
      call: `(call $say (i32.const 0x3000) (i32.const ${bytes.length}))`,
      fields: dataText(0x3000, bytes),
    });
    expect(contract.instantiate().call(tick)).toEqual(done);
  });

  test.for<[string, Call]>([
    ["to abandon", { call: "abandon", tick: 1, absent: [] }],
    ["to view", view],
  ])("without a result %s is none", async ([, call]) => {
    const instance = (await load()).instantiate();
    expect(() => instance.call(call)).toThrow(expect.objectContaining({ code: "call-faulted" }));
  });
});

describe("a fault", () => {
  test("that a contract declares itself is told in its own words", async () => {
    const text = Buffer.from("the board is too small für das");
    expect(
      await faultOf(`(drop (call $say (i32.const 0x3000) (i32.const ${text.length}))) (i32.const ${-text.length})`, {
        fields: dataText(0x3000, text),
      }),
    ).toBe("the board is too small für das");
  });

  /** As AssemblyScript lays out a string: its length in bytes, then UTF-16. */
  const assemblyString = (at: number, text: string): string => {
    const bytes = Buffer.from(text, "utf16le");
    const head = Buffer.alloc(4);
    head.writeUInt32LE(bytes.length);
    return dataText(at - 4, Buffer.concat([head, bytes]));
  };
  const imports = `(import "env" "abort" (func $abort (param i32 i32 i32 i32)))`;

  test("of AssemblyScript says what, and where in the author's file", async () => {
    const fields = assemblyString(0x3004, "no such bomb: ×3") + assemblyString(0x3104, "assembly/dot4.ts");
    const call = "(call $abort (i32.const 0x3004) (i32.const 0x3104) (i32.const 12) (i32.const 7)) (i32.const 1)";
    expect(await faultOf(call, { imports, fields })).toBe("no such bomb: ×3\n    at assembly/dot4.ts:12:7");
  });

  test.for([
    ["no texts", 0, 0],
    ["texts before the memory begins", 3, 2],
    ["texts behind its end", 0x7fff_0000, -4],
    ["texts that would end behind it", 0x3004, 0x3004],
  ])("of AssemblyScript with %s is one all the same", async ([, message, file]) => {
    const fields = dataText(0x3000, Uint8Array.of(0xff, 0xff, 0xff, 0x7f));
    const call = `(call $abort (i32.const ${message}) (i32.const ${file}) (i32.const 1) (i32.const 1)) (i32.const 1)`;
    expect(await faultOf(call, { imports, fields })).toBe("the contract gave up");
  });

  test("before the first call refuses the contract, in its own words where there is a memory to read them from", async () => {
    const fields = assemblyString(0x3004, "no board");
    const abort = "(call $abort (i32.const 0x3004) (i32.const 0) (i32.const 1) (i32.const 1))";
    const initialize = `(func (export "_initialize") ${abort})`;
    expect(await refusalOf({ imports, fields: fields + initialize })).toBe("no board");
    const start = `(func $start ${abort}) (start $start)`;
    expect(await refusalOf({ imports, fields: fields + start })).toBe("the contract gave up");
  });

  test("leaves what the call cost, and an instance that answers nothing more", async () => {
    const instance = (await load({ call: "(loop $again (br $again)) (unreachable)" })).instantiate();
    expect(() => instance.call(open)).toThrow(SandboxError);
    expect(instance.usage.fuel).toBeGreaterThanOrEqual(rawWasmManifest.fuel);
    expect(instance.usage.pages).toBe(rawPages);
    expect(() => instance.call(tick)).toThrow(expect.objectContaining({ detail: "the instance is closed" }));
    expect(() => instance.tables()).toThrow(SandboxError);
  });

  test("is not the contract's when it was the machine whose stack ended", async () => {
    const contract = await load();
    const errors = new Set<unknown>();
    const deeper = (): void => {
      try {
        deeper();
      } catch {
        // On the way back there is a little more room at every step: first too little for the call, then enough.
        try {
          contract.instantiate().call(open);
        } catch (error) {
          if (!(error instanceof RangeError)) errors.add((error as Error).constructor);
        }
      }
    };
    deeper();
    expect([...errors].filter((kind) => kind !== MachineError)).toEqual([]);
  });
});

describe("a line of log", () => {
  const imports = `(import "room" "log" (func $log (param i32 i32)))`;
  const text = Buffer.from("tick für tick");
  const contractWith = {
    imports,
    fields: dataText(0x3000, text),
    call: `(call $log (i32.const 0x3000) (i32.const ${text.length})) (call $done)`,
  };

  test("reaches an author who asks for it", async () => {
    const log = vi.fn<(line: string) => void>();
    const contract = await engine.load(rawWasm(contractWith), { log });
    contract.instantiate().call(open);
    expect(log.mock.calls).toEqual([["tick für tick"]]);
  });

  test("goes nowhere otherwise, and is no different to the contract", async () => {
    const log = vi.fn<(line: string) => void>();
    const bundle = rawWasm(contractWith);
    const loud = (await engine.load(bundle, { log })).instantiate();
    const quiet = (await engine.load(bundle)).instantiate();
    for (const instance of [loud, quiet]) instance.call(open);
    expect(log).toHaveBeenCalledTimes(1);
    expect(quiet.usage).toEqual(loud.usage);
    expect(quiet.fingerprint()).toEqual(loud.fingerprint());
  });

  test.for([
    [0x7fff_ffff, 10],
    [0x3000, -1],
    [-1, -1],
  ])("from %i of length %i is empty", async ([at, length]) => {
    const log = vi.fn<(line: string) => void>();
    const call = `(call $log (i32.const ${at}) (i32.const ${length})) (call $done)`;
    const contract = await engine.load(rawWasm({ imports, call }), { log });
    expect(contract.instantiate().call(open)).toEqual(done);
    expect(log.mock.calls).toEqual([[""]]);
  });
});

describe("a room", () => {
  test("whose memory grows goes on, also from a snapshot", async () => {
    const grow = `(drop (memory.grow (i32.const 3))) (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 7))`;
    const contract = await load(counting(`${grow} ${count}`));
    const instance = contract.instantiate();
    instance.call(open);
    instance.call(tick);
    expect(instance.usage.pages).toBe(rawPages + 6);
    expect(seen(instance)).toBe(2);
    const restored = contract.restore(instance.snapshot());
    expect(restored.usage.pages).toBe(rawPages + 6);
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
    for (const room of [instance, restored]) room.call(tick);
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
    expect(restored.snapshot()).toEqual(instance.snapshot());
    expect(contract.instantiate().usage.pages).toBe(rawPages);
  });

  test("cannot grow beyond its own contract's memory, though the module could", async () => {
    const contract = await load(
      counting(`(i32.store8 (i32.const ${shown}) (i32.eq (memory.grow (i32.const 45)) (i32.const -1)))`),
    );
    const instance = contract.instantiate();
    instance.call(open);
    expect(rawWasmManifest.memoryPages).toBeLessThan(rawPages + 45);
    expect(seen(instance)).toBe(1);
    expect(instance.usage.pages).toBe(rawPages);
  });

  test("remembers its globals, of every type", async () => {
    const globals = `
      (global $a (mut i32) (i32.const 1)) (global $b (mut i64) (i64.const 0x7ffffffffffffff0))
      (global $c (mut f32) (f32.const 0.5)) (global $d (mut f64) (f64.const 0.1))`;
    const step = `
      (global.set $a (i32.mul (global.get $a) (i32.const -3)))
      (global.set $b (i64.add (global.get $b) (i64.const 7)))
      (global.set $c (f32.div (global.get $c) (f32.const -3)))
      (global.set $d (f64.sqrt (f64.sub (global.get $d) (f64.const 1))))
      (i64.store (i32.const 0x3000) (global.get $b)) (f32.store (i32.const 0x3008) (global.get $c))
      (f64.store (i32.const 0x3010) (global.get $d)) (i32.store (i32.const 0x3018) (global.get $a))`;
    const parts = counting(step);
    const contract = await load({ ...parts, fields: parts.fields + globals });
    const whole = contract.instantiate();
    let instance = contract.instantiate();
    for (let i = 0; i < 5; i++) {
      for (const room of [whole, instance]) room.call(tick);
      expect(instance.fingerprint()).toEqual(whole.fingerprint());
      instance = contract.restore(instance.snapshot());
    }
    expect(contract.instantiate().fingerprint()).not.toEqual(whole.fingerprint());
  });

  test("shows its tables where they are, also after its memory has moved", async () => {
    const layout = bodies();
    const { length, tables } = placeTables([layout]);
    const at = rawOutput.at + rawOutput.length;
    const windows = [1, rawInput.at, rawInput.length, rawOutput.at, rawOutput.length, at, length, 0];
    const x = at + tables[0]!.columns.find(({ name }) => name === "x")!.at;
    const call = `(drop (memory.grow (i32.const 1)))
      (f64.store (i32.const ${x}) (f64.add (f64.const 1.5) (f64.load (i32.const ${x})))) (call $done)`;
    const contract = await load({ windows, call, manifest: { ...rawWasmManifest, tables: [layout] } });
    const instance = contract.instantiate();
    const look = (): number => new DataView(instance.tables().slice().buffer).getFloat64(x - at, true);
    expect(instance.tables()).toHaveLength(length);
    expect(look()).toBe(0);
    instance.call(open);
    expect(look()).toBe(1.5);
    instance.call(tick);
    expect(look()).toBe(3);
    expect(contract.restore(instance.snapshot()).tables()).toEqual(instance.tables());
  });

  test("has no tables if it declares none", async () => {
    expect((await load()).instantiate().tables()).toHaveLength(0);
  });

  test("sees of a call what is in it, behind it what was there before", async () => {
    // The input is memory like any other: what a longer call left is part of the room, and of its snapshots.
    const last = rawInput.at + 200;
    const contract = await load(counting(`(i32.store8 (i32.const ${shown}) (i32.load8_u (i32.const ${last})))`));
    const instance = contract.instantiate();
    instance.call({ call: "timer", tick: 1, name: "t", payload: "x".repeat(400) });
    const restored = contract.restore(instance.snapshot());
    for (const room of [instance, restored]) {
      room.call(tick);
      expect(seen(room)).toBe(letter("x"));
    }
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
  });
});
