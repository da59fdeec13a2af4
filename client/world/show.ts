/** The running picture: engine, scene and loop, between what a person does and what the world says. */
import type { Engine } from "@babylonjs/core/Engines/engine.js";
import type { Look } from "./avatars/look.ts";
import { filesFor, readModels } from "./avatars/models.ts";
import { pushFrom, startOrbit, turned, type Orbit } from "./camera/orbit.ts";
import { portrait, type Space } from "./camera/portrait.ts";
import type { Wish as KeyWish } from "./input/held.ts";
import type { Terrain } from "./island/walk.ts";
import type { Downloads } from "./loading/downloads.ts";
import type { Surroundings } from "./port.ts";
import { QualityJudge } from "./quality/judge.ts";
import { qualities, type Level, type Quality } from "./quality/levels.ts";
import { createEngine, fit } from "./render/engine.ts";
import { WorldScene } from "./worlds/world-scene.ts";

export interface ShowOptions {
  readonly canvas: HTMLCanvasElement;
  readonly world: Surroundings;
  readonly terrain: Terrain;
  readonly downloads: Downloads;
  readonly level: Level;
  /** Whether frame times may choose another level. */
  readonly auto: boolean;
  /** A phone is content with half of the frames. */
  readonly phone: boolean;
  /** Seconds at which everything stands still. */
  readonly frozen: number | undefined;
  /** Instead of the level's. */
  readonly pixels: number | undefined;
  readonly wish: () => KeyWish;
  readonly lessMotion: () => boolean;
  /** How somebody would look who has not entered yet; null once they have. */
  readonly guest: () => Look | null;
  /** While one chooses how one looks: what the choices leave free of the picture. */
  readonly space: () => Space | null;
  /** After each frame, with its seconds. */
  readonly onFrame: (seconds: number) => void;
  readonly onLevel: (level: Level) => void;
}

/** With less motion asked for, what moves by itself moves this much. */
const calm = 0.08;

/** A frozen world is stepped to its moment in steps as long as frames. */
const frozenStep = 1 / 30;

export class Show {
  orbit: Orbit = startOrbit;
  readonly #options: ShowOptions;
  readonly #engine: Engine;
  readonly #judge: QualityJudge;
  #scene: WorldScene | null = null;
  #level: Level;
  #ambience = 0;
  #auto: boolean;
  #frames = 0;
  #scriptMs = 0;

  /** @throws NoGraphicsError. */
  constructor(options: ShowOptions) {
    this.#options = options;
    this.#level = options.level;
    this.#auto = options.auto;
    this.#engine = createEngine(options.canvas, false);
    this.#judge = new QualityJudge({ start: options.level, budgetMs: options.phone ? 33 : 17 });
  }

  #fit(): void {
    const { pixels } = qualities[this.#level];
    fit(this.#engine, this.#options.pixels ?? pixels);
  }

  get scene(): WorldScene | null {
    return this.#scene;
  }

  get level(): Level {
    return this.#level;
  }

  /** Milliseconds of script that drawing has taken, of all frames. */
  get scriptMs(): number {
    return this.#scriptMs;
  }

  /** Frames drawn since the start. */
  get frames(): number {
    return this.#frames;
  }

  /** @throws DownloadError, ModelError. */
  async build(level: Level = this.#level): Promise<void> {
    const { downloads, terrain } = this.#options;
    const quality = qualities[level];
    downloads.expect(filesFor(quality.avatars));
    const models = await readModels(quality.avatars, (name) => downloads.file(name));
    const before = this.#scene;
    this.#fit();
    this.#scene = new WorldScene({ engine: this.#engine, terrain, models, quality, names: true });
    before?.dispose();
    await finish(this.#scene, quality);
    this.#level = level;
    this.#options.onLevel(level);
  }

  /** Waits until every shader is there, then draws for as long as the page lives. */
  async run(): Promise<void> {
    const { world, frozen } = this.#options;
    if (frozen !== undefined) {
      for (let t = 0; t < frozen; t += frozenStep) world.advance(frozenStep, { x: 0, z: 0, run: false });
      this.#ambience = frozen;
    }
    this.#engine.runRenderLoop(() => this.#frame());
    await this.#scene!.scene.whenReadyAsync();
  }

  resize(): void {
    this.#fit();
  }

  /** Level by hand, or by measuring. */
  async choose(level: Level | "auto"): Promise<void> {
    this.#auto = level === "auto";
    if (level !== "auto" && level !== this.#level) await this.build(level);
  }

  #frame(): void {
    if (this.#scene === null) return;
    const { world, wish, lessMotion, guest, space, onFrame, frozen } = this.#options;
    const from = performance.now();
    const seconds = Math.min(0.25, this.#engine.getDeltaTime() / 1000);
    const { right, ahead, run, turn } = wish();
    if (turn !== 0) this.orbit = turned(this.orbit, turn * seconds * 2.2, 0);
    if (frozen === undefined) {
      world.advance(seconds, { ...pushFrom(this.orbit.yaw, right, ahead), run });
      this.#ambience += seconds * (lessMotion() ? calm : 1);
    }
    const free = space();
    const orbit = free === null ? this.orbit : portrait(this.orbit, free, this.#scene.lens);
    this.#scene.draw(world, orbit, this.#ambience, { seconds, guest: guest() });
    this.#frames += 1;
    onFrame(seconds);
    this.#scriptMs += performance.now() - from;
    if (this.#auto && frozen === undefined && this.#judge.frame(this.#engine.getDeltaTime()))
      void this.build(this.#judge.level);
  }
}

/** What a level does to a picture once it is drawn. */
async function finish({ scene, camera }: WorldScene, { antialias, bloom }: Quality): Promise<void> {
  if (bloom) (await import("./render/bloom.ts")).addBloom(scene, camera);
  else if (antialias) (await import("./render/smoothing.ts")).addSmoothing(camera);
}
