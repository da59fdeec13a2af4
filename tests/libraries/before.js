/**
 * For libraries that draw from `Math.random` while they are loaded, such as a seed for hashes. There is no room then to
 * draw from, so they get numbers that are the same everywhere; `after.js` puts back what was there.
 */
export const drawn = Math.random;

Math.random = () => 0.5;
