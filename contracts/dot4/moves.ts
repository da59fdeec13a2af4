/** What a player of Dot4 may ask for. Parsed before the rules see it. */
import * as v from "valibot";
import { sameCell, size } from "./board.ts";

/** Bombs each player hides before play. */
export const bombsEach = 3;

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(size - 1));
const cell = v.strictTuple([coordinate, coordinate]);
const cells = v.strictTuple([cell, cell, cell]);

const distinct = ([a, b, c]: v.InferOutput<typeof cells>): boolean =>
  !sameCell(a, b) && !sameCell(b, c) && !sameCell(a, c);

export const moveSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("place"),
    bombs: v.pipe(cells, v.check(distinct, "Choose three different cells.")),
  }),
  v.strictObject({
    kind: v.literal("drop"),
    side: v.picklist(["top", "right", "bottom", "left"]),
    line: coordinate,
  }),
  v.strictObject({ kind: v.literal("resign") }),
]);

export type Move = v.InferOutput<typeof moveSchema>;
export type Place = Extract<Move, { kind: "place" }>;
export type Drop = Extract<Move, { kind: "drop" }>;
