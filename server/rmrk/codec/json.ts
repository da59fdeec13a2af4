/** JSON in a field: written as `JSON.stringify` does, nested only so deep, without members that have a second meaning. */
import { RmrkError } from "../errors.ts";
import { decodeText, encodeText } from "./fields.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

/** A base: an object, its parts, a part, the collections of a slot. A property's value lies three levels deep, and has four of its own. */
const depthMax = 8;

/**
 * @throws RmrkError "json-malformed" for everything that is not compact JSON without repeated members, spaces or second
 *   spellings of numbers and characters; "encoding-malformed".
 */
export function decodeJson(field: string): Json {
  const text = decodeText(field);
  let tree: Json;
  try {
    tree = JSON.parse(text) as Json;
  } catch {
    throw new RmrkError("json-malformed");
  }
  if (depthOf(tree, depthMax) > depthMax || JSON.stringify(tree) !== text) throw new RmrkError("json-malformed");
  return tree;
}

export const encodeJson = (tree: Json): string => encodeText(JSON.stringify(tree));

/**
 * How deep a tree nests: 0 for a scalar. Stops looking beyond `enough`.
 *
 * @throws RmrkError "json-malformed" for text with lone surrogates, and for a member called `__proto__`.
 */
export function depthOf(tree: Json, enough: number): number {
  if (typeof tree === "string" && !tree.isWellFormed()) throw new RmrkError("json-malformed");
  if (typeof tree !== "object" || tree === null) return 0;
  if (enough === 0) return 1;
  let deepest = 0;
  for (const member of Object.keys(tree)) {
    if (member === "__proto__" || !member.isWellFormed()) throw new RmrkError("json-malformed");
    deepest = Math.max(deepest, depthOf((tree as JsonObject)[member]!, enough - 1));
  }
  return deepest + 1;
}

export const isJsonObject = (tree: Json | undefined): tree is JsonObject =>
  typeof tree === "object" && tree !== null && !Array.isArray(tree);

/**
 * The members of an object that has all the required ones and none but these.
 *
 * @throws RmrkError "member-malformed".
 */
export function membersOf(
  tree: Json | undefined,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (!isJsonObject(tree)) throw new RmrkError("member-malformed", "not an object");
  for (const member of required) {
    if (!Object.hasOwn(tree, member)) throw new RmrkError("member-malformed", `${member} is missing`);
  }
  for (const member of Object.keys(tree)) {
    if (!required.includes(member) && !optional.includes(member)) {
      throw new RmrkError("member-malformed", `${member} is unknown`);
    }
  }
  return tree;
}

/** The same object without members that are undefined: JSON has none. */
export const present = (members: { readonly [member: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));
