/** One room's contract, running: calls across the boundary within their budget, and snapshots between them. */
import { encodeCall, type Answer, type Call } from "#contract/abi.ts";
import { callInputMax, callOutputMax } from "#protocol/limits.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { decodeMsgpack } from "#protocol/msgpack.ts";
import { checkAnswer, NonsenseError } from "../answer.ts";
import { fingerprintOf } from "../image.ts";
import type { Machine } from "../machine.ts";
import { SandboxError, type Instance, type Usage } from "../sandbox.ts";
import { takeSnapshot, type SnapshotTerms } from "../snapshot.ts";
import { callMs, stackWiped } from "./limits.ts";
import { GuestError, OverrunError, type Host } from "./host.ts";
import type { Addresses, Frozen } from "./image.ts";

/** What an instance needs to know of its contract. */
export interface Terms {
  readonly frozen: Frozen;
  readonly manifest: Manifest;
  readonly hash: Uint8Array;
  readonly machine: Machine;
  /** Rewrites the stack in a fault's detail for its author. */
  readonly explain: (detail: string) => string;
}

export class QuickJsInstance implements Instance {
  readonly #terms: Terms;
  #host: Host | undefined;

  constructor(host: Host, terms: Terms) {
    this.#host = host;
    this.#terms = terms;
  }

  call(call: Call): Answer {
    if (call.call !== "view") return this.#guarded(call);
    // One call of the guest for each viewer: the length of one view never depends on how many there are.
    const views = call.viewers.map((viewer) => {
      const answer = this.#guarded({ ...call, viewers: [viewer] });
      return answer.answer === "views" ? answer.views[0]! : null;
    });
    return { answer: "views", views };
  }

  snapshot(): Uint8Array {
    return takeSnapshot(this.#live().cells, snapshotTerms(this.#terms));
  }

  get usage(): Usage {
    return { fuel: 0, pages: this.#live().pages };
  }

  fingerprint(): Uint8Array {
    return fingerprintOf(this.#live().cells, this.#terms.machine);
  }

  close(): void {
    this.#host = undefined;
  }

  #live(): Host {
    if (this.#host === undefined) throw new SandboxError("call-faulted", "the instance is closed");
    return this.#host;
  }

  #guarded(call: Call): Answer {
    const host = this.#live();
    const { frozen, manifest, explain } = this.#terms;
    try {
      return answerOf(host, frozen.addresses, call, manifest);
    } catch (error) {
      // Its memory may be half changed: nobody asks it again.
      this.close();
      throw new SandboxError("call-faulted", explain(detailOf(error)));
    }
  }
}

export const snapshotTerms = ({ frozen, hash, manifest, machine }: Terms): SnapshotTerms => ({
  contractHash: hash,
  image: frozen.image,
  memoryPages: manifest.memoryPages,
  machine,
});

/** @throws whatever can go wrong on the other side. */
export function answerOf(
  host: Host,
  addresses: Addresses,
  call: Call,
  limits: Pick<Manifest, "hz" | "fuel" | "memoryPages">,
): Answer {
  const { exports } = host;
  const input = encodeCall(call);
  if (input.length > callInputMax)
    throw new NonsenseError(`the input of one call is longer than ${callInputMax} bytes`);
  host.memory.set(input, addresses.input);
  host.clockMs = "tick" in call ? Math.floor((call.tick * 1000) / limits.hz) : 0;
  host.budget.start(callMs);

  const result = exports.qjs_call(addresses.answer, addresses.undefined, 0, 0);
  if (exports.qjs_is_exception(result) !== 0) throw host.exception();
  const length = exports.qjs_is_number(result) === 0 ? Number.NaN : exports.qjs_get_float64(result);
  exports.qjs_free_value(result);
  if (!(Number.isInteger(length) && length > 0 && length <= callOutputMax)) throw new NonsenseError("no answer");
  const output = host.copy(addresses.output, length);
  host.drain();
  const { memory } = host;
  memory.fill(0, addresses.input, addresses.input + input.length);
  memory.fill(0, addresses.output, addresses.output + length);
  const stack = exports.__stack_pointer.value;
  memory.fill(0, stack - stackWiped, stack);
  if (host.pages > limits.memoryPages) throw new NonsenseError(`more than ${limits.memoryPages} pages of memory`);
  return checkAnswer(call, decodeMsgpack(output));
}

export function detailOf(error: unknown): string {
  if (error instanceof OverrunError) return `one call ran longer than ${callMs} ms`;
  if (error instanceof GuestError) return error.message;
  if (error instanceof NonsenseError) return error.message;
  // A trap of the engine, an overflow of V8's own stack, bytes that are no msgpack.
  return error instanceof Error ? `${error.name}: ${error.message}` : "something that is not an error";
}
