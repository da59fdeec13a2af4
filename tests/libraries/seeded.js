/** Numbers for the cases to work on: the same in the sandbox and in Node, without a function that engines round each in its own way. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many points in the unit square. */
export function points(count, seed = 1) {
  const next = seeded(seed);
  return Array.from({ length: count }, () => [next(), next()]);
}
