/** Where the camera stands so that somebody is seen whole in the part of the picture that is free. Pure. */
import type { Orbit } from "./orbit.ts";

/** A part of the picture: 0 to 1 from the left and from the top. */
export interface Space {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Lens {
  /** Radians from the bottom of the picture to its top. */
  readonly fov: number;
  /** Width by height. */
  readonly aspect: number;
}

/** Metres that are to be seen: somebody with a hat, and a little air. */
const tall = 2.5;
const broad = 1.7;
const middle = 1.02;

export function portrait(orbit: Orbit, { left, top, width, height }: Space, { fov, aspect }: Lens): Orbit {
  const slope = Math.tan(fov / 2);
  const distance = Math.max(2.8, tall / (2 * slope * height), broad / (2 * slope * aspect * width));
  const half = slope * distance;
  // What is right of the middle is shown there by looking to its left.
  const aside = (1 - 2 * left - width) * half * aspect;
  const up = (2 * top + height - 1) * half;
  return { ...orbit, distance, aim: { height: middle, up, aside } };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a panel leaves free of a window below its bar: the largest part beside it or above it. Pixels in, shares out. */
export function spaceBeside(
  panel: Box,
  bar: number,
  window: { readonly width: number; readonly height: number },
): Space {
  const beside = (left: number, right: number, bottom: number): Box => ({ left, right, top: bar, bottom });
  const parts = [
    beside(panel.right, window.width, window.height),
    beside(0, panel.left, window.height),
    beside(0, window.width, panel.top),
  ];
  const best = parts.reduce((one, other) => (roomIn(other) > roomIn(one) ? other : one));
  return {
    left: best.left / window.width,
    top: best.top / window.height,
    width: (best.right - best.left) / window.width,
    height: Math.max(0.12, (best.bottom - best.top) / window.height),
  };
}

/** How large somebody can be there. */
const roomIn = ({ left, right, top, bottom }: Box): number => Math.min((right - left) * (tall / broad), bottom - top);
