/**
 * Contracts that fault again and again. A room that is stopped may be opened again by whoever wants to, and cost as much
 * once more: beyond a share of the processor, new rooms of its contract have to wait.
 *
 * Faults are owed for by fuel at once, and by the clock when what they happened in is over, if that took longer: memory
 * that the machine has to find first costs no fuel, and twenty times as much.
 */
import type { Manifest } from "#protocol/manifest.ts";

/** Of one processor, for what faults of one contract may cost. */
const share = 1 / 16;

/** What faults may cost at once, in ms, after a time without: fourteen, with the budget that contracts have by default. */
const savedMs = 100;

/** In game code. */
const msPerFuel = 0.35e-6;

type Faulty = Pick<Manifest, "name" | "fuel">;

export class FaultBrake {
  /** When all faults so far are paid for, by name of their contract. */
  readonly #paidAt = new Map<string, number>();

  /** A call faulted, and may have cost all that a call may. */
  fault(contract: Faulty, now: number): void {
    this.#owe(contract, contract.fuel * msPerFuel, now);
  }

  /** So many faults happened in something that took so many ms. */
  took(contract: Faulty, faults: number, ms: number, now: number): void {
    this.#owe(contract, Math.max(0, ms - faults * contract.fuel * msPerFuel), now);
  }

  #owe({ name }: Faulty, ms: number, now: number): void {
    const paidAt = Math.max(this.#paidAt.get(name) ?? 0, now - savedMs / share);
    this.#paidAt.set(name, paidAt + ms / share);
  }

  /** Whether more faults are owed for than may be. */
  holds({ name }: Pick<Manifest, "name">, now: number): boolean {
    return (this.#paidAt.get(name) ?? 0) > now;
  }
}
