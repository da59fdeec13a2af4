/** A room of the QuickJS engine whose memory can be looked at after a fault, when nobody else would touch it any more. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Answer, Call } from "#contract/abi.ts";
import { fingerprintOf } from "#enclave/sandbox/image.ts";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { quickJsModule } from "#enclave/sandbox/quickjs/binary.ts";
import { evaluate, giveTables } from "#enclave/sandbox/quickjs/evaluate.ts";
import { faultSentence } from "#enclave/sandbox/quickjs/fault.ts";
import { freeze, thaw, type Frozen } from "#enclave/sandbox/quickjs/freeze.ts";
import { Host } from "#enclave/sandbox/quickjs/host.ts";
import { answerOf } from "#enclave/sandbox/quickjs/instance.ts";
import { loadPages } from "#enclave/sandbox/quickjs/limits.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Manifest } from "#protocol/manifest.ts";

/** What one call left behind. */
export interface Left {
  readonly answer: Answer | undefined;
  /** Why it ended early. */
  readonly fault: string | undefined;
  readonly fuel: number;
  readonly pages: number;
  readonly fingerprint: string;
}

export class TornRooms {
  readonly #frozen: Frozen;
  readonly #manifest: Manifest;

  private constructor(frozen: Frozen, manifest: Manifest) {
    this.#frozen = frozen;
    this.#manifest = manifest;
  }

  /** @param manifest of this bundle, as the engine read it. */
  static async load(bundle: Uint8Array, manifest: Manifest): Promise<TornRooms> {
    const binary = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
    const module = await quickJsModule(binary, nodeMachine);
    const host = new Host(module, { pagesMax: loadPages });
    const addresses = giveTables(host, evaluate(host, module, bundle), 0);
    answerOf(host, addresses, { call: "describe" }, manifest);
    return new TornRooms(freeze(module, { host, addresses }, manifest.memoryPages, nodeMachine), manifest);
  }

  /** Runs the calls in a new room, the last of which may fault. */
  run(calls: readonly Call[]): Left {
    const host = thaw(this.#frozen, { pagesMax: this.#manifest.memoryPages });
    let answer: Answer | undefined;
    let fault: string | undefined;
    try {
      for (const call of calls) answer = answerOf(host, this.#frozen.addresses, call, this.#manifest);
    } catch (error) {
      answer = undefined;
      fault = faultSentence(error, host);
    }
    const fingerprint = bytesToHex(fingerprintOf(host.cells, nodeMachine));
    return { answer, fault, fuel: host.spent, pages: host.pages, fingerprint };
  }
}
