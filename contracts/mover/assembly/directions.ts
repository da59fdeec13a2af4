/** Thirty-two directions, counted from east towards north: the table of ../directions.ts. */

export const directionCount: i32 = 32;

/** Of the first quarter turn, both ends included. */
const cosines: StaticArray<f64> = [
  1, 0.9807852804032304, 0.9238795325112867, 0.8314696123025452, 0.7071067811865476, 0.5555702330196022,
  0.3826834323650898, 0.19509032201612825, 0,
];

/** How far a step of length 1 leads along x. */
export function alongX(direction: i32): f64 {
  const turned = direction & 31;
  if (turned <= 8) return cosines[turned];
  if (turned <= 16) return -cosines[16 - turned];
  if (turned <= 24) return -cosines[turned - 16];
  return cosines[32 - turned];
}

export function alongZ(direction: i32): f64 {
  return alongX(direction + 24);
}

/** Radians. */
export function headingOf(direction: i32): f64 {
  return direction * 0.19634954084936207;
}

/** Thrown back by a wall across x, and by one across z. */
export function mirroredX(direction: i32): i32 {
  return (16 - direction) & 31;
}

export function mirroredZ(direction: i32): i32 {
  return (32 - direction) & 31;
}
