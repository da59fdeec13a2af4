/** How somebody looks, out of the numbers of a row. A number that this page does not know is drawn as the plainest there is. */
import { partsOfLook, type slotFields } from "#phala-world/codes.ts";
import { partNames, races, type Part } from "../avatars/catalogue.ts";
import { coats, lights, type Look } from "../avatars/look.ts";

type Field = (typeof slotFields)[keyof typeof slotFields];

export interface LookNumbers extends Readonly<Record<Field, number>> {
  readonly race: number;
  readonly coat: number;
  readonly light: number;
}

export const lookOf = (row: LookNumbers): Look => ({
  race: races[row.race] ?? "pandroid",
  coat: row.coat < coats.length ? row.coat : 0,
  light: row.light < lights.length ? row.light : 0,
  parts: partsOfLook(row).filter((part): part is Part => partNames.includes(part)),
});
