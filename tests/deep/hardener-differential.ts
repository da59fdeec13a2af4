/** One random module at a time: what the hardened one does must be what plain V8 does with the same program. */
import { depthMax, harden, type Hardened } from "#enclave/sandbox/hardener/harden.ts";
import { HardenError } from "#enclave/sandbox/hardener/errors.ts";
import { countingModule, executedName } from "../support/wasm/counting.ts";
import {
  difference,
  observeCounting,
  observeHardened,
  observePlain,
  type Budget,
  type Observation,
  type PlannedCall,
} from "../support/wasm/observe.ts";
import { optimised, renewed } from "../support/wasm/optimised.ts";
import { randomModule, type RandomModule } from "../support/wasm/random-module.ts";
import { randomImports } from "../support/wasm/random-shape.ts";
import { randomArgument } from "../support/wasm/random-values.ts";
import { SeededNumbers } from "./deep.ts";

const pagesMax = 6;
const plenty: Budget = { fuel: 200_000, depth: depthMax };
const imports: ReadonlySet<string> = new Set(randomImports.map(({ module, name }) => `${module}.${name}`));

export const hardenRandom = (bytes: Uint8Array): Hardened => harden(bytes, { imports, pagesMax });

export class Differential {
  readonly figures = { calls: 0, traps: 0, overruns: 0, optimised: 0, metered: 0, starved: 0, held: 0, refused: 0 };

  /** @throws Error saying what is different. */
  check(seed: number): void {
    const numbers = new SeededNumbers(seed ^ 0x0ddba11);
    // Now and then a module of instructions that rooms do not have.
    const changes = numbers.below(50) === 0;
    // Half of them get less memory from the host than the hardener allowed.
    const pages = numbers.below(2) === 0 ? pagesMax : 3;
    const module = randomModule(seed, {
      pagesMax: pages,
      features: { changes, ...(pages < pagesMax ? { start: false } : {}) },
    });
    let hardened: Hardened;
    try {
      hardened = hardenRandom(module.bytes);
    } catch (error) {
      if (!changes || !(error instanceof HardenError)) throw error;
      this.figures.refused += 1;
      return;
    }
    const calls = planCalls(numbers, module);
    const budget = { ...plenty, pages };
    const seen = observeHardened(hardened, calls, budget);
    this.#count(seen);
    this.#compareWithPlain(module, hardened, calls, budget, seen);
    if (numbers.below(8) === 0) this.#optimise(hardened, calls, budget, seen);
    if (numbers.below(8) === 0) this.#repeat(module, hardened, calls, budget, seen);
    if (numbers.below(4) === 0) this.#starve(numbers, hardened, calls, budget, seen);
    if (numbers.below(8) === 0) this.#meter(seed);
    if (numbers.below(4) === 0) this.#holdFuel(module, calls, budget, seen);
  }

