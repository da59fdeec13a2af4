/** Attempts at random, many at once, on one world of either ledger; in the end everything that was earned is there once, and no more. */
import { SeededNumbers } from "../../../deep/deep.ts";
import { attempts } from "./attempts.ts";
import type { Attempt } from "./attempt.ts";
import { AttackedWorld } from "./attacked-world.ts";

/** What is attacked: a chain with players, thieves, and whoever issues. */
export interface Attacked extends AsyncDisposable {
  readonly block: number;
  /** Whether everything that was earned is there. */
  readonly complete: boolean;
  /** Items of the collection that is attacked. */
  readonly count: number;
  earn(): Promise<unknown>;
  /** @param between what to try before workers read the block. */
  round(between: () => void): Promise<void>;
  /** Nobody attacks any more. @throws as `verify`. */
  comeToRest(): Promise<void>;
  /** @throws if anybody has gained anything. */
  verify(): void;
}

export interface Target<World extends Attacked> {
  readonly ledger: "rmrk" | "nfts";
  readonly start: (numbers: SeededNumbers) => Promise<World>;
  readonly attempts: readonly Attempt<World>[];
}

/** Attempts in one world, before it has become slow. */
const attemptsPerWorld = 1200;
/** Whatever there is to be tried has been possible long before. */
const blocksPerWorld = 400;
/** How often each attempt failed, and for what: `${name}: ${code}`. */
export type Met = Map<string, number>;

export interface CampaignOptions {
  /** Of attempts, at most. */
  readonly count: number;
  readonly perBlock?: number;
  /** Whether those that could not be made yet are made before the end. */
  readonly patient?: boolean;
}

export interface Campaign {
  readonly made: number;
  readonly items: number;
}

/** Against items that are remarks. As `attack`. */
export const campaign = (seed: number, met: Met, options: CampaignOptions): Promise<Campaign> =>
  attack({ ledger: "rmrk", start: (numbers) => AttackedWorld.start(numbers), attempts }, seed, met, options);

/**
 * Each kind of attempt has its turn, in another order each time.
 *
 * @throws Error for an attempt that did not fail, or not for its own reason; as `Attacked.verify`.
 */
export async function attack<World extends Attacked>(
  { ledger, start, attempts: all }: Target<World>,
  seed: number,
  met: Met,
  { count, perBlock = 16, patient = false }: CampaignOptions,
): Promise<Campaign> {
  const numbers = new SeededNumbers(Math.imul(seed, 0x9e37_79b1));
  await using world = await start(numbers);
  const where = `ledger ${ledger}, seed ${seed}`;
  const results: Promise<void>[] = [];
  const failures: unknown[] = [];
  const draw = new Draw(numbers, all);
  const wanted = Math.min(count, attemptsPerWorld);
  /** There was nothing to try them on yet. */
  const owed = new Set<Attempt<World>>();
  let made = 0;
  const make = (attempt: Attempt<World>): void => {
    const result = attempt.make(world);
    if (result === undefined) {
      owed.add(attempt);
      return;
    }
    const judged = result.then((code) => {
      if (code === undefined) {
        owed.add(attempt);
        return;
      }
      made += 1;
      if (!attempt.codes.includes(code)) throw new Error(`${attempt.name}: ${code}`);
      const key = `${attempt.name}: ${code}`;
      met.set(key, (met.get(key) ?? 0) + 1);
    });
    results.push(judged.catch((error: unknown) => void failures.push(error)));
  };
  const check = (): void => {
    if (failures.length > 0) throw new Error(`${where}, block ${world.block}`, { cause: failures[0] });
    world.verify();
  };
  for (let blocks = 0; results.length < wanted || (patient && owed.size > 0); blocks++) {
    if (blocks === blocksPerWorld)
      throw new Error(`${where}: never possible: ${[...owed].map(({ name }) => name).join()}`);
    if (numbers.below(3) === 0) await world.earn();
    const drawn = [...owed];
    owed.clear();
    for (let left = Math.min(perBlock, wanted - results.length); left > 0; left--) drawn.push(draw.next());
    for (const attempt of drawn) if (attempt.when === "before the block") make(attempt);
    await world.round(() => {
      for (const attempt of drawn) if (attempt.when === "after the block") make(attempt);
    });
    check();
  }
  await world.comeToRest();
  await Promise.all(results);
  check();
  if (!world.complete) throw new Error(`${where}: not everything that was earned was issued`);
  return { made, items: world.count };
}

/** All of them, shuffled, again and again. */
class Draw<One> {
  readonly #numbers: SeededNumbers;
  readonly #all: readonly One[];
  #left: One[] = [];

  constructor(numbers: SeededNumbers, all: readonly One[]) {
    this.#numbers = numbers;
    this.#all = all;
  }

  next(): One {
    if (this.#left.length === 0) this.#left = [...this.#all];
    return this.#left.splice(this.#numbers.below(this.#left.length), 1)[0]!;
  }
}
