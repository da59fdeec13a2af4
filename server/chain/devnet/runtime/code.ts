/** A runtime's code: unpacked, compiled once, with instances that are used again. */
import { zstdDecompressSync } from "node:zlib";
import { DevnetError } from "../errors.ts";
import { keyOf } from "../hex.ts";
import { blake2b256 } from "../hashing.ts";
import { codeBytesMax, logLinesMax, memoryPagesMax } from "../limits.ts";
import { Overlay } from "../storage/overlay.ts";
import { Trie } from "../trie/trie.ts";
import type { LogLine } from "./host/host.ts";
import { importedMemory } from "./memory-import.ts";
import { RuntimeInstance, type Linkable } from "./instance.ts";

/** What compressed code begins with (sp-maybe-compressed-blob). */
const compressedMark = [0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05];

/** Calls within calls: a runtime may ask for the version of code that it is about to become. */
const idleMax = 2;

export class RuntimeCode implements Linkable {
  readonly module: WebAssembly.Module;
  readonly memory: Linkable["memory"];
  readonly #idle: RuntimeInstance[] = [];

  private constructor(bytes: Uint8Array) {
    try {
      this.module = new WebAssembly.Module(bytes);
    } catch (error) {
      throw new DevnetError("runtime-malformed", messageOf(error));
    }
    const wanted = importedMemory(bytes);
    if (wanted === undefined) return;
    if (wanted.initial > memoryPagesMax) throw new DevnetError("memory-exhausted", "from the start");
    this.memory = { initial: wanted.initial, maximum: Math.min(wanted.maximum ?? memoryPagesMax, memoryPagesMax) };
  }

  /** @throws DevnetError "runtime-malformed". */
  static of(code: Uint8Array): RuntimeCode {
    return compiled(code, (bytes) => new RuntimeCode(bytes));
  }

  /**
   * One call from the chain's side to the runtime. What it writes lands in `storage`; if it throws, nothing does.
   *
   * @param input SCALE, as the function wants it.
   * @throws DevnetError "runtime-trapped", "memory-exhausted", "runtime-unsupported".
   */
  call(name: string, input: Uint8Array, storage: Overlay, log?: (line: LogLine) => void): Uint8Array {
    const instance = this.#idle.pop() ?? new RuntimeInstance(this);
    const depth = storage.depth;
    const lines: LogLine[] = [];
    storage.start();
    try {
      const output = instance.call(name, input, {
        storage,
        log: (line) => {
          if (lines.length < logLinesMax) lines.push(line);
        },
        versionOf,
      });
      // What the runtime left open counts as rolled back, as in Substrate.
      storage.rollbackTo(depth + 1);
      storage.commit();
      if (this.#idle.length < idleMax) this.#idle.push(instance);
      return output;
    } catch (error) {
      // The instance stopped anywhere: it is not used again.
      storage.rollbackTo(depth);
      throw explained(error, name, lines);
    } finally {
      for (const line of lines) log?.(line);
    }
  }
}

/** The last few: a chain has one runtime, and another one after an upgrade. */
const compiledMax = 8;
const byHash = new Map<string, RuntimeCode>();
/** States share the bytes of their code: hashing megabytes for every call would take longer than the call. */
const byBytes = new WeakMap<Uint8Array, RuntimeCode>();

function compiled(code: Uint8Array, compile: (bytes: Uint8Array) => RuntimeCode): RuntimeCode {
  const known = byBytes.get(code);
  if (known !== undefined) return known;
  const hash = keyOf(blake2b256(code));
  let runtime = byHash.get(hash);
  if (runtime === undefined) {
    runtime = compile(unpack(code));
    byHash.set(hash, runtime);
    if (byHash.size > compiledMax) byHash.delete(byHash.keys().next().value!);
  }
  byBytes.set(code, runtime);
  return runtime;
}

function unpack(code: Uint8Array): Uint8Array {
  if (!compressedMark.every((byte, i) => code[i] === byte)) return code;
  try {
    return zstdDecompressSync(code.subarray(compressedMark.length), { maxOutputLength: codeBytesMax });
  } catch (error) {
    throw new DevnetError("runtime-malformed", messageOf(error));
  }
}

/** What code says about itself; it needs no state for that. */
function versionOf(code: Uint8Array): Uint8Array | undefined {
  try {
    return RuntimeCode.of(code).call("Core_version", new Uint8Array(0), new Overlay(Trie.empty));
  } catch (error) {
    if (error instanceof DevnetError) return undefined;
    throw error;
  }
}

function explained(error: unknown, name: string, lines: readonly LogLine[]): DevnetError {
  if (error instanceof DevnetError && error.code !== "runtime-trapped") return error;
  // A runtime's panic is the last thing it logs.
  const panic = lines.findLast(({ level }) => level === 0)?.text;
  return new DevnetError("runtime-trapped", `${name}: ${panic ?? messageOf(error)}`);
}

function messageOf(error: unknown): string {
  if (error instanceof DevnetError && error.detail !== undefined) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
