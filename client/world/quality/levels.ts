/** Three levels of quality: what each draws. */

export const levels = ["low", "medium", "high"] as const;
export type Level = (typeof levels)[number];

export interface Quality {
  /** Drawn pixels for each pixel of the screen, along one side; never more than the screen has. */
  readonly pixels: number;
  readonly antialias: boolean;
  /** Side of the shadow map, or none. */
  readonly shadows: number | null;
  /** Share of trees, rocks and grass that is drawn. Solid things are drawn always. */
  readonly dressing: number;
  readonly avatars: "full" | "low";
  readonly motes: boolean;
  /** A second pass that lets bright things bleed; it smooths edges, too. */
  readonly bloom: boolean;
  /** Metres to which names are written. */
  readonly nameReach: number;
}

export const qualities: Record<Level, Quality> = {
  low: {
    pixels: 0.75,
    antialias: false,
    shadows: null,
    dressing: 0.4,
    avatars: "low",
    motes: false,
    bloom: false,
    nameReach: 18,
  },
  medium: {
    pixels: 1,
    antialias: true,
    shadows: 1024,
    dressing: 1,
    avatars: "full",
    motes: true,
    bloom: false,
    nameReach: 26,
  },
  high: {
    pixels: 2,
    antialias: true,
    shadows: 2048,
    dressing: 1,
    avatars: "full",
    motes: true,
    bloom: true,
    nameReach: 34,
  },
};
