/** What is buried and seen by oneself alone: shards that hover and turn, in one draw call. */
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { palette } from "../art/palette.ts";
import { crystal } from "../art/stones.ts";
import type { Find } from "../port.ts";
import { duskMaterial } from "./atmosphere.ts";
import { meshOfSketch } from "./meshes.ts";

/** More are never near at once. */
const most = 8;
const size = 0.42;

export class Finds {
  readonly #mesh: Mesh;
  readonly #matrices = new Float32Array(most * 16);
  readonly #ground: (x: number, z: number) => number;

  constructor(scene: Scene, ground: (x: number, z: number) => number) {
    this.#ground = ground;
    this.#mesh = meshOfSketch(scene, "finds", crystal(21, palette.lime));
    this.#mesh.material = duskMaterial(scene, { rim: 0.9 }).material;
    this.#mesh.thinInstanceSetBuffer("matrix", this.#matrices, 16, false);
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.setEnabled(false);
  }

  /** @param time seconds of what moves by itself. */
  draw(finds: Iterable<Find>, time: number): void {
    let count = 0;
    for (const { x, z } of finds) {
      if (count === most) break;
      const y = this.#ground(x, z) + 0.22 + Math.sin(time * 1.9 + x) * 0.06;
      const [s, c] = [Math.sin(time * 1.2 + z) * size, Math.cos(time * 1.2 + z) * size];
      this.#matrices.set([c, 0, -s, 0, 0, size, 0, 0, s, 0, c, 0, x, y, z, 1], count * 16);
      count += 1;
    }
    this.#mesh.setEnabled(count > 0);
    if (count === 0) return;
    this.#mesh.thinInstanceCount = count;
    this.#mesh.thinInstanceBufferUpdated("matrix");
  }
}
