/** A stick under a thumb: where the finger is, as a wish. Pure. */

export interface StickPush {
  /** -1 to 1. */
  readonly right: number;
  readonly ahead: number;
  /** Pushed to the rim. */
  readonly run: boolean;
}

/** Share of the radius in which a resting thumb means nothing. */
const deadZone = 0.16;
const runZone = 0.94;

/** For a finger this many pixels right of and below the middle of a stick of this radius. */
export function stickPush(dx: number, dy: number, radius: number): StickPush {
  const length = Math.hypot(dx, dy) / radius;
  if (length < deadZone) return { right: 0, ahead: 0, run: false };
  const strength = Math.min(1, (length - deadZone) / (1 - deadZone));
  const factor = strength / (length * radius);
  return { right: dx * factor, ahead: -dy * factor, run: length >= runZone };
}

/** Where the knob is drawn: with the finger, but inside. */
export function knobAt(dx: number, dy: number, radius: number): { readonly x: number; readonly y: number } {
  const factor = Math.min(1, radius / (Math.hypot(dx, dy) || 1));
  return { x: dx * factor, y: dy * factor };
}
