/** Colours of the arena. Teams differ by shape, too. */

export interface TeamLook {
  readonly name: string;
  readonly fill: string;
  readonly edge: string;
}

export const teams: readonly TeamLook[] = [
  { name: "Lime", fill: "#cdfa50", edge: "#5d7d12" },
  { name: "Rose", fill: "#ff85b3", edge: "#8f2c5a" },
  { name: "Cyan", fill: "#6fdcff", edge: "#1f6d8a" },
  { name: "Amber", fill: "#ffc978", edge: "#8a5a14" },
];

export const night = "#07060f";
export const remembered = { floor: "#0e0b1c", wall: "#1a1530", line: "#241d40" };
export const lit = { floor: "#231b45", line: "rgb(190 170 255 / 0.07)", wall: "#4b3f86", edge: "#b3a4f5" };
export const finds = ["#e8e2ff", "#8dffb0", "#ffd86b"];
