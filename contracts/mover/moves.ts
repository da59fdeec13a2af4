/** What a player may do: go in a direction, or stand. */
import * as v from "valibot";
import { directionCount } from "./directions.ts";

export const moveSchema = v.object({
  direction: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(directionCount - 1)),
  walking: v.boolean(),
});

export type Move = v.InferOutput<typeof moveSchema>;
