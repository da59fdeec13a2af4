/** One room's contract, running: calls across the boundary within their budget, and snapshots between them. */
import type { Answer, Call } from "#contract/abi.ts";
import { encodeInto } from "#contract/guest/encode.ts";
import { callOutputMax } from "#protocol/limits.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { decodeMsgpack } from "#protocol/msgpack.ts";
import { checkAnswer, NonsenseError } from "../answer.ts";
import { fingerprintOf } from "../image.ts";
import { inputWriter, type InputWriter } from "../input-rows.ts";
import { SandboxError, type Instance, type Usage } from "../sandbox.ts";
import { takeSnapshot, type SnapshotTerms } from "../snapshot.ts";
import type { Addresses } from "./evaluate.ts";
import { faultSentence } from "./fault.ts";
import type { Frozen } from "./freeze.ts";
import type { Host } from "./host.ts";
import { inputWindow, stackWiped } from "./limits.ts";

/** What an instance needs to know of its contract. */
export interface Terms extends SnapshotTerms {
  readonly frozen: Frozen;
  readonly manifest: Manifest;
  /** Rewrites the stack in a fault's detail for its author. */
  readonly explain: (detail: string) => string;
}

export class QuickJsInstance implements Instance {
  readonly #terms: Terms;
  readonly #write: InputWriter;
  #host: Host | undefined;
  #fuel = 0;
  #pages: number;

  constructor(host: Host, terms: Terms) {
    this.#host = host;
    this.#terms = terms;
    this.#write = inputWriter(terms.manifest);
    this.#pages = host.pages;
  }

  call(call: Call): Answer {
    this.#fuel = 0;
    if (call.call !== "view") return this.#guarded(call);
    // One call of the guest for each viewer: the length of one view never depends on how many there are.
    const views = call.viewers.map((viewer) => {
      const answer = this.#guarded({ ...call, viewers: [viewer] });
      return answer.answer === "views" ? answer.views[0]! : null;
    });
    return { answer: "views", views };
  }

  snapshot(): Uint8Array {
    return takeSnapshot(this.#live().cells, this.#terms);
  }

  /** Also of a call that faulted. */
  get usage(): Usage {
    return { fuel: this.#fuel, pages: this.#host?.pages ?? this.#pages };
  }

  tables(): Uint8Array {
    const { at, length } = this.#terms.frozen.addresses.tables;
    return this.#live().bytes(at, length);
  }

  fingerprint(): Uint8Array {
    return fingerprintOf(this.#live().cells, this.#terms.machine);
  }

  close(): void {
    this.#pages = this.#host?.pages ?? this.#pages;
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
      const written = this.#write(call, () => this.tables());
      return answerOf(host, frozen.addresses, written, manifest);
    } catch (error) {
      // Its memory may be half changed: nobody asks it again.
      this.close();
      throw new SandboxError("call-faulted", explain(faultSentence(error, host)));
    } finally {
      this.#fuel += host.spent;
    }
  }
}

/** @throws whatever can go wrong on the other side. */
export function answerOf(
  host: Host,
  addresses: Omit<Addresses, "tables">,
  call: Call,
  { hz, fuel }: Pick<Manifest, "hz" | "fuel">,
): Answer {
  const { exports } = host;
  const written = writeCall(host.memory.subarray(addresses.input, addresses.input + inputWindow), call);
  host.clockMs = "tick" in call ? Math.floor((call.tick * 1000) / hz) : 0;
  host.refuel(fuel);

  const result = exports.qjs_call(addresses.answer, addresses.undefined, 0, 0);
  if (exports.qjs_is_exception(result) !== 0) throw host.exception();
  const length = exports.qjs_is_number(result) === 0 ? Number.NaN : exports.qjs_get_float64(result);
  exports.qjs_free_value(result);
  host.drain();
  if (!(Number.isInteger(length) && length > 0 && length <= callOutputMax)) throw new NonsenseError("no answer");

  const output = host.bytes(addresses.output, length);
  const answer = checkAnswer(call, decodeMsgpack(output));
  const input = host.bytes(addresses.input, written);
  const stack = exports.__stack_pointer.value;
  for (const used of [input, output, host.bytes(stack - stackWiped, stackWiped)]) used.fill(0);
  return answer;
}

/** Returns how many bytes of the window the call takes. */
function writeCall(window: Uint8Array, call: Call): number {
  try {
    return encodeInto(window, call);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NonsenseError(`the input of one call is longer than ${inputWindow} bytes`);
  }
}
