/** BASE, EQUIPPABLE and THEMEADD: what composed NFTs are made of. */
import { decodeAddress, encodeAddress, type AccountId } from "../account.ts";
import { RmrkError } from "../errors.ts";
import { isSymbol, type BaseId, type CollectionId } from "../ids.ts";
import { equippableMax, partsMax, themesMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { decodeJson, encodeJson, isJsonObject, membersOf, present, type Json, type JsonObject } from "./json.ts";
import { readTheme, writeTheme, type Theme } from "./theme.ts";
import {
  expectFields,
  optional,
  readBaseId,
  readCollectionId,
  readInteger,
  readList,
  readName,
  readUri,
  readWord,
} from "./values.ts";

/** Which collections' NFTs a slot takes. */
export type Equippable = "*" | readonly CollectionId[];

/** Drawn at `z`, higher ones over lower ones. */
export type Part =
  | { readonly kind: "fixed"; readonly id: string; readonly z: number; readonly src: string }
  | {
      readonly kind: "slot";
      readonly id: string;
      readonly z: number;
      readonly equippable: Equippable;
      /** Drawn while nothing is equipped. */
      readonly src: string | undefined;
    };

export interface Base {
  readonly op: "BASE";
  readonly issuer: AccountId;
  readonly symbol: string;
  /** What its parts are: "svg", "png", "mixed". */
  readonly type: string;
  readonly parts: readonly Part[];
  readonly themes: ReadonlyMap<string, Theme>;
  readonly metadata: string | undefined;
}

export interface ChangeEquippable {
  readonly op: "EQUIPPABLE";
  readonly base: BaseId;
  readonly part: string;
  readonly change: "add" | "remove" | "set";
  /** "*" only with `set`. */
  readonly collections: Equippable;
}

export interface ThemeAdd {
  readonly op: "THEMEADD";
  readonly base: BaseId;
  readonly name: string;
  readonly theme: Theme;
}

const typePattern = /^[a-z][a-z0-9+./-]{0,31}$/;
/** Enough to leave room between any two parts. */
const zMax = 1_000_000;

export const base: Codec<Base> = {
  decode(fields, prefix) {
    expectFields(fields, 1);
    return readBase(decodeJson(fields[0]!), prefix);
  },
  encode: (interaction, prefix) => [encodeJson(writeBase(interaction, prefix))],
};

/** @throws RmrkError with a code of reading. */
export function readBase(tree: Json, prefix: number): Base {
  const members = membersOf(tree, ["symbol", "type", "issuer", "parts"], ["themes", "metadata"]);
  return {
    op: "BASE",
    issuer: decodeAddress(
      readWord(members["issuer"], () => true),
      prefix,
    ),
    symbol: readWord(members["symbol"], isSymbol),
    type: readWord(members["type"], (text) => typePattern.test(text)),
    parts: readParts(members["parts"]!),
    themes: readThemes(members["themes"]),
    metadata: optional(members["metadata"], readUri),
  };
}

export function writeBase(
  { symbol, type, issuer, parts, themes, metadata }: Omit<Base, "op">,
  prefix: number,
): JsonObject {
  return present({
    symbol,
    type,
    issuer: encodeAddress(issuer, prefix),
    parts: parts.map(writePart),
    themes: themes.size === 0 ? undefined : writeThemes(themes),
    metadata,
  });
}

function readParts(tree: Json): readonly Part[] {
  if (!Array.isArray(tree) || tree.length > partsMax) throw new RmrkError("value-malformed");
  const parts = (tree as readonly Json[]).map(readPart);
  if (new Set(parts.map(({ id }) => id)).size !== parts.length) throw new RmrkError("value-malformed", "named twice");
  return parts;
}

function readPart(tree: Json): Part {
  const kind = isJsonObject(tree) ? tree["type"] : undefined;
  if (kind === "fixed") {
    const { id, src, z } = membersOf(tree, ["id", "type", "src", "z"]);
    return { kind, id: readName(id), z: readZ(z), src: readUri(src) };
  }
  if (kind !== "slot") throw new RmrkError("value-malformed", "part type");
  const { id, equippable, z, src } = membersOf(tree, ["id", "type", "equippable", "z"], ["src"]);
  return {
    kind,
    id: readName(id),
    z: readZ(z),
    equippable: equippable === "*" ? "*" : readList(equippable, equippableMax, readCollectionId),
    src: optional(src, readUri),
  };
}

const writePart = (part: Part): JsonObject =>
  present(
    part.kind === "fixed"
      ? { id: part.id, type: part.kind, src: part.src, z: part.z }
      : { id: part.id, type: part.kind, equippable: part.equippable, z: part.z, src: part.src },
  );

const readZ = (value: Json | undefined): number => readInteger(value, -zMax, zMax);

function readThemes(tree: Json | undefined): ReadonlyMap<string, Theme> {
  if (tree === undefined) return new Map();
  if (!isJsonObject(tree)) throw new RmrkError("value-malformed");
  const entries = Object.entries(tree);
  // None has one spelling: no member at all.
  if (entries.length === 0 || entries.length > themesMax) throw new RmrkError("value-malformed");
  return new Map(entries.map(([name, theme]) => [readName(name), readTheme(theme)]));
}

const writeThemes = (themes: ReadonlyMap<string, Theme>): JsonObject =>
  Object.fromEntries(Array.from(themes, ([name, theme]) => [name, writeTheme(theme)]));

const signs = { add: "+", remove: "-", set: "" } as const;

export const equippable: Codec<ChangeEquippable> = {
  decode(fields) {
    expectFields(fields, 3);
    const [of, part, text] = fields as [string, string, string];
    const change = text.startsWith("+") ? "add" : text.startsWith("-") ? "remove" : "set";
    return {
      op: "EQUIPPABLE",
      base: readBaseId(of),
      part: readName(part),
      change,
      collections: text === "*" ? "*" : readClasses(text.slice(signs[change].length)),
    };
  },
  encode({ base: of, part, change, collections }) {
    return [of, part, `${signs[change]}${collections === "*" ? "*" : collections.join(",")}`];
  },
};

/** At least one: a slot that takes nothing is not written this way. */
const readClasses = (text: string): readonly CollectionId[] =>
  readList(text.split(",", equippableMax + 1), equippableMax, readCollectionId);

export const themeAdd: Codec<ThemeAdd> = {
  decode(fields) {
    expectFields(fields, 3);
    const [of, name, theme] = fields as [string, string, string];
    return { op: "THEMEADD", base: readBaseId(of), name: readName(name), theme: readTheme(decodeJson(theme)) };
  },
  encode: ({ base: of, name, theme }) => [of, name, encodeJson(writeTheme(theme))],
};
