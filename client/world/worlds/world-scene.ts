/** The whole picture: a place, its avatars and a camera. It draws what a port says, and decides nothing. */
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { ImageProcessingConfiguration } from "@babylonjs/core/Materials/imageProcessingConfiguration.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Matrix, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { Look } from "../avatars/look.ts";
import type { Models } from "../avatars/models.ts";
import { Boom } from "../camera/boom.ts";
import { Bulk } from "../camera/bulk.ts";
import { newSight, sightOf, type Orbit, type Spot3 } from "../camera/orbit.ts";
import type { Lens } from "../camera/portrait.ts";
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

/** Half of an avatar's height, in metres. */
const middle = 0.85;

/** Nearer to one's own head than this, one looks out of it. */
const inTheHead = 0.9;

/** Where whoever chooses a look stands, until they enter: before the plaza, and towards who looks on. */
const stage = { x: 0, z: -19, heading: Math.PI - 0.3 } as const;

/** No avatar of the world has this. */
const guestId = -1;

export interface Shot {
  /** Since the last frame; without it the camera is at once where it is going. */
  readonly seconds?: number;
  /** How somebody would look who has not entered: they stand where they can be seen, and nobody else sees them. */
  readonly guest?: Look | null;
}

export class WorldScene {
  readonly scene: Scene;
  readonly camera: FreeCamera;
  readonly #place: Place;
  readonly #crowd: Crowd;
  readonly #finds: Finds;
  readonly #names: NameTags | null;
  readonly #bulk: Bulk;
  readonly #boom = new Boom();
  readonly #sight = newSight();
  readonly #feet: Spot3 = [0, 0, 0];
  readonly #target = new Vector3();
  /** The middle of whom the camera follows. */
  readonly #whom = new Vector3();
  readonly #height: (x: number, z: number) => number;
  /** Metres from the camera to what it turns around. */
  #reach = 0;

  constructor({ engine, terrain, models, quality, names }: SceneOptions) {
    this.#height = (x, z) => terrain.ground.height(x, z);
    this.#bulk = new Bulk(terrain);
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
    this.#crowd = new Crowd(this.scene, models, avatarsMax, this.#height);
    this.#finds = new Finds(this.scene, this.#height);
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
  draw(world: Surroundings, orbit: Orbit, ambience: number, { seconds = Infinity, guest = null }: Shot = {}): void {
    const own = world.own === null ? undefined : world.avatars.get(world.own);
    this.#look(own, orbit, seconds);
    const seen = this.#seen(world);
    const shown = own === undefined && guest !== null ? [...seen, guestOf(guest)] : seen;
    const moment: Moment = {
      time: ambience,
      night: 1 - daylightAt(world.day),
      eye: this.camera.position,
      whom: this.#whom,
      reach: this.#reach,
    };
    this.#place.tick(moment);
    this.#crowd.darken(moment.night);
    this.#crowd.draw(shown, world.time);
    this.#finds.draw(world.finds, ambience);
    this.#names?.draw(seen, (avatar) => this.#crowd.feet(avatar), moment);
    this.scene.render();
  }

  get lens(): Lens {
    return { fov: this.camera.fov, aspect: this.scene.getEngine().getAspectRatio(this.camera) };
  }

  /** Whether nothing stands between somebody and who looks at them from there. */
  isClear(avatar: Avatar, orbit: Orbit): boolean {
    const { eye, pivot } = sightOf(orbit, [avatar.x, this.#crowd.feet(avatar), avatar.z], this.#height);
    const far = Math.hypot(eye[0] - pivot[0], eye[1] - pivot[1], eye[2] - pivot[2]);
    return this.#bulk.clear(pivot, eye) > far - 0.01;
  }

  /** All but who is in the way: to the first person themselves, else whoever stands right before the camera. */
  #seen({ avatars, own }: Surroundings): readonly Avatar[] {
    const { x, z } = this.camera.position;
    const clear = Math.min(inTheWay, 0.75 * this.#reach);
    return [...avatars.values()].filter((avatar) =>
      avatar.id === own ? this.#reach > inTheHead : Math.hypot(avatar.x - x, avatar.z - z) >= clear,
    );
  }

  #look(own: Avatar | undefined, orbit: Orbit, seconds: number): void {
    const { x, z } = own ?? stage;
    this.#feet[0] = x;
    this.#feet[1] = own === undefined ? this.#height(x, z) : this.#crowd.feet(own);
    this.#feet[2] = z;
    const { eye, target } = sightOf(orbit, this.#feet, this.#height, this.#sight);
    this.#reach = orbit.distance === 0 ? 0 : this.#drawIn(seconds);
    this.camera.position.set(eye[0], eye[1], eye[2]);
    if (this.#reach === 0) this.#whom.copyFrom(this.camera.position);
    else this.#whom.set(x, this.#feet[1] + middle, z);
    this.camera.setTarget(this.#target.set(target[0], target[1], target[2]));
    // Wide enough for a person's own place also where the picture is higher than wide.
    const tall = this.scene.getEngine().getAspectRatio(this.camera) < 0.8;
    this.camera.fov = tall ? 1.02 : 0.82;
  }

  /** Draws the eye nearer to what it turns around, where something solid stands between. @returns how far it is then. */
  #drawIn(seconds: number): number {
    const { eye, pivot } = this.#sight;
    const far = Math.hypot(eye[0] - pivot[0], eye[1] - pivot[1], eye[2] - pivot[2]);
    const reach = this.#boom.reach(far, this.#bulk.clear(pivot, eye), seconds);
    const share = reach / far;
    for (let axis = 0; axis < 3; axis++) eye[axis] = pivot[axis]! + (eye[axis]! - pivot[axis]!) * share;
    return reach;
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

const guestOf = (look: Look): Avatar => ({ id: guestId, name: "", look, ...stage, clip: "idle", since: 0 });
