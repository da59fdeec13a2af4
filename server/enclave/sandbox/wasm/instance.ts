/** One room's contract, running: calls across the boundary within their budget, and snapshots between them. */
import type { Answer, Call } from "#contract/abi.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { fingerprintOf } from "../image.ts";
import { inputWriter, type InputWriter } from "../input-rows.ts";
import { SandboxError, type Instance, type Usage } from "../sandbox.ts";
import { takeSnapshot, type SnapshotTerms } from "../snapshot.ts";
import { faultSentence } from "./fault.ts";
import type { Guest } from "./guest.ts";

export interface InstanceTerms extends SnapshotTerms {
  readonly manifest: Manifest;
}

export class WasmInstance implements Instance {
  readonly #terms: InstanceTerms;
  readonly #write: InputWriter;
  #guest: Guest | undefined;
  #fuel = 0;
  #pages: number;

  /** @param guest opened, and holding the image or what came after it. */
  constructor(guest: Guest, terms: InstanceTerms) {
    this.#guest = guest;
    this.#terms = terms;
    this.#write = inputWriter(terms.manifest);
    this.#pages = guest.pages;
  }

  call(call: Call): Answer {
    this.#fuel = 0;
    if (call.call !== "view") return this.#ask(call);
    // One call of the guest for each viewer: the length of one view never depends on how many there are.
    const views = call.viewers.map((viewer) => {
      const answer = this.#ask({ ...call, viewers: [viewer] });
      return answer.answer === "views" ? answer.views[0]! : null;
    });
    return { answer: "views", views };
  }

  /** Also of a call that faulted. */
  get usage(): Usage {
    return { fuel: this.#fuel, pages: this.#guest?.pages ?? this.#pages };
  }

  tables(): Uint8Array {
    return this.#live().tables();
  }

  fingerprint(): Uint8Array {
    return fingerprintOf(this.#live().cells, this.#terms.machine);
  }

  snapshot(): Uint8Array {
    return takeSnapshot(this.#live().cells, this.#terms);
  }

  close(): void {
    this.#pages = this.#guest?.pages ?? this.#pages;
    this.#guest = undefined;
  }

  #live(): Guest {
    if (this.#guest === undefined) throw new SandboxError("call-faulted", "the instance is closed");
    return this.#guest;
  }

  #ask(call: Call): Answer {
    const guest = this.#live();
    try {
      const answer = guest.ask(
        this.#write(call, () => guest.tables()),
        this.#terms.manifest.fuel,
      );
      this.#fuel += guest.spent;
      return answer;
    } catch (error) {
      this.#fuel += guest.spent;
      // Its memory may be half changed: nobody asks it again.
      this.close();
      throw new SandboxError("call-faulted", faultSentence(error, guest.remains));
    }
  }
}
