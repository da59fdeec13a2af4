/** What a player may do: go in a direction, or stand. */
import type { Contract } from "#contract/index.ts";
import { directionCount } from "./directions.ts";

export interface Move {
  readonly direction: number;
  readonly walking: boolean;
}

const reason = "a move is { direction: 0 to 31, walking: true or false }";

/** By hand, which takes no library: a Standard Schema is an object with this one function. */
export const moveSchema: Contract<unknown, Move, unknown>["moves"] = {
  "~standard": {
    version: 1,
    vendor: "mover",
    validate: (value) => (isMove(value) ? { value } : { issues: [{ message: reason }] }),
  },
};

function isMove(value: unknown): value is Move {
  if (typeof value !== "object" || value === null) return false;
  const { direction, walking } = value as Partial<Record<keyof Move, unknown>>;
  if (typeof direction !== "number" || !Number.isInteger(direction)) return false;
  return direction >= 0 && direction < directionCount && typeof walking === "boolean";
}
