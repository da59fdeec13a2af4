/** What the suite in engine.ts needs of a way to write contracts: the same contracts, written in it. */
import type { Value } from "#protocol/value.ts";
import type { Engine, LoadedContract } from "#enclave/sandbox/sandbox.ts";

export interface FrontEnd {
  /** Another engine with each call. */
  readonly start: () => Promise<Engine>;
  /** The bundle of high-card: the rules of tests/contracts/fixtures/high-card.ts, with the same manifest but for budgets. */
  readonly highCard: () => Promise<Uint8Array>;
  /** What no engine takes, by what it is. */
  readonly refused: readonly (readonly [what: string, bundle: () => Uint8Array])[];
  readonly hostile: Hostile;
  /** Attacks, and what their author is told of them. */
  readonly faulty: readonly (readonly [attack: string, told: RegExp])[];
}

/** A contract that does to its sandbox whatever a move says. */
export interface Hostile {
  readonly bundle: () => Promise<Uint8Array>;
  readonly attacks: (contract: LoadedContract) => Attacks;
}

export interface Attacks {
  /** Each faults its call. */
  readonly fatal: readonly Attack[];
  /** Each comes back, and what `view` says is different then. */
  readonly selfish: readonly Attack[];
  /** Each sends `{ escaped: false }`. */
  readonly escapes: readonly Attack[];
}

export interface Attack {
  readonly name: string;
  readonly move: Value;
}
