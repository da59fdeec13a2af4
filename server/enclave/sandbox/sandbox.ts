/**
 * The engine behind one interface: bytes of a contract in, instances that answer calls out.
 *
 * ABI `room-wasm v1`. An instance sees nothing but what `call` hands it, and does nothing but what `call` returns.
 */
import type { Manifest } from "#protocol/manifest.ts";
import type { Answer, Call } from "#contract/abi.ts";

export interface Engine {
  /**
   * Compiles and describes a bundle. Cached by content.
   *
   * @throws SandboxError "bundle-refused" if it does not load, does not describe itself, or its manifest is not valid.
   */
  load(bundle: Uint8Array, options?: LoadOptions): Promise<LoadedContract>;
}

export interface LoadOptions {
  /** Source map of the bundle, for stacks that point into the author's files. Development only. */
  readonly sourceMap?: string;
  /** Receives `console` lines of the contract. Development only; without it `console` does nothing. */
  readonly log?: (line: string) => void;
}

export interface LoadedContract {
  readonly manifest: Manifest;
  /** Which engine runs it, hardener included; part of the hash: other engine, other contract. */
  readonly engine: string;
  /** 32 bytes. */
  readonly hash: Uint8Array;
  instantiate(): Instance;
  /** @throws SandboxError "snapshot-refused" if the snapshot is not of this contract and engine. */
  restore(snapshot: Uint8Array): Instance;
}

/** The same on every machine. */
export interface Usage {
  /** Units of the hardener; for `view`, the sum over viewers. */
  readonly fuel: number;
  /** Pages of 64 KiB the room holds. */
  readonly pages: number;
}

export interface Instance {
  /**
   * One call across the boundary. After a fault the instance is unusable: close it and restore the last snapshot.
   *
   * @throws SandboxError "call-faulted" when the contract throws, overruns its fuel, depth or memory, or answers nonsense.
   */
  call(call: Call): Answer;
  /** What the newest call cost. */
  readonly usage: Usage;
  /**
   * The manifest's tables, where `placeTables` says, in the contract's own memory: valid until the next call, and only to
   * look at. Empty if the contract declares none.
   */
  tables(): Uint8Array;
  /**
   * SHA-256 over the whole memory and every mutable global. Machines that ran the same calls agree on it, whatever they
   * are made of.
   */
  fingerprint(): Uint8Array;
  /** All that it takes to go on elsewhere, compressed. Valid for the same contract hash only. */
  snapshot(): Uint8Array;
  close(): void;
}

export type SandboxErrorCode = "bundle-refused" | "snapshot-refused" | "call-faulted";

/** `detail` may hold what the contract computed with: it is for the author, never for the operator's logs. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;
  readonly detail: string;

  constructor(code: SandboxErrorCode, detail: string) {
    super(code);
    this.name = "SandboxError";
    this.code = code;
    this.detail = detail;
  }
}
