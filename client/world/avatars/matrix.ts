/** Matrices of four by four, in columns as glTF keeps them, for bones and slots. */

export type Matrix = Float64Array;

export const identity: Matrix = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

export function multiplied(a: Matrix, b: Matrix): Matrix {
  const product = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row]! * b[column * 4 + k]!;
      product[column * 4 + row] = sum;
    }
  }
  return product;
}

type Numbers = ArrayLike<number>;

/** A node's matrix: scaled, then turned by a unit quaternion, then moved. */
export function composed(move: Numbers = [0, 0, 0], turn: Numbers = [0, 0, 0, 1], scale: Numbers = [1, 1, 1]): Matrix {
  const [x, y, z, w] = [turn[0]!, turn[1]!, turn[2]!, turn[3]!];
  const [sx, sy, sz] = [scale[0]!, scale[1]!, scale[2]!];
  return Float64Array.of(
    (1 - 2 * (y * y + z * z)) * sx,
    2 * (x * y + z * w) * sx,
    2 * (x * z - y * w) * sx,
    0,
    2 * (x * y - z * w) * sy,
    (1 - 2 * (x * x + z * z)) * sy,
    2 * (y * z + x * w) * sy,
    0,
    2 * (x * z + y * w) * sz,
    2 * (y * z - x * w) * sz,
    (1 - 2 * (x * x + y * y)) * sz,
    0,
    move[0]!,
    move[1]!,
    move[2]!,
    1,
  );
}

/** Of a matrix that turns, moves and scales evenly, as bones do. */
export function inverted(m: Matrix): Matrix {
  const squared = m[0]! * m[0]! + m[1]! * m[1]! + m[2]! * m[2]!;
  const inverse = new Float64Array(16);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) inverse[column * 4 + row] = m[row * 4 + column]! / squared;
  }
  for (let row = 0; row < 3; row++) {
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += inverse[k * 4 + row]! * m[12 + k]!;
    inverse[12 + row] = -sum;
  }
  inverse[15] = 1;
  return inverse;
}

/** The same in a mirrored world: glTF is right-handed, Babylon's scenes are left-handed, and both look along +z. */
export function mirrored(m: Matrix): Matrix {
  const other = m.slice();
  for (const i of [1, 2, 4, 8, 12]) other[i] = -other[i]!;
  return other;
}

export function movePoint(m: Matrix, x: number, y: number, z: number): readonly [number, number, number] {
  return [
    m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
    m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
    m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
  ];
}

/** A direction of length 1. */
export function turnNormal(m: Matrix, x: number, y: number, z: number): readonly [number, number, number] {
  const turned = [
    m[0]! * x + m[4]! * y + m[8]! * z,
    m[1]! * x + m[5]! * y + m[9]! * z,
    m[2]! * x + m[6]! * y + m[10]! * z,
  ] as const;
  const length = Math.hypot(...turned) || 1;
  return [turned[0] / length, turned[1] / length, turned[2] / length];
}
