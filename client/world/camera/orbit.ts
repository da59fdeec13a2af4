/** A camera that follows somebody: turns, tilts and distance as numbers. Pure; the scene only looks from where it says. */

export interface Orbit {
  /** Radians around the vertical; 0 looks along +z. */
  readonly yaw: number;
  /** Radians down from level. */
  readonly pitch: number;
  /** Metres; 0 is the first person's own eyes. */
  readonly distance: number;
}

export interface Sight {
  readonly eye: readonly [x: number, y: number, z: number];
  readonly target: readonly [x: number, y: number, z: number];
}

export const farthest = 16;
const nearest = 2.6;
const lowest = -0.35;
const highest = 1.25;

/** Height of the eyes above the ground. */
const eyes = 1.42;

export const startOrbit: Orbit = { yaw: 0, pitch: 0.16, distance: 7.5 };

/** Turned by a drag of this many radians. */
export const turned = (orbit: Orbit, right: number, down: number): Orbit => ({
  ...orbit,
  yaw: wrapped(orbit.yaw + right),
  pitch: Math.max(lowest, Math.min(highest, orbit.pitch + down)),
});

/** Nearer or farther by a factor. The first person begins when one goes nearer than the nearest. */
export function zoomed(orbit: Orbit, factor: number): Orbit {
  if (orbit.distance === 0) return factor > 1 ? { ...orbit, distance: nearest } : orbit;
  const wanted = orbit.distance * factor;
  return { ...orbit, distance: wanted < nearest ? 0 : Math.min(farthest, wanted) };
}

/** First person, or back. */
export const toggledView = (orbit: Orbit): Orbit => ({
  ...orbit,
  distance: orbit.distance === 0 ? startOrbit.distance : 0,
});

/** From where to look and where to, for feet at this point. `ground` keeps the eye above the land. */
export function sightOf(
  { yaw, pitch, distance }: Orbit,
  feet: readonly [x: number, y: number, z: number],
  ground: (x: number, z: number) => number,
): Sight {
  const [x, y, z] = feet;
  const forward = [Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)] as const;
  const head = [x, y + eyes, z] as const;
  if (distance === 0) return { eye: head, target: [x + forward[0], y + eyes + forward[1], z + forward[2]] };
  // A little over the head, so that the avatar stands below the middle of the picture.
  const target = [x, y + eyes + 0.35, z] as const;
  const eye = [
    target[0] - forward[0] * distance,
    target[1] - forward[1] * distance,
    target[2] - forward[2] * distance,
  ] as const;
  return { eye: [eye[0], Math.max(eye[1], ground(eye[0], eye[2]) + 0.35), eye[2]], target };
}

/** A wish in the camera's directions as one in the world's. */
export function pushFrom(yaw: number, right: number, ahead: number): { readonly x: number; readonly z: number } {
  const length = Math.hypot(right, ahead);
  if (length === 0) return { x: 0, z: 0 };
  const factor = 1 / Math.max(1, length);
  const [s, c] = [Math.sin(yaw), Math.cos(yaw)];
  return { x: (right * c + ahead * s) * factor, z: (ahead * c - right * s) * factor };
}

const wrapped = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));
