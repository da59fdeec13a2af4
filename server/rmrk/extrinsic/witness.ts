/** The events that tell what was executed, taken from the last to the first. Once one is missing, nothing is believed. */
import type { AccountId } from "../account.ts";
import type { ChainEvent } from "./call.ts";

const ends = ["BatchCompleted", "BatchInterrupted", "BatchCompletedWithErrors"];
const telling: { readonly [section: string]: readonly string[] } = {
  utility: [...ends, "ItemCompleted", "ItemFailed"],
  proxy: ["ProxyExecuted"],
  multisig: ["MultisigExecuted"],
};

export class Witness {
  /** Whether the extrinsic as a whole had any effect. */
  readonly succeeded: boolean;
  readonly #events: ChainEvent[];
  #broken = false;

  constructor(events: readonly ChainEvent[]) {
    this.succeeded = events.some(({ section, method }) => section === "system" && method === "ExtrinsicSuccess");
    this.#events = events.filter(({ section, method }) => telling[section]?.includes(method) === true);
  }

  /** Whether everything that was demanded was there, and nothing is left. */
  get exhausted(): boolean {
    return !this.#broken && this.#events.length === 0;
  }

  /** The last event left, if it is this one. */
  take(section: string, method: string): ChainEvent | undefined {
    const last = this.#events.at(-1);
    return last?.section === section && last.method === method ? this.#events.pop() : undefined;
  }

  /** As `take`, but it must be there. */
  demand(section: string, method: string): ChainEvent | undefined {
    const taken = this.take(section, method);
    this.#broken ||= taken === undefined;
    return taken;
  }

  /** How a batch ended. */
  demandEnd(): ChainEvent | undefined {
    for (const method of ends) {
      const end = this.take("utility", method);
      if (end !== undefined) return end;
    }
    this.#broken = true;
    return undefined;
  }

  /** That this multisig acted. */
  takeMultisig(account: AccountId): ChainEvent | undefined {
    return this.#events.at(-1)?.data["multisig"] === account ? this.take("multisig", "MultisigExecuted") : undefined;
  }
}
