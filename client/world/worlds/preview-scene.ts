/** One dressed avatar, or one part, before nothing: for inventories and metadata, with the light of the hub. */
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { ImageProcessingConfiguration } from "@babylonjs/core/Materials/imageProcessingConfiguration.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { Part } from "../avatars/catalogue.ts";
import type { Look } from "../avatars/look.ts";
import type { Models } from "../avatars/models.ts";
import type { Avatar } from "../port.ts";
import { duskMaterial } from "../render/atmosphere.ts";
import { Crowd } from "../render/crowd.ts";
import { createLight } from "../render/light.ts";
import { meshOfShape } from "../render/meshes.ts";

export type Exhibit = { readonly look: Look } | { readonly part: Part };

/** A moment of the clip at which nobody blinks. */
const moment = 0.4;

export class PreviewScene {
  readonly scene: Scene;
  readonly #camera: FreeCamera;
  readonly #middle: Vector3;
  readonly #far: number;
  readonly #draw: () => void;

  constructor(engine: AbstractEngine, models: Models, exhibit: Exhibit) {
    this.scene = new Scene(engine);
    this.scene.clearColor = new Color4(0, 0, 0, 0);
    const picture = this.scene.imageProcessingConfiguration;
    picture.toneMappingEnabled = true;
    picture.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_ACES;
    picture.exposure = 1.3;
    picture.contrast = 1.2;
    this.#camera = new FreeCamera("camera", new Vector3(0, 1, 4), this.scene);
    [this.#camera.fov, this.#camera.minZ, this.#camera.maxZ] = [0.6, 0.05, 50];
    createLight(this.scene);
    if ("look" in exhibit) {
      const crowd = new Crowd(this.scene, models, 1, () => 0);
      const avatar: Avatar = { id: 0, name: "", look: exhibit.look, x: 0, z: 0, heading: 0, clip: "idle", since: 0 };
      this.#draw = () => crowd.draw([avatar], moment);
      [this.#middle, this.#far] = [new Vector3(0, 1.12, 0), 4.9];
    } else {
      const mesh = meshOfShape(this.scene, exhibit.part, models.parts[exhibit.part]);
      mesh.material = duskMaterial(this.scene, { rim: 0.9 }).material;
      const { center, radius } = mesh.getBoundingInfo().boundingSphere;
      this.#draw = () => undefined;
      [this.#middle, this.#far] = [center.clone(), radius * 3.6];
    }
  }

  /** @param angle radians; 0 is the front. */
  draw(angle: number): void {
    const rise = this.#far * 0.16;
    const eye = new Vector3(Math.sin(angle) * this.#far, rise, Math.cos(angle) * this.#far).add(this.#middle);
    this.#camera.position.copyFrom(eye);
    this.#camera.setTarget(this.#middle);
    this.#draw();
    this.scene.render();
  }
}
