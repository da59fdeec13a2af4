/** All avatars: one draw call for each race and one for each kind of part, moved by a texture of baked bones. */
import { BakedVertexAnimationManager } from "@babylonjs/core/BakedVertexAnimation/bakedVertexAnimationManager.js";
import { Bone } from "@babylonjs/core/Bones/bone.js";
import { Skeleton } from "@babylonjs/core/Bones/skeleton.js";
import { Constants } from "@babylonjs/core/Engines/constants.js";
import "@babylonjs/core/Engines/Extensions/engine.rawTexture.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import { Matrix } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { hex, type Colour } from "../art/vectors.ts";
import type { Baked } from "../avatars/baked.ts";
import { bones, clipRate, clips, partNames, parts, races, type Part, type Race } from "../avatars/catalogue.ts";
import { coats, lights } from "../avatars/look.ts";
import type { Models } from "../avatars/models.ts";
import type { Avatar } from "../port.ts";
import { duskMaterial } from "./atmosphere.ts";
import { contactShadows, type ContactShadows } from "./contact-shadows.ts";
import { dyedMesh } from "./meshes.ts";
import { Troupe } from "./troupe.ts";

const coatColours: readonly Colour[] = coats.map(hex);
const lightColours: readonly Colour[] = lights.map(hex);

/** How a thing hangs on a body: offset and size, as the shader's `fit`. */
const onTheBody = [0, 0, 0, 1] as const;

export class Crowd {
  readonly #animation: BakedVertexAnimationManager;
  readonly #baked: Baked;
  readonly #races: ReadonlyMap<Race, Troupe>;
  readonly #parts: ReadonlyMap<Part, Troupe>;
  readonly #models: Models;
  readonly #shadows: ContactShadows;
  readonly #heights = new Map<number, { x: number; z: number; y: number }>();
  readonly #ground: (x: number, z: number) => number;
  /** 0 by day, 1 at midnight. */
  readonly darken: (night: number) => void;

  constructor(scene: Scene, models: Models, capacity: number, ground: (x: number, z: number) => number) {
    this.#models = models;
    this.#baked = models.baked;
    this.#ground = ground;
    this.#animation = animationOf(scene, models.baked);
    const dusk = duskMaterial(scene, { rim: 0.9, dyed: true });
    const { material } = dusk;
    this.darken = (night) => dusk.darken(night);
    const skeleton = stillSkeleton(scene);
    const troupe = (name: string, shape: Parameters<typeof dyedMesh>[2]): Troupe => {
      const mesh = dyedMesh(scene, name, shape);
      mesh.material = material;
      mesh.skeleton = skeleton;
      mesh.bakedVertexAnimationManager = this.#animation;
      return new Troupe(mesh);
    };
    this.#races = new Map(races.map((race) => [race, troupe(race, models.avatars[race].shape)]));
    this.#parts = new Map(partNames.map((part) => [part, troupe(part, models.parts[part])]));
    this.#shadows = contactShadows(scene, capacity);
  }

  /** Draw calls of the crowd, when everything is worn by somebody. */
  get drawCalls(): number {
    return this.#races.size + this.#parts.size + 1;
  }

  get triangles(): number {
    return [...this.#races.values(), ...this.#parts.values()].reduce((sum, troupe) => sum + troupe.triangles, 0);
  }

  /** Height of an avatar's feet. */
  feet(avatar: Avatar): number {
    const known = this.#heights.get(avatar.id);
    if (known !== undefined && known.x === avatar.x && known.z === avatar.z) return known.y;
    const y = this.#ground(avatar.x, avatar.z);
    this.#heights.set(avatar.id, { x: avatar.x, z: avatar.z, y });
    return y;
  }

  draw(avatars: Iterable<Avatar>, time: number): void {
    this.#animation.time = time;
    for (const troupe of this.#troupes()) troupe.begin();
    let count = 0;
    for (const avatar of avatars) {
      const y = this.feet(avatar);
      this.#place(avatar, y);
      this.#shadows.spots.set([avatar.x, y + 0.05, avatar.z, 0.52], count * 4);
      count += 1;
    }
    for (const troupe of this.#troupes()) troupe.end();
    this.#shadows.show(count);
    if (this.#heights.size > 4 * count + 64) this.#heights.clear();
  }

  #place(avatar: Avatar, y: number): void {
    const { look } = avatar;
    const from = this.#baked.from[avatar.clip];
    const { frames } = clips[avatar.clip];
    // The shader counts frames from the world's beginning; this makes the clip begin when it began.
    const offset = (((-avatar.since * clipRate) % frames) + frames) % frames;
    const row = {
      x: avatar.x,
      y,
      z: avatar.z,
      heading: avatar.heading,
      frames: [from, from + frames - 1, Math.floor(offset), clipRate] as const,
      coat: coatColours[look.coat]!,
      light: lightColours[look.light]!,
    };
    this.#races.get(look.race)!.add({ ...row, dyesLight: 1, fit: onTheBody });
    for (const part of look.parts) {
      const { matrix } = this.#models.avatars[look.race].slots[parts[part]];
      const fit = [-matrix[12]!, matrix[13]!, matrix[14]!, matrix[0]!] as const;
      // A part keeps the colours that it was made with.
      this.#parts.get(part)!.add({ ...row, dyesLight: 0, fit });
    }
  }

  *#troupes(): Iterable<Troupe> {
    yield* this.#races.values();
    yield* this.#parts.values();
  }
}

/** Babylon's shader reads bones only where a mesh has a skeleton; the baked rows are what moves it. */
function stillSkeleton(scene: Scene): Skeleton {
  const skeleton = new Skeleton("rig", "rig", scene);
  for (const name of bones) new Bone(name, skeleton, null, Matrix.Identity());
  return skeleton;
}

function animationOf(scene: Scene, { rows, rowLength }: Baked): BakedVertexAnimationManager {
  const manager = new BakedVertexAnimationManager(scene);
  const [width, height] = [rowLength / 4, rows.length / rowLength];
  manager.texture = RawTexture.CreateRGBATexture(
    rows,
    width,
    height,
    scene,
    false,
    false,
    Texture.NEAREST_NEAREST,
    Constants.TEXTURETYPE_FLOAT,
  );
  return manager;
}
