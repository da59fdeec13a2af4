/** RESADD and SETPRIORITY: the forms an NFT has, and which of them comes first. */
import { RmrkError } from "../errors.ts";
import type { BaseId, NftId, SlotId } from "../ids.ts";
import { partsMax, resourcesMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { decodeJson, encodeJson, membersOf, present, type Json, type JsonObject } from "./json.ts";
import { readColours, writeColours, type Colours } from "./theme.ts";
import { expectFields, optional, readBaseId, readList, readName, readNftId, readSlotId, readUri } from "./values.ts";

/** One form of an NFT: a picture, a composition of a base's parts, or what it looks like in a slot. */
export interface Resource {
  readonly id: string;
  readonly src: string | undefined;
  readonly thumb: string | undefined;
  readonly metadata: string | undefined;
  readonly base: BaseId | undefined;
  /** Those of the base's parts that this NFT is made of. */
  readonly parts: readonly string[] | undefined;
  readonly slot: SlotId | undefined;
  /** The base's theme that it is drawn with, and colours of its own over it. */
  readonly themeId: string | undefined;
  readonly theme: Colours | undefined;
}

export interface ResourceAdd {
  readonly op: "RESADD";
  readonly nft: NftId;
  readonly resource: Resource;
  /** The id of the resource whose place it takes. */
  readonly replaces: string | undefined;
}

export interface SetPriority {
  readonly op: "SETPRIORITY";
  readonly nft: NftId;
  /** All accepted resources, the first one first. */
  readonly resources: readonly string[];
}

const optionalMembers = ["base", "src", "parts", "slot", "thumb", "metadata", "theme", "themeId"];

export const resourceAdd: Codec<ResourceAdd> = {
  decode(fields) {
    expectFields(fields, 2, 3);
    const [nft, tree, replaces] = fields as [string, string, string?];
    return {
      op: "RESADD",
      nft: readNftId(nft),
      resource: readResource(decodeJson(tree)),
      replaces: optional(replaces, readName),
    };
  },
  encode({ nft, resource, replaces }) {
    return [nft, encodeJson(writeResource(resource)), ...(replaces === undefined ? [] : [replaces])];
  },
};

/** @throws RmrkError with a code of reading. */
export function readResource(tree: Json): Resource {
  const members = membersOf(tree, ["id"], optionalMembers);
  const resource: Resource = {
    id: readName(members["id"]),
    src: optional(members["src"], readUri),
    thumb: optional(members["thumb"], readUri),
    metadata: optional(members["metadata"], readUri),
    base: optional(members["base"], readBaseId),
    parts: optional(members["parts"], (parts) => readList(parts, partsMax, readName)),
    slot: optional(members["slot"], readSlotId),
    themeId: optional(members["themeId"], readName),
    theme: optional(members["theme"], readColours),
  };
  checkWhole(resource);
  return resource;
}

export function writeResource({ theme, ...resource }: Resource): JsonObject {
  const { id, base, src, parts, slot, thumb, metadata, themeId } = resource;
  const colours = theme === undefined ? undefined : writeColours(theme);
  return present({ id, base, src, parts, slot, thumb, metadata, theme: colours, themeId });
}

/** A resource shows something; parts and themes are those of its base; its slot is one of its base, if it names both. */
function checkWhole({ src, metadata, base, parts, slot, themeId, theme }: Resource): void {
  if (src === undefined && metadata === undefined && parts === undefined) {
    throw new RmrkError("member-malformed", "an empty resource");
  }
  const ofBase = parts !== undefined || themeId !== undefined || theme !== undefined;
  if (ofBase && base === undefined) throw new RmrkError("member-malformed", "no base");
  if (base !== undefined && parts === undefined && slot === undefined) {
    throw new RmrkError("member-malformed", "a base without parts or slot");
  }
}

export const setPriority: Codec<SetPriority> = {
  decode(fields) {
    expectFields(fields, 2);
    const resources = readList(decodeJson(fields[1]!), resourcesMax, readName);
    return { op: "SETPRIORITY", nft: readNftId(fields[0]), resources };
  },
  encode: ({ nft, resources }) => [nft, encodeJson(resources)],
};
