/** Where somebody looks who goes this way. Engines differ in their `Math.atan2`; sums and products are the same everywhere. */

const quarter = 1.5707963267948966;

/** Of a number from 0 to 1, to a hundred-thousandth: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.49. */
function arctangent(t: number): number {
  const s = t * t;
  return t * (0.999866 + s * (-0.3302995 + s * (0.180141 + s * (-0.085133 + s * 0.0208351))));
}

/** Radians; 0 looks along +z, a quarter turn along +x. */
export function headingOf(x: number, z: number): number {
  const [ax, az] = [Math.abs(x), Math.abs(z)];
  if (ax === 0 && az === 0) return 0;
  const turned = ax <= az ? arctangent(ax / az) : quarter - arctangent(az / ax);
  const ahead = z >= 0 ? turned : 2 * quarter - turned;
  return x >= 0 ? ahead : -ahead;
}
