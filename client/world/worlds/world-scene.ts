/** The whole picture: a place, its avatars and a camera. It draws what a port says, and decides nothing. */
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { ImageProcessingConfiguration } from "@babylonjs/core/Materials/imageProcessingConfiguration.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Matrix, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { Models } from "../avatars/models.ts";
import { sightOf, type Orbit } from "../camera/orbit.ts";
import type { Terrain } from "../island/walk.ts";
import { avatarsMax, type Avatar, type Surroundings } from "../port.ts";
import type { Quality } from "../quality/levels.ts";
import { Crowd } from "../render/crowd.ts";
import type { Moment } from "../render/effect.ts";
import { Finds } from "../render/finds.ts";
import { NameTags } from "../render/name-tags.ts";
import { createHub, type Place } from "./hub.ts";

export interface SceneOptions {
  readonly engine: AbstractEngine;
  readonly terrain: Terrain;
  readonly models: Models;
  readonly quality: Quality;
  /** False where there is no canvas to write names with. */
  readonly names: boolean;
}

/** A point of the picture: 0 to 1 from the left and from the top. */
export interface OnScreen {
  readonly x: number;
  readonly y: number;
  readonly far: number;
}

/** How light it is at a time of day: dusk through the first half of it, then night, and back. */
export const daylightAt = (day: number): number =>
  0.5 + 0.5 * Math.max(-1, Math.min(1, 3.2 * Math.sin(2 * Math.PI * day) + 0.9));

/** Metres from the camera: nearer than this somebody fills the picture. */
const inTheWay = 2.4;

/** Where an own avatar would stand, until there is one. */
const stage = { x: 0, z: -19 };

export class WorldScene {
  readonly scene: Scene;
  readonly camera: FreeCamera;
  readonly #place: Place;
  readonly #crowd: Crowd;
  readonly #finds: Finds;
  readonly #names: NameTags | null;
  readonly #terrain: Terrain;

  constructor({ engine, terrain, models, quality, names }: SceneOptions) {
    this.#terrain = terrain;
    this.scene = new Scene(engine);
    this.scene.autoClear = false;
    this.scene.skipPointerMovePicking = true;
    this.scene.clearColor = new Color4(0.2, 0.13, 0.33, 1);
    const picture = this.scene.imageProcessingConfiguration;
    picture.toneMappingEnabled = true;
    picture.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_ACES;
    picture.exposure = 1.25;
    picture.contrast = 1.22;
    this.camera = new FreeCamera("camera", new Vector3(0, 6, -30), this.scene);
    [this.camera.fov, this.camera.minZ, this.camera.maxZ] = [0.82, 0.2, 1200];
    this.#place = createHub(this.scene, terrain, models, quality);
    this.#crowd = new Crowd(this.scene, models, avatarsMax, (x, z) => terrain.ground.height(x, z));
    this.#finds = new Finds(this.scene, (x, z) => terrain.ground.height(x, z));
    this.#names = names ? new NameTags(this.scene, quality.nameReach) : null;
  }

  /** Of the crowd, as drawn in the last frame. */
  get crowdTriangles(): number {
    return this.#crowd.triangles;
  }

  get crowdDrawCalls(): number {
    return this.#crowd.drawCalls;
  }

  /**
   * Draws one frame.
   * @param ambience seconds of what moves by itself; slower than the world's where less motion is asked for.
   */
  draw(world: Surroundings, orbit: Orbit, ambience: number): void {
    const own = world.own === null ? undefined : world.avatars.get(world.own);
    this.#look(own, orbit);
    const seen = this.#seen(world, orbit);
    const moment: Moment = { time: ambience, night: 1 - daylightAt(world.day), eye: this.camera.position };
    this.#place.tick(moment);
    this.#crowd.darken(moment.night);
    this.#crowd.draw(seen, world.time);
    this.#finds.draw(world.finds, ambience);
    this.#names?.draw(seen, (avatar) => this.#crowd.feet(avatar), moment);
    this.scene.render();
  }

  /** All but who is in the way: to the first person themselves, else whoever stands right before the camera. */
  #seen({ avatars, own }: Surroundings, { distance }: Orbit): readonly Avatar[] {
    const { x, z } = this.camera.position;
    const clear = Math.min(inTheWay, 0.75 * distance);
    return [...avatars.values()].filter((avatar) =>
      avatar.id === own ? distance > 0 : Math.hypot(avatar.x - x, avatar.z - z) >= clear,
    );
  }

  #look(own: Avatar | undefined, orbit: Orbit): void {
    const { x, z } = own ?? stage;
    const y = own === undefined ? this.#terrain.ground.height(x, z) + 1.5 : this.#crowd.feet(own);
    const { eye, target } = sightOf(orbit, [x, y, z], (ex, ez) => this.#terrain.ground.height(ex, ez));
    this.camera.position.set(...eye);
    this.camera.setTarget(new Vector3(...target));
    // Wide enough for a person's own place also where the picture is higher than wide.
    const tall = this.scene.getEngine().getAspectRatio(this.camera) < 0.8;
    this.camera.fov = tall ? 1.02 : 0.82;
  }

  /** Where the space above somebody's head is in the picture, if it is in front of the camera. */
  onScreen({ id }: Avatar, world: Surroundings): OnScreen | null {
    const avatar = world.avatars.get(id);
    if (avatar === undefined) return null;
    const above = new Vector3(avatar.x, this.#crowd.feet(avatar) + 2.25, avatar.z);
    const far = Vector3.Distance(above, this.camera.position);
    const { x, y, z } = Vector3.Project(
      above,
      Matrix.IdentityReadOnly,
      this.scene.getTransformMatrix(),
      this.camera.viewport,
    );
    return z > 0 && z < 1 && x > -0.1 && x < 1.1 && y > -0.1 && y < 1.1 ? { x, y, far } : null;
  }

  dispose(): void {
    this.scene.dispose();
  }
}
