import { mat4, quat, vec3 } from "gl-matrix";

export function run() {
  const matrix = mat4.fromRotationTranslationScale(
    mat4.create(),
    quat.normalize(quat.create(), [0.1, 0.2, 0.3, 0.9]),
    [1, 2, 3],
    [0.5, 0.5, 2],
  );
  const inverse = mat4.invert(mat4.create(), matrix);
  return {
    matrix: [...matrix],
    inverse: [...inverse],
    moved: [...vec3.transformMat4(vec3.create(), [1, 1, 1], matrix)],
    distance: vec3.distance([1, 2, 3], [4, 5, 7]),
  };
}
