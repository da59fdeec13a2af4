/** What an island is made from, and the hub of Phala World. */

export type Direction = readonly [x: number, z: number];

export interface Gate {
  /** Names a destination; the room says what it is. */
  readonly id: string;
  /** Of the middle, from the island's middle. */
  readonly direction: Direction;
  /** Share of the island's radius. */
  readonly reach: number;
}

export interface Island {
  readonly radius: number;
  readonly seed: number;
  /** How far the rock hangs down. */
  readonly depth: number;
  /** Radius of the flat middle. */
  readonly plaza: number;
  /** Unit vectors: a path leads that way. */
  readonly paths: readonly Direction[];
  readonly gates: readonly Gate[];
}

const left: Direction = [-0.9, Math.sqrt(0.19)];
const right: Direction = [0.9, Math.sqrt(0.19)];

/** Metres. Everybody arrives at the south of the plaza and looks north, at the Origin and the dusk behind it. */
export const hub: Island = {
  radius: 30,
  seed: 11,
  depth: 26,
  plaza: 9.5,
  paths: [[0, 1], left, right, [0, -1]],
  gates: [
    { id: "dot4", direction: [0, 1], reach: 0.8 },
    { id: "skirmish", direction: left, reach: 0.8 },
    { id: "wilds", direction: right, reach: 0.8 },
  ],
};

/** Where an avatar stands first. */
export const arrival = { x: 0, z: -12.5 } as const;