  #count({ outcomes }: Observation): void {
    this.figures.calls += outcomes.length;
    for (const { results, overrun } of outcomes) {
      if (overrun !== undefined) this.figures.overruns += 1;
      else if (typeof results === "string") this.figures.traps += 1;
    }
  }

  #compareWithPlain(
    module: RandomModule,
    hardened: Hardened,
    calls: readonly PlannedCall[],
    budget: Budget,
    seen: Observation,
  ): void {
    const ended = seen.outcomes.filter(({ overrun }) => overrun === undefined).length;
    // A start function that trapped may have overrun, which cannot be asked afterwards. Plain, it ends in any case.
    if (seen.stillborn === "unreachable") return;
    const plain = observePlain(module.reference, calls.slice(0, ended), hardened.globals.length);
    // What overran is left torn: without its last call it is whole.
    const whole = ended === seen.outcomes.length ? seen : observeHardened(hardened, calls.slice(0, ended), budget);
    const different = difference(plain, whole);
    if (different !== undefined) throw new Error(`plain and hardened differ: ${different}`);
  }

  /** Another compiler, the same bits and the same cost. */
  #optimise(hardened: Hardened, calls: readonly PlannedCall[], budget: Budget, seen: Observation): void {
    const again = { ...hardened, bytes: renewed(hardened.bytes) };
    expectSame(
      seen,
      optimised(() => observeHardened(again, calls, budget)),
    );
    this.figures.optimised += 1;
  }

  /** The same bytes from the same module, and the same cost from the same calls. */
  #repeat(
    { bytes }: RandomModule,
    hardened: Hardened,
    calls: readonly PlannedCall[],
    budget: Budget,
    seen: Observation,
  ): void {
    if (Buffer.compare(hardenRandom(bytes).bytes, hardened.bytes) !== 0) throw new Error("hardened twice, two results");
    expectSame(seen, observeHardened(hardened, calls, budget));
  }

  /** With less fuel than it takes, it ends at the same place each time. */
  #starve(
    numbers: SeededNumbers,
    hardened: Hardened,
    calls: readonly PlannedCall[],
    budget: Budget,
    seen: Observation,
  ): void {
    const spent = Math.max(0, ...seen.outcomes.map(({ fuelLeft }) => budget.fuel - fuelLeft));
    if (spent === 0) return;
    const little = { ...budget, fuel: numbers.below(spent) };
    const once = observeHardened(hardened, calls, little);
    expectSame(once, observeHardened(hardened, calls, little));
    if (once.outcomes.every(({ overrun }) => overrun === undefined)) {
      throw new Error(`no call overran ${little.fuel} fuel though one takes ${spent}`);
    }
    this.figures.starved += 1;
  }

  /** Fuel that is held in locals does the same and costs the same; only a trap may leave more of it than was spent. */
  #holdFuel({ bytes }: RandomModule, calls: readonly PlannedCall[], budget: Budget, seen: Observation): void {
    const held = observeHardened(harden(bytes, { imports, pagesMax, fuelInLocals: true }), calls, budget);
    const different = difference(seen, held);
    if (different !== undefined) throw new Error(`fuel in locals is different: ${different}`);
    for (const [i, { results, overrun, fuelLeft }] of seen.outcomes.entries()) {
      const other = held.outcomes[i]!;
      const trapped = typeof results === "string" && overrun === undefined;
      if (other.overrun !== overrun || (trapped ? other.fuelLeft < fuelLeft : other.fuelLeft !== fuelLeft)) {
        throw new Error(`fuel in locals: call ${i} leaves ${other.fuelLeft} instead of ${fuelLeft}`);
      }
    }
    this.figures.held += 1;
  }

  /**
   * No more is executed than was paid for. Without floats, so that the plain program is the very same: what ends is
   * counted there, what overruns with all that was added to it.
   */
  #meter(seed: number): void {
    const numbers = new SeededNumbers(seed ^ 0x5ca1e);
    const module = randomModule(seed, { pagesMax, features: { ...exact, busy: true, straight: numbers.below(4) > 0 } });
    const hardened = hardenRandom(module.bytes);
    const calls = planCalls(numbers, module);
    const { stillborn, outcomes } = observeHardened(hardened, calls, plenty);
    // A start function that ran out of fuel may never end without.
    if (stillborn !== undefined) return;
    const fuelOf = (some: Observation["outcomes"]): number =>
      some.reduce((sum, { fuelLeft }) => sum + plenty.fuel - fuelLeft, 0);
    const ended = outcomes.filter(({ overrun }) => overrun === undefined);
    const executed = countExecuted(module.reference, calls.slice(0, ended.length));
    expectPaid(executed, fuelOf(ended), executedPerFuel);
    const executedHardened = countExecuted(hardened.bytes, calls, plenty);
    expectPaid(executedHardened, fuelOf(outcomes), executedPerFuelHardened);
    this.figures.metered += 1;
  }
}

/** Without floats the program and its reference are the same instructions. */
const exact = { floats: false, vectors: false };

/** Every instruction costs one unit at least. See hardener/README.md. */
const executedPerFuel = 1;

/** The same with checks: the emptiest loop costs two units and executes nine instructions. */
const executedPerFuelHardened = 12;

function expectPaid(executed: number, fuel: number, executedPerFuelMax: number): void {
  if (executed > fuel * executedPerFuelMax) throw new Error(`${executed} instructions for ${fuel} fuel`);
}

function countExecuted(module: Uint8Array, calls: readonly PlannedCall[], budget?: Budget): number {
  return observeCounting(countingModule(module), calls, executedName, budget);
}

function expectSame(once: Observation, again: Observation): void {
  const different = difference(once, again) ?? differentFuel(once, again);
  if (different !== undefined) throw new Error(`the same calls twice differ: ${different}`);
}

function differentFuel(once: Observation, again: Observation): string | undefined {
  const at = once.outcomes.findIndex(({ fuelLeft }, i) => fuelLeft !== again.outcomes[i]!.fuelLeft);
  return at < 0 ? undefined : `call ${at} leaves ${once.outcomes[at]!.fuelLeft} and ${again.outcomes[at]!.fuelLeft}`;
}

/** Each export twice, in an order of its own, on what the calls before it left. */
export function planCalls(numbers: SeededNumbers, { exports }: RandomModule): PlannedCall[] {
  const calls = exports.length === 0 ? 0 : Math.min(8, exports.length * 2);
  return Array.from({ length: calls }, () => {
    const { name, params } = numbers.pick(exports);
    return { name, args: params.map((type) => randomArgument(numbers, type)) };
  });
}
