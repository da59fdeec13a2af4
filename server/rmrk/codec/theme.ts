/** Themes: named sets of colours of a base, and a resource's own colours. */
import { RmrkError } from "../errors.ts";
import { isName } from "../ids.ts";
import { themeEntriesMax, themeValueLengthMax } from "../limits.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { readWord } from "./values.ts";

export interface Theme {
  /** Whether NFTs inside the one that is drawn take its colours as well. */
  readonly inherit: boolean;
  readonly colours: Colours;
}

/** What each colour is called, and its text, which only a renderer understands. */
export type Colours = ReadonlyMap<string, string>;

const inheritMember = "_inherit";

/** @throws RmrkError "value-malformed". */
export function readTheme(tree: Json | undefined): Theme {
  if (!isJsonObject(tree)) throw new RmrkError("value-malformed");
  const { [inheritMember]: inherit, ...rest } = tree;
  if (inherit !== undefined && inherit !== true) throw new RmrkError("value-malformed");
  return { inherit: inherit === true, colours: readColours(rest) };
}

export const writeTheme = ({ inherit, colours }: Theme): JsonObject => ({
  ...writeColours(colours),
  ...(inherit ? { [inheritMember]: true } : {}),
});

/** @throws RmrkError "value-malformed". */
export function readColours(tree: Json | undefined): Colours {
  if (!isJsonObject(tree)) throw new RmrkError("value-malformed");
  const entries = Object.entries(tree);
  if (entries.length > themeEntriesMax) throw new RmrkError("value-malformed");
  return new Map(entries.map(([name, value]) => [readWord(name, isColourName), readWord(value, isColour)]));
}

export const writeColours = (colours: Colours): JsonObject => Object.fromEntries(colours);

const isColourName = (text: string): boolean => isName(text) && text !== inheritMember;
const isColour = (text: string): boolean => text.length <= themeValueLengthMax && !/\p{Cc}/u.test(text);
