/** How somebody looks: a race, two colours, and what is worn. Codes are small and bounded, so that a room can carry them. */
import { partNames, parts, races, type Part, type Race, type Slot } from "./catalogue.ts";

/** Colours of cloth and shell. */
export const coats = ["#f4f1ff", "#a9def7", "#dbf39a", "#ffb6cf", "#ffdca8", "#c7b6ff", "#a6f0d4", "#8f88b8"] as const;
/** Colours of what shines. */
export const lights = ["#cdfa50", "#58d8ff", "#ff6fa3", "#ffc46b", "#b49bff", "#6bffc4"] as const;

/** Names of both, for people who choose by word. */
export const coatNames = ["Shell", "Sky", "Lime", "Rose", "Amber", "Violet", "Mint", "Slate"] as const;
export const lightNames = ["Acid green", "Cyan", "Rose", "Amber", "Violet", "Mint"] as const;

export interface Look {
  readonly race: Race;
  /** Index into `coats`. */
  readonly coat: number;
  /** Index into `lights`. */
  readonly light: number;
  /** At most one to a slot. */
  readonly parts: readonly Part[];
}

export const plainLook: Look = { race: "pandroid", coat: 0, light: 0, parts: [] };

/** Wears this part, instead of what was in its slot; takes it off if it is worn. */
export function withPart(look: Look, part: Part): Look {
  if (look.parts.includes(part)) return { ...look, parts: look.parts.filter((worn) => worn !== part) };
  const slot: Slot = parts[part];
  return { ...look, parts: [...look.parts.filter((worn) => parts[worn] !== slot), part] };
}

/** "pandroid.0.0" or "xgene.3.1.wizard-hood+blade". */
export const encodeLook = ({ race, coat, light, parts: worn }: Look): string =>
  [race, coat, light, ...(worn.length === 0 ? [] : [worn.join("+")])].join(".");

/** The look that such a text stands for, or undefined: a text from outside is no look until it has been read. */
export function decodeLook(text: string): Look | undefined {
  if (text.length > 200) return undefined;
  const [race, coat, light, worn = "", ...rest] = text.split(".");
  const list = worn === "" ? [] : worn.split("+");
  const slotsTaken = new Set(list.map((part) => parts[part as Part]));
  const fits =
    rest.length === 0 &&
    races.includes(race as Race) &&
    isIndex(coat, coats.length) &&
    isIndex(light, lights.length) &&
    list.every((part) => partNames.includes(part as Part)) &&
    slotsTaken.size === list.length;
  return fits ? { race: race as Race, coat: Number(coat), light: Number(light), parts: list as Part[] } : undefined;
}

const isIndex = (text: string | undefined, count: number): boolean =>
  text !== undefined && /^\d{1,2}$/.test(text) && String(Number(text)) === text && Number(text) < count;
