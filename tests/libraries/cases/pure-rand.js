import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export function run() {
  const random = xoroshiro128plus(42);
  const dice = Array.from({ length: 12 }, () => uniformInt(random, 1, 6));
  return { dice, unit: uniformFloat64(random), state: [...random.getState()] };
}
