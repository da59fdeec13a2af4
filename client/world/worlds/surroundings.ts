/** What floats around the hub and cannot be reached: islets with a few trees, and clouds. */
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { land } from "../art/land.ts";
import { palette } from "../art/palette.ts";
import { pine, roundTree } from "../art/plants.ts";
import { randomFrom } from "../island/random.ts";
import { meshOfSketch, type Placed } from "../render/meshes.ts";

interface Islet {
  /** Radians from +x. */
  readonly angle: number;
  readonly far: number;
  readonly y: number;
  readonly size: number;
  readonly seed: number;
}

const islets: readonly Islet[] = [
  { angle: 0.55, far: 58, y: 7, size: 0.48, seed: 31 },
  { angle: 2.55, far: 66, y: 15, size: 0.67, seed: 32 },
  { angle: -0.7, far: 72, y: 2, size: 0.8, seed: 33 },
  { angle: -2.3, far: 60, y: 11, size: 0.42, seed: 34 },
  { angle: 1.86, far: 118, y: 24, size: 1.36, seed: 35 },
  { angle: 1.2, far: 96, y: 9, size: 0.64, seed: 36 },
  { angle: 2.25, far: 96, y: 3, size: 0.8, seed: 37 },
  { angle: 3.6, far: 96, y: 18, size: 1.12, seed: 38 },
  { angle: -1.5, far: 100, y: 10, size: 0.96, seed: 39 },
];

export function createIslets(scene: Scene, dressed: (mesh: Mesh) => Mesh): { tick(time: number): void } {
  const meshes = islets.map(({ angle, far, y, size, seed }, i) => {
    const island = { radius: 14, seed, depth: 17, plaza: 0.5, paths: [], gates: [] };
    const mesh = dressed(meshOfSketch(scene, `islet-${i}`, land(island, { rings: 7, around: 26 })));
    mesh.position.set(Math.cos(angle) * far, y, Math.sin(angle) * far);
    mesh.scaling.setAll(size);
    mesh.rotation.y = i;
    const random = randomFrom(seed);
    for (let k = 0; k < 5; k++) {
      const [turn, r] = [random.next() * 6.28, random.next() * 9];
      const sketch = k % 2 === 1 ? pine(k + i) : roundTree(k + i, palette.blossom, palette.blossomPale);
      const tree = dressed(meshOfSketch(scene, "islet-tree", sketch));
      tree.parent = mesh;
      tree.position.set(Math.cos(turn) * r, 0.4, Math.sin(turn) * r);
      tree.scaling.setAll(random.between(1.2, 2));
    }
    return mesh;
  });
  return {
    tick(time) {
      meshes.forEach((mesh, i) => {
        mesh.position.y = islets[i]!.y + Math.sin(time * 0.35 + i * 1.7) * 0.7;
      });
    },
  };
}

/** Below the island and far out. */
export function cloudPlaces(seed: number, count: number): Placed[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const angle = random.next() * 6.28;
    const far = 40 + random.next() ** 0.8 * 170;
    return {
      x: Math.cos(angle) * far,
      y: random.between(-27, -15),
      z: Math.sin(angle) * far,
      size: random.between(3.5, 10),
      turn: random.next() * 6.28,
    };
  });
}
