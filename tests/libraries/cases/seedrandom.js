import "../before.js";
import seedrandom from "seedrandom";
import "../after.js";

export function run() {
  const random = seedrandom("phatroom", { state: true });
  const first = [random(), random.quick(), random.int32()];
  const copy = seedrandom("", { state: random.state() });
  return { first, same: random() === copy(), alea: seedrandom.alea("x")(), xor: seedrandom.xor128("x")() };
}
