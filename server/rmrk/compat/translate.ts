/**
 * Remarks of old collections, as this zone would write them: those of RMRK 1.0, ids in their old spelling, JSON that was
 * not written compactly or not percent-encoded. Only forms are old here. What old readers let pass that was nobody's
 * to say stays refused: the rules are the same.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import { decodeAddress } from "../account.ts";
import { asciiOf } from "../ascii.ts";
import { joinRemark } from "../codec/fields.ts";
import { depthOf, encodeJson, isJsonObject, type Json, type JsonObject } from "../codec/json.ts";
import { RmrkError } from "../errors.ts";
import { remarkLengthMax } from "../limits.ts";
import type { State } from "../state/state.ts";
import { fromFirstVersion, type Said } from "./first-version.ts";
import { createdId, modernId } from "./ids.ts";

/** Which of an interaction's fields holds JSON. */
const jsonFields: { readonly [op: string]: number } = {
  CREATE: 0,
  BASE: 0,
  MINT: 0,
  RESADD: 1,
  THEMEADD: 2,
  SETPRIORITY: 1,
};

const jsonDepthMax = 8;

/** @returns the remark as it is where there is nothing old in it, or where it means nothing here. */
export function translate(state: State, remark: Uint8Array): Uint8Array {
  const text = remark.length > remarkLengthMax ? undefined : asciiOf(remark, 0x20, 0x7e);
  const [head, op, version, ...fields] = (text ?? "").split("::");
  if (head !== "RMRK" || op === undefined) return remark;
  try {
    const said = version === "1.0.0" ? fromFirstVersion({ op, fields }, jsonOf) : version === "2.0.0" && { op, fields };
    return said === false || said === undefined ? remark : utf8ToBytes(write(modern(state, said)));
  } catch (error) {
    // Text that no bytes stand for: it is refused as it is.
    if (!(error instanceof RmrkError)) throw error;
    return remark;
  }
}

const write = ({ op, fields }: Said): string => joinRemark(op, fields);

function modern(state: State, { op, fields }: Said): Said {
  const written = fields.map((field, at) => {
    if (at !== jsonFields[op]) return modernId(state, field);
    const tree = jsonOf(field);
    return tree === undefined ? field : encodeJson(modernTree(state, op, tree));
  });
  return { op, fields: written };
}

/** What a field says, encoded or not. Undefined: nothing that can be read. */
function jsonOf(field: string): Json | undefined {
  if (/^\s*[[{]/.test(field)) return parsed(field);
  try {
    return parsed(decodeURIComponent(field));
  } catch {
    return undefined;
  }
}

function parsed(text: string): Json | undefined {
  try {
    const tree = JSON.parse(text) as Json;
    return depthOf(tree, jsonDepthMax) > jsonDepthMax ? undefined : tree;
  } catch {
    return undefined;
  }
}

function modernTree(state: State, op: string, tree: Json): Json {
  if (!isJsonObject(tree)) return tree;
  if (op === "CREATE") return modernCreate(state, tree);
  if (op === "MINT") return withMember(tree, "collection", (id) => modernId(state, id));
  if (op !== "BASE" || !Array.isArray(tree["parts"])) return tree;
  const parts = (tree["parts"] as readonly Json[]).map((part) => {
    const equippable = isJsonObject(part) ? part["equippable"] : undefined;
    if (!isJsonObject(part) || !Array.isArray(equippable)) return part;
    const named = (equippable as readonly Json[]).map((id) => (typeof id === "string" ? modernId(state, id) : id));
    return { ...part, equippable: named };
  });
  return { ...tree, parts };
}

/** Its symbol in capitals, as programs wrote it; its id is made of the issuer and of that. */
function modernCreate({ prefix }: State, tree: JsonObject): JsonObject {
  const { issuer, symbol, id } = tree;
  if (typeof issuer !== "string" || typeof symbol !== "string" || typeof id !== "string") return tree;
  const capitals = symbol.toUpperCase();
  const creator = decodeAddress(issuer, prefix);
  return { ...tree, symbol: capitals, id: createdId(id, creator, capitals) };
}

const withMember = (tree: JsonObject, member: string, change: (text: string) => string): JsonObject => {
  const value = tree[member];
  return typeof value === "string" ? { ...tree, [member]: change(value) } : tree;
};
