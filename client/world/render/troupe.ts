/** All instances of one mesh of the crowd, written anew each frame into buffers that grow when they must. */
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import "@babylonjs/core/Meshes/instancedMesh.js";
import "@babylonjs/core/Meshes/thinInstanceMesh.js";
import type { Colour } from "../art/vectors.ts";

export interface Row {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly heading: number;
  /** First and last row of the clip, offset, rows a second. */
  readonly frames: readonly [number, number, number, number];
  readonly coat: Colour;
  readonly light: Colour;
  /** 1 where what glows takes the wearer's light. */
  readonly dyesLight: number;
  /** Offset and size before the skeleton. */
  readonly fit: readonly [number, number, number, number];
}

/** Attribute → numbers to an instance. */
const attributes = { matrix: 16, bakedVertexAnimationSettingsInstanced: 4, coat: 4, shine: 4, fit: 4 } as const;
type Attribute = keyof typeof attributes;
const attributeNames = Object.keys(attributes) as Attribute[];

export class Troupe {
  readonly #mesh: Mesh;
  #capacity = 0;
  #count = 0;
  #buffers = {} as Record<Attribute, Float32Array>;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.setEnabled(false);
    this.#grow(16);
  }

  get triangles(): number {
    return (this.#mesh.getTotalIndices() / 3) * this.#count;
  }

  begin(): void {
    this.#count = 0;
  }

  add({ x, y, z, heading, frames, coat, light, dyesLight, fit }: Row): void {
    if (this.#count === this.#capacity) this.#grow(this.#capacity * 2);
    const i = this.#count;
    const { matrix, bakedVertexAnimationSettingsInstanced: settings, coat: coats, shine, fit: fits } = this.#buffers;
    const [s, c] = [Math.sin(heading), Math.cos(heading)];
    matrix.set([c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, x, y, z, 1], i * 16);
    settings.set(frames, i * 4);
    coats.set(coat, i * 4);
    shine.set(light, i * 4);
    shine[i * 4 + 3] = dyesLight;
    fits.set(fit, i * 4);
    this.#count += 1;
  }

  end(): void {
    this.#mesh.setEnabled(this.#count > 0);
    if (this.#count === 0) return;
    this.#mesh.thinInstanceCount = this.#count;
    for (const name of attributeNames) this.#mesh.thinInstanceBufferUpdated(name);
  }

  #grow(capacity: number): void {
    const grown = {} as Record<Attribute, Float32Array>;
    for (const name of attributeNames) {
      grown[name] = new Float32Array(capacity * attributes[name]);
      grown[name].set(this.#buffers[name] ?? []);
      this.#mesh.thinInstanceSetBuffer(name, grown[name], attributes[name], false);
    }
    this.#buffers = grown;
    this.#capacity = capacity;
  }
}
