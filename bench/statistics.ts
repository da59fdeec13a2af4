/** What is said about many measurements: percentiles by nearest rank, so that every number shown was really measured. */

/**
 * The smallest sample that at least `percent` per cent of all samples do not exceed.
 *
 * @param percent above 0, up to 100.
 * @throws RangeError if there is nothing to choose from, or no such percentile.
 */
export function percentile(samples: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`no percentile ${percent}`);
  const sorted = Float64Array.from(samples).sort();
  const sample = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (sample === undefined) throw new RangeError("no samples");
  return sample;
}

/** At a precision that a repetition of the run could confirm: three significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
