/** Attempts at random, many at once, on one world; in the end everything that was earned is there once, and no more. */
import { SeededNumbers } from "../../../deep/deep.ts";
import { attempts } from "./attempts.ts";
import type { Attempt } from "./attempt.ts";
import { AttackedWorld } from "./attacked-world.ts";

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

/**
 * Each kind of attempt has its turn, in another order each time.
 *
 * @throws Error for an attempt that did not fail, or not for its own reason; as `AttackedWorld.verify`.
 */
export async function campaign(
  seed: number,
  met: Met,
  { count, perBlock = 16, patient = false }: CampaignOptions,
): Promise<Campaign> {
  const numbers = new SeededNumbers(Math.imul(seed, 0x9e37_79b1));
  await using world = await AttackedWorld.start(numbers);
  const results: Promise<void>[] = [];
  const failures: unknown[] = [];
  const draw = new Draw(numbers, attempts);
  const wanted = Math.min(count, attemptsPerWorld);
  /** There was nothing to try them on yet. */
  const owed = new Set<Attempt>();
  let made = 0;
  const make = (attempt: Attempt): void => {
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
    if (failures.length > 0) throw new Error(`seed ${seed}, block ${world.view.block.number}`, { cause: failures[0] });
    world.verify();
  };
  for (let blocks = 0; results.length < wanted || (patient && owed.size > 0); blocks++) {
    if (blocks === blocksPerWorld)
      throw new Error(`seed ${seed}: never possible: ${[...owed].map(({ name }) => name).join()}`);
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
  if (!world.complete) throw new Error(`seed ${seed}: not everything that was earned was issued`);
  return { made, items: world.ours().length };
}

/** All of them, shuffled, again and again. */
class Draw {
  readonly #numbers: SeededNumbers;
  readonly #all: readonly Attempt[];
  #left: Attempt[] = [];

  constructor(numbers: SeededNumbers, all: readonly Attempt[]) {
    this.#numbers = numbers;
    this.#all = all;
  }

  next(): Attempt {
    if (this.#left.length === 0) this.#left = [...this.#all];
    return this.#left.splice(this.#numbers.below(this.#left.length), 1)[0]!;
  }
}
