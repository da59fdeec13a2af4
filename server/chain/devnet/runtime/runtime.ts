/** The runtime of a state, and its interfaces that a node calls (Polkadot specification, appendix C "Runtime API"). */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { DevnetError } from "../errors.ts";
import { keyOf } from "../hex.ts";
import { littleEndian, prefixed, ScaleError, ScaleReader, vector } from "../scale.ts";
import { Overlay } from "../storage/overlay.ts";
import { Trie } from "../trie/trie.ts";
import { RuntimeCode } from "./code.ts";
import type { LogLine } from "./host/host.ts";
import { decodeRuntimeVersion, versionIn, type RuntimeVersion } from "./version.ts";

export const codeKey = keyOf(utf8ToBytes(":code"));
const nothing = new Uint8Array(0);

export type Log = (line: LogLine) => void;

/** States share the bytes of their code, and so what was learned from it. */
const known = new WeakMap<Uint8Array, Runtime>();

export class Runtime {
  readonly version: RuntimeVersion;
  readonly #code: RuntimeCode;
  #metadata: Uint8Array | undefined;
  #slotMs: number | undefined;

  private constructor(code: RuntimeCode) {
    this.#code = code;
    this.version = understood("Core_version", () =>
      decodeRuntimeVersion(code.call("Core_version", nothing, new Overlay(Trie.empty))),
    );
  }

  /** @throws DevnetError "runtime-malformed" if the state has no code, or none that runs. */
  static of(state: Trie): Runtime {
    const code = state.get(codeKey);
    if (code === undefined) throw new DevnetError("runtime-malformed", "the state has no :code");
    let runtime = known.get(code);
    if (runtime === undefined) {
      runtime = new Runtime(RuntimeCode.of(code));
      known.set(code, runtime);
    }
    return runtime;
  }

  /** Of one of its interfaces; undefined if it has none of this name. */
  interface(name: string): number | undefined {
    return versionIn(this.version.apis, name);
  }

  /** Any function that it exports, on top of `storage`. */
  call(name: string, input: Uint8Array, storage: Overlay, log?: Log): Uint8Array {
    return this.#code.call(name, input, storage, log);
  }

  /** Nothing that is asked like this stays. */
  ask(name: string, input: Uint8Array, state: Trie): Uint8Array {
    return this.call(name, input, new Overlay(state));
  }

  /** Metadata as a runtime gives it to clients. */
  metadata(state: Trie): Uint8Array {
    this.#metadata ??= understood("Metadata_metadata", () =>
      new ScaleReader(this.ask("Metadata_metadata", nothing, state)).prefixed().slice(),
    );
    return this.#metadata;
  }

  /** How blocks' slots are told: by Aura, by BABE, or not at all. */
  get slots(): "aura" | "babe" | undefined {
    if (this.interface("AuraApi") !== undefined) return "aura";
    return this.interface("BabeApi") === undefined ? undefined : "babe";
  }

  /** Length of a slot. Six seconds where there are none. */
  slotMs(state: Trie): number {
    this.#slotMs ??= this.#askSlotMs(state);
    return this.#slotMs;
  }

  #askSlotMs(state: Trie): number {
    if (this.slots === undefined) return 6000;
    // BABE's configuration begins with it.
    const name = this.slots === "aura" ? "AuraApi_slot_duration" : "BabeApi_configuration";
    return understood(name, () => Number(new ScaleReader(this.ask(name, nothing, state)).integer(8)));
  }

  nonce(account: Uint8Array, state: Trie): number {
    return understood("AccountNonceApi_account_nonce", () =>
      new ScaleReader(this.ask("AccountNonceApi_account_nonce", account, state)).u32(),
    );
  }

  /** Extrinsics that the runtime makes of what the block's author knows. */
  inherents(data: Uint8Array, storage: Overlay): Uint8Array[] {
    const reader = new ScaleReader(this.call("BlockBuilder_inherent_extrinsics", data, storage));
    return understood("BlockBuilder_inherent_extrinsics", () =>
      // An extrinsic's own encoding begins with its length.
      reader.vector(() => prefixed(reader.prefixed())),
    );
  }

  /** @throws DevnetError "runtime-trapped" unless the runtime finds everything as the header says. */
  executeBlock(header: Uint8Array, body: readonly Uint8Array[], storage: Overlay): void {
    this.call("Core_execute_block", concatBytes(header, vector(body)), storage);
  }

  /** @returns SCALE: `TransactionValidity`. */
  validate(transaction: Uint8Array, parentHash: Uint8Array, state: Trie, source: number): Uint8Array {
    const version = this.interface("TaggedTransactionQueue") ?? 0;
    const input =
      version >= 3 ? [Uint8Array.of(source), transaction, parentHash] : [Uint8Array.of(source), transaction];
    return this.ask("TaggedTransactionQueue_validate_transaction", concatBytes(...input), state);
  }

  /** @returns SCALE: what it costs. `query_info` or `query_fee_details`. */
  payment(question: "query_info" | "query_fee_details", transaction: Uint8Array, state: Trie): Uint8Array {
    const length = littleEndian(transaction.length, 4);
    return this.ask(`TransactionPaymentApi_${question}`, concatBytes(transaction, length), state);
  }
}

function understood<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScaleError) throw new DevnetError("runtime-malformed", `${name}: ${error.message}`);
    throw error;
  }
}
