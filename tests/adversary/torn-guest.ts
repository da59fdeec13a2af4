/** A room of a WebAssembly contract whose memory can be looked at after a fault, when nobody else would touch it any more. */
import type { Answer, Call } from "#contract/abi.ts";
import { fingerprintOf } from "#enclave/sandbox/image.ts";
import { nodeMachine } from "#enclave/sandbox/node-machine.ts";
import { faultSentence } from "#enclave/sandbox/wasm/fault.ts";
import { Guest } from "#enclave/sandbox/wasm/guest.ts";
import { hardenModule, type HardenedModule } from "#enclave/sandbox/wasm/module.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { Left } from "./torn-room.ts";

export class TornGuests {
  readonly #module: HardenedModule;
  readonly #manifest: Manifest;

  private constructor(module: HardenedModule, manifest: Manifest) {
    this.#module = module;
    this.#manifest = manifest;
  }

  static async load(bundle: Uint8Array, manifest: Manifest): Promise<TornGuests> {
    return new TornGuests(await hardenModule(bundle), manifest);
  }

  /** Runs the calls in a new room, the last of which may fault. */
  run(calls: readonly Call[]): Left {
    const { fuel, memoryPages } = this.#manifest;
    const guest = new Guest(this.#module, { pagesMax: memoryPages });
    guest.open(guest.initialize(fuel));
    let answer: Answer | undefined;
    let fault: string | undefined;
    try {
      for (const call of calls) answer = guest.ask(call, fuel);
    } catch (error) {
      answer = undefined;
      fault = faultSentence(error, guest.remains);
    }
    const fingerprint = bytesToHex(fingerprintOf(guest.cells, nodeMachine));
    return { answer, fault, fuel: guest.spent, pages: guest.pages, fingerprint };
  }
}
