/** Hands of every kind play Skirmish: keys and mouse, keys alone, two thumbs. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stickMax } from "#skirmish/terms.ts";
import { cameraAt } from "../../../client/skirmish/arena/camera.ts";
import { Controls } from "../../../client/skirmish/arena/controls.ts";

/** As much of an element as hands touch. */
class Surface extends EventTarget {
  readonly setPointerCapture = vi.fn();
  getBoundingClientRect = () => ({ left: 10, top: 20 });
  closest = (): Element | null => null;
}

let page: EventTarget;
let surface: Surface;
let reload: ReturnType<typeof vi.fn<() => void>>;
let controls: Controls;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal("HTMLElement", Surface);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  surface = new Surface();
  reload = vi.fn<() => void>();
  controls = new Controls(surface as unknown as HTMLElement, () => cameraAt(0, 0, 800, 600), reload);
});

afterEach(() => vi.unstubAllGlobals());

const key = (type: "keydown" | "keyup", code: string, more: object = {}): void => {
  page.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { code, ...more }));
};

/** @param x in pixels of the page. */
const pointer = (type: string, x: number, y: number, more: object = {}): void => {
  const fields = { clientX: x + 10, clientY: y + 20, pointerType: "touch", pointerId: 1, button: 0, ...more };
  surface.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), fields));
};

test.for([
  [["KeyD"], stickMax, 0],
  [["ArrowLeft"], -stickMax, 0],
  [["KeyW", "KeyD"], 71, -71],
  [["KeyA", "KeyD"], 0, 0],
  [["KeyD", "ArrowRight"], stickMax, 0],
  [["KeyX"], 0, 0],
] as const)("%j walks", ([keys, east, south]) => {
  for (const code of keys) key("keydown", code);
  expect(controls.wants).toMatchObject({ east, south });
  for (const code of keys) key("keyup", code);
  expect(controls.wants).toMatchObject({ east: 0, south: 0 });
});

test("keys alone aim where one walks, keep that aim, and fire", () => {
  key("keydown", "ArrowDown");
  key("keydown", "Space");
  expect(controls.wants.aim).toBeCloseTo(Math.PI / 2);
  expect(controls.wants.trigger).toBe(1);
  key("keyup", "ArrowDown");
  key("keyup", "Space");
  expect(controls.wants).toMatchObject({ trigger: 0, south: 0 });
  expect(controls.wants.aim).toBeCloseTo(Math.PI / 2);
});

test("the mouse aims and fires; walking by arrows takes the aim back", () => {
  pointer("pointermove", 400, 0, { pointerType: "mouse" });
  expect(controls.wants.aim).toBeCloseTo(-Math.PI / 2);
  pointer("pointerdown", 800, 300, { pointerType: "mouse" });
  expect(controls.wants).toMatchObject({ trigger: 1, aim: 0 });
  pointer("pointerup", 800, 300, { pointerType: "mouse" });
  expect(controls.wants.trigger).toBe(0);
  key("keydown", "ArrowLeft");
  expect(controls.wants.aim).toBeCloseTo(Math.PI);
});

test("the left thumb walks, the right one aims and fires, each its own", () => {
  pointer("pointerdown", 100, 400, { pointerId: 1 });
  pointer("pointerdown", 700, 400, { pointerId: 2 });
  expect(controls.thumbs).toHaveLength(2);
  expect(controls.wants).toMatchObject({ east: 0, south: 0, trigger: 0 });
  pointer("pointermove", 126, 400, { pointerId: 1 });
  pointer("pointermove", 700, 340, { pointerId: 2 });
  expect(controls.wants).toMatchObject({ east: stickMax / 2, south: 0, trigger: 1 });
  expect(controls.wants.aim).toBeCloseTo(-Math.PI / 2);
  // However far: a stick has an end.
  pointer("pointermove", 500, 400, { pointerId: 1 });
  expect(controls.wants.east).toBe(stickMax);
  pointer("pointerup", 500, 400, { pointerId: 1 });
  pointer("pointercancel", 700, 340, { pointerId: 2 });
  expect(controls.wants).toMatchObject({ east: 0, south: 0, trigger: 0 });
  expect(controls.thumbs).toEqual([]);
});

test("R reloads once, however long it is held, and not with a modifier", () => {
  key("keydown", "KeyR");
  key("keydown", "KeyR", { repeat: true });
  key("keydown", "KeyR", { ctrlKey: true });
  expect(reload).toHaveBeenCalledTimes(1);
});

test("who leaves the window lets go of everything, and a closed page hears nothing", () => {
  key("keydown", "KeyD");
  pointer("pointerdown", 100, 400);
  page.dispatchEvent(new Event("blur"));
  expect(controls.wants).toMatchObject({ east: 0, south: 0, trigger: 0 });
  controls.close();
  key("keydown", "KeyD");
  expect(controls.wants.east).toBe(0);
});
