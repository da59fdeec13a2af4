/** Contracts that are WebAssembly, written by hand: loaded, called, and looked at. */
import type { Answer, Call } from "#contract/abi.ts";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { SandboxError, type Instance, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { wasmEngine } from "#enclave/sandbox/wasm/engine.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import type { TableLayout } from "#protocol/tables.ts";
import { dataText, letter, rawWasm } from "../../../support/raw-wasm.ts";

export const open: Call = { call: "open", tick: 5, key: new Uint8Array(32), options: {} };
export const tick: Call = { call: "tick", tick: 6 };
export const view: Call = { call: "view", tick: 6, viewers: [{ kind: "spectator" }] };
export const done: Answer = { answer: "done", reason: null, effects: [] };

export const engine = wasmEngine(nodeMachine);

export const load = (...raw: Parameters<typeof rawWasm>): Promise<LoadedContract> => engine.load(rawWasm(...raw));

export async function faultOf(call: string, more: Parameters<typeof rawWasm>[0] = {}): Promise<string> {
  const contract = await load({ ...more, call });
  try {
    contract.instantiate().call(open);
  } catch (error) {
    if (error instanceof SandboxError && error.code === "call-faulted") return error.detail;
    throw error;
  }
  throw new Error("it did not fault");
}

export async function refusalOf(raw: Parameters<typeof rawWasm>[0]): Promise<string> {
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
export const shown = viewsAt + views.length - 1;
export const counting = (otherwise: string): { call: string; fields: string } => ({
  call: `(if (result i32) (call $is (i32.const ${letter("v")}))
    (then (call $say (i32.const ${viewsAt}) (i32.const ${views.length})))
    (else ${otherwise} (call $done)))`,
  fields: dataText(viewsAt, views),
});
export const count = `(i32.store8 (i32.const ${shown}) (i32.add (i32.const 1) (i32.load8_u (i32.const ${shown}))))`;
export const seen = (instance: Instance): unknown => {
  const answer = instance.call(view);
  return answer.answer === "views" ? answer.views[0] : answer;
};

export function bodies(): TableLayout {
  return {
    name: "Body",
    capacity: 10,
    fields: [{ name: "x", type: "f64" }],
    audience: { who: "everyone" },
    position: null,
  };
}

/** As AssemblyScript lays out a string: its length in bytes, then UTF-16. */
export const assemblyString = (at: number, text: string): string => {
  const bytes = Buffer.from(text, "utf16le");
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return dataText(at - 4, Buffer.concat([head, bytes]));
};
