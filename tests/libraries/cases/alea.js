import Alea from "alea";

export function run() {
  const random = new Alea("a", "seed", 7);
  const state = random.exportState();
  return { numbers: [random(), random.uint32(), random.fract53()], again: Alea.importState(state)(), state };
}
