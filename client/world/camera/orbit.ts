/** A camera that follows somebody: turns, tilts and distance as numbers. Pure; the scene only looks from where it says. */

export interface Orbit {
  /** Radians around the vertical; 0 looks along +z. */
  readonly yaw: number;
  /** Radians down from level. */
  readonly pitch: number;
  /** Metres; 0 is the first person's own eyes. */
  readonly distance: number;
  /** Default: a little over the head, so that the avatar stands below the middle of the picture. */
  readonly aim?: Aim;
}

/** Metres. */
export interface Aim {
  /** Height above the feet of what the camera turns around. */
  readonly height: number;
  /** From there to the middle of the picture: upwards, and to the right as the camera sees it. */
  readonly up: number;
  readonly aside: number;
}

export type Spot3 = [x: number, y: number, z: number];

export interface Sight {
  readonly eye: Spot3;
  /** What the eye turns around. */
  readonly pivot: Spot3;
  readonly target: Spot3;
}

export const farthest = 16;
const nearest = 2.6;
const lowest = -0.35;
const highest = 1.25;

/** Height of the eyes above the ground. */
const eyes = 1.42;

const usualAim: Aim = { height: eyes + 0.35, up: 0, aside: 0 };

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

export const newSight = (): Sight => ({ eye: [0, 0, 0], pivot: [0, 0, 0], target: [0, 0, 0] });

/**
 * From where to look and where to, for feet at this point. `ground` keeps the eye above the land.
 * @param sight is written and returned: whoever looks at every frame brings the same one.
 */
export function sightOf(
  { yaw, pitch, distance, aim = usualAim }: Orbit,
  feet: Readonly<Spot3>,
  ground: (x: number, z: number) => number,
  sight: Sight = newSight(),
): Sight {
  const { eye, pivot, target } = sight;
  const level = Math.cos(pitch);
  const ahead = Math.sin(yaw) * level;
  const down = Math.sin(pitch);
  const north = Math.cos(yaw) * level;
  if (distance === 0) {
    put(eye, feet[0], feet[1] + eyes, feet[2]);
    put(pivot, eye[0], eye[1], eye[2]);
    put(target, feet[0] + ahead, feet[1] + eyes - down, feet[2] + north);
    return sight;
  }
  put(pivot, feet[0], feet[1] + aim.height, feet[2]);
  put(target, pivot[0] + Math.cos(yaw) * aim.aside, pivot[1] + aim.up, pivot[2] - Math.sin(yaw) * aim.aside);
  put(eye, pivot[0] - ahead * distance, pivot[1] + down * distance, pivot[2] - north * distance);
  eye[1] = Math.max(eye[1], ground(eye[0], eye[2]) + 0.35);
  return sight;
}

function put(spot: Spot3, x: number, y: number, z: number): void {
  spot[0] = x;
  spot[1] = y;
  spot[2] = z;
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
