/**
 * Contracts that fault again and again. A room that is stopped may be opened again by whoever wants to, and cost as much
 * once more: beyond a share of the processor, new rooms of its contract have to wait.
 */
import type { Manifest } from "#protocol/manifest.ts";

/** Of one processor, for what faults of one contract may cost. */
const share = 1 / 16;

/** What faults may cost at once, in ms, after a time without: fourteen, with the budget that contracts have by default. */
const savedMs = 100;

/** In game code; what allocates costs up to five times that. */
const msPerFuel = 0.35e-6;

export class FaultBrake {
  /** When all faults so far are paid for, by name of their contract. */
  readonly #paidAt = new Map<string, number>();

  /** A call faulted, and may have cost all that a call may. */
  fault({ name, fuel }: Pick<Manifest, "name" | "fuel">, now: number): void {
    const paidAt = Math.max(this.#paidAt.get(name) ?? 0, now - savedMs / share);
    this.#paidAt.set(name, paidAt + (fuel * msPerFuel) / share);
  }

  /** Whether more faults are owed for than may be. */
  holds({ name }: Pick<Manifest, "name">, now: number): boolean {
    return (this.#paidAt.get(name) ?? 0) > now;
  }
}
