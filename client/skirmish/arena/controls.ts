/**
 * What hands want: keys and mouse, keys alone, or two thumbs. Wants are numbers of an input row; nothing is sent here.
 *
 * Keys alone are enough: arrows walk and aim, the space bar fires.
 */
import { stickMax } from "#skirmish/terms.ts";
import { angleTo, type Camera } from "./camera.ts";

export interface Wants {
  readonly east: number;
  readonly south: number;
  readonly aim: number;
  readonly trigger: number;
}

const ways: Readonly<Record<string, readonly [east: number, south: number]>> = {
  KeyW: [0, -1],
  ArrowUp: [0, -1],
  KeyS: [0, 1],
  ArrowDown: [0, 1],
  KeyA: [-1, 0],
  ArrowLeft: [-1, 0],
  KeyD: [1, 0],
  ArrowRight: [1, 0],
};

/** Pixels that a thumb moves until the stick is at its end. */
const thumbReach = 52;
/** Part of that from which the right thumb fires. */
const thumbFires = 0.45;

export interface Thumb {
  readonly pointer: number;
  readonly fromX: number;
  readonly fromY: number;
  x: number;
  y: number;
}

export class Controls {
  readonly #target: HTMLElement;
  readonly #camera: () => Camera;
  readonly #reload: () => void;
  readonly #keys = new Set<string>();
  readonly #stop = new AbortController();
  #mouse: { readonly x: number; readonly y: number } | undefined;
  #pressed = false;
  #aim = 0;
  #left: Thumb | undefined;
  #right: Thumb | undefined;

  /** @param target that pointers play on. */
  constructor(target: HTMLElement, camera: () => Camera, reload: () => void) {
    this.#target = target;
    this.#camera = camera;
    this.#reload = reload;
    const { signal } = this.#stop;
    addEventListener("keydown", (event) => this.#keyDown(event), { signal });
    addEventListener("keyup", (event) => this.#keys.delete(event.code), { signal });
    addEventListener("blur", () => this.#letGo(), { signal });
    target.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    target.addEventListener("pointermove", (event) => this.#move(event), { signal });
    for (const name of ["pointerup", "pointercancel"] as const)
      target.addEventListener(name, (event) => this.#up(event), { signal });
    target.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  }

  close(): void {
    this.#stop.abort();
  }

  /** Thumbs that are down, to be drawn. */
  get thumbs(): readonly Thumb[] {
    return [this.#left, this.#right].filter((thumb) => thumb !== undefined);
  }

  get wants(): Wants {
    const { east, south } = this.#walk();
    return { east, south, aim: this.#aimNow(east, south), trigger: this.#fires() ? 1 : 0 };
  }

  #walk(): { readonly east: number; readonly south: number } {
    if (this.#left !== undefined) return stickOf(this.#left);
    let [east, south] = [0, 0];
    for (const key of this.#keys) {
      const [wayEast, waySouth] = ways[key] ?? [0, 0];
      east += wayEast;
      south += waySouth;
    }
    // Two keys for one way are no faster than one, nor slower.
    const [wayEast, waySouth] = [Math.sign(east), Math.sign(south)];
    const scale = stickMax / Math.max(1, Math.hypot(wayEast, waySouth));
    return { east: Math.round(wayEast * scale), south: Math.round(waySouth * scale) };
  }

  #aimNow(east: number, south: number): number {
    if (this.#right !== undefined && lengthOf(this.#right) > 8) {
      this.#aim = Math.atan2(this.#right.y - this.#right.fromY, this.#right.x - this.#right.fromX);
    } else if (this.#mouse !== undefined) {
      this.#aim = angleTo(this.#camera(), this.#mouse.x, this.#mouse.y);
    } else if (east !== 0 || south !== 0) {
      this.#aim = Math.atan2(south, east);
    }
    return this.#aim;
  }

  #fires(): boolean {
    const thumb = this.#right !== undefined && lengthOf(this.#right) > thumbReach * thumbFires;
    return this.#pressed || thumb || this.#keys.has("Space");
  }

  #keyDown(event: KeyboardEvent): void {
    const { code, target } = event;
    // Not while somebody writes or stands on a button.
    if (target instanceof HTMLElement && target.closest("input, button, a, dialog") !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (code === "KeyR" && !event.repeat) this.#reload();
    if (ways[code] === undefined && code !== "Space") return;
    event.preventDefault();
    // Whoever walks by arrows aims by walking, until the mouse moves.
    if (code.startsWith("Arrow")) this.#mouse = undefined;
    this.#keys.add(code);
  }

  #letGo(): void {
    this.#keys.clear();
    this.#pressed = false;
    this.#left = undefined;
    this.#right = undefined;
  }

  #down(event: PointerEvent): void {
    const { x, y } = this.#placeOf(event);
    if (event.pointerType === "mouse") {
      this.#mouse = { x, y };
      if (event.button === 0) this.#pressed = true;
      return;
    }
    event.preventDefault();
    this.#mouse = undefined;
    this.#target.setPointerCapture(event.pointerId);
    const thumb: Thumb = { pointer: event.pointerId, fromX: x, fromY: y, x, y };
    if (x < this.#camera().width / 2) this.#left ??= thumb;
    else this.#right ??= thumb;
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#placeOf(event);
    if (event.pointerType === "mouse") {
      this.#mouse = { x, y };
      return;
    }
    for (const thumb of this.thumbs) if (thumb.pointer === event.pointerId) Object.assign(thumb, { x, y });
  }

  #up(event: PointerEvent): void {
    if (event.pointerType === "mouse") this.#pressed = false;
    if (this.#left?.pointer === event.pointerId) this.#left = undefined;
    if (this.#right?.pointer === event.pointerId) this.#right = undefined;
  }

  /** In pixels of the camera. */
  #placeOf(event: PointerEvent): { readonly x: number; readonly y: number } {
    const box = this.#target.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

const lengthOf = ({ fromX, fromY, x, y }: Thumb): number => Math.hypot(x - fromX, y - fromY);

function stickOf(thumb: Thumb): { readonly east: number; readonly south: number } {
  const scale = stickMax / Math.max(thumbReach, lengthOf(thumb));
  return { east: Math.round((thumb.x - thumb.fromX) * scale), south: Math.round((thumb.y - thumb.fromY) * scale) };
}
