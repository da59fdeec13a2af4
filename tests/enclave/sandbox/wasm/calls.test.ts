/** What a module may answer, how it faults, and what it prints. */
import { describe, expect, test, vi } from "vitest";
import type { Call } from "#contract/abi.ts";
import { MachineError } from "#enclave/sandbox/machine.ts";
import { SandboxError } from "#enclave/sandbox/sandbox.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import {
  assemble,
  dataText,
  rawInput,
  rawOutput,
  rawPages,
  rawWasm,
  rawWasmManifest,
} from "../../../support/raw-wasm.ts";
import { assemblyString, done, engine, faultOf, load, open, refusalOf, tick, view } from "./contract.ts";

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
