/** The arena on a canvas: looks at the rows at every frame, draws them, and says what hands want. */
import type { Input } from "#client/input/input.ts";
import { makeField } from "#skirmish/field.ts";
import type { Push } from "#skirmish/components.ts";
import { sight, type View } from "#skirmish/terms.ts";
import { cameraAt, type Camera } from "./camera.ts";
import { Controls } from "./controls.ts";
import { draw } from "./draw.ts";
import { lightFrom } from "./light.ts";
import { Memory } from "./memory.ts";
import { gearOf, sceneOf, type GearNow, type Rows } from "./scene.ts";

export interface StageOptions {
  readonly canvas: HTMLCanvasElement;
  readonly rows: Rows;
  /** Undefined for spectators. */
  readonly input: Input<typeof Push> | undefined;
  readonly view: () => View | null;
  readonly tickNow: () => number;
  readonly nameOf: (seat: number) => string;
  /** Told at every frame. */
  readonly show: (
    self: { readonly health: number; readonly team: number } | undefined,
    gear: GearNow | undefined,
  ) => void;
}

/** Ticks that loading takes. */
const loading = 28;
const hurtMs = 450;

export class Stage {
  readonly #options: StageOptions;
  readonly #pen: CanvasRenderingContext2D;
  readonly #controls: Controls;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #camera: Camera;
  #memory: Memory | undefined;
  #frame = 0;
  #health = 0;
  #hurtAt = Number.NEGATIVE_INFINITY;

  constructor(options: StageOptions) {
    const { canvas, input } = options;
    this.#options = options;
    this.#pen = canvas.getContext("2d", { alpha: false })!;
    this.#camera = cameraAt(0, 0, canvas.clientWidth, canvas.clientHeight);
    this.#controls = new Controls(
      canvas,
      () => this.#camera,
      () => input?.press("reloads"),
    );
    const again = (): void => {
      this.#frame = requestAnimationFrame(again);
      this.#draw();
    };
    again();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#controls.close();
    this.#options.input?.stop();
  }

  #draw(): void {
    const { canvas, rows, input, view, nameOf, show } = this.#options;
    const shown = view();
    const scene = sceneOf(rows);
    const gear = gearOf(rows);
    const { self } = scene;
    show(self, gear);
    input?.set(this.#controls.wants);
    if (shown === null) return;
    const { field } = (this.#memory = this.#memoryOf(shown));
    const ratio = Math.min(2, devicePixelRatio);
    const { clientWidth, clientHeight } = canvas;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const middle = field.tiles;
    this.#camera = cameraAt(self?.x ?? middle, self?.z ?? middle, clientWidth, clientHeight);
    const { x, z, scale } = this.#camera;
    const light = self === undefined ? undefined : lightFrom(field, x, z, sight);
    if (light !== undefined) this.#memory.take(light, x, z);
    draw(this.#pen, {
      camera: { x, z, width, height, scale: scale * ratio },
      field,
      seen: this.#memory.seen,
      light,
      scene,
      nameOf,
      hurt: this.#hurt(self?.health ?? 0),
      ready: this.#ready(gear),
    });
    this.#drawThumbs(ratio);
  }

  #memoryOf({ field: { seed, tiles } }: View): Memory {
    const known = this.#memory;
    if (known !== undefined && known.field.tiles === tiles && this.#seed === seed) return known;
    this.#seed = seed;
    return new Memory(makeField(seed, tiles));
  }
  #seed: number | undefined;

  #hurt(health: number): number {
    const now = performance.now();
    if (health < this.#health) this.#hurtAt = now;
    this.#health = health;
    const left = 1 - (now - this.#hurtAt) / hurtMs;
    return this.#calm.matches ? Math.min(0.4, Math.max(0, left)) : Math.max(0, left);
  }

  #ready(gear: GearNow | undefined): number {
    if (gear === undefined) return 1;
    const left = gear.readyAt - this.#options.tickNow();
    return Math.min(1, Math.max(0, 1 - left / loading));
  }

  #drawThumbs(ratio: number): void {
    const pen = this.#pen;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const { fromX, fromY, x, y } of this.#controls.thumbs) {
      const length = Math.max(1, Math.hypot(x - fromX, y - fromY) / 52);
      pen.strokeStyle = "#ffffff55";
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(fromX, fromY, 52, 0, 2 * Math.PI);
      pen.stroke();
      pen.fillStyle = "#ffffff66";
      pen.beginPath();
      pen.arc(fromX + (x - fromX) / length, fromY + (y - fromY) / length, 24, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}
