/** From metres to pixels and back: the player in the middle. Pure. */

export interface Camera {
  /** Metres, in the middle of the picture. */
  readonly x: number;
  readonly z: number;
  /** Pixels of a metre. */
  readonly scale: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export const cameraAt = (x: number, z: number, width: number, height: number): Camera => ({
  x,
  z,
  width,
  height,
  // As far as anybody sees, along the longer side; larger on a phone, where fighters would be dots.
  scale: Math.min(34, Math.max(15, Math.max(width, height) / 46)),
});

/** The angle from the player to a point of the picture. */
export const angleTo = ({ width, height }: Camera, x: number, y: number): number =>
  Math.atan2(y - height / 2, x - width / 2);
