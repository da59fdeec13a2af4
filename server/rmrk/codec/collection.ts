/** CREATE, CHANGEISSUER, LOCK and DESTROY: a collection's life, and who may issue in it. */
import { decodeAddress, encodeAddress, type AccountId } from "../account.ts";
import { RmrkError } from "../errors.ts";
import { isBaseId, isCollectionId, isCollectionSymbol, type BaseId, type CollectionId } from "../ids.ts";
import { collectionSizeMax } from "../limits.ts";
import type { Codec } from "./codec.ts";
import { decodeJson, encodeJson, membersOf } from "./json.ts";
import { expectFields, readCollectionId, readInteger, readUri, readWord } from "./values.ts";

export interface Create {
  readonly op: "CREATE";
  readonly id: CollectionId;
  readonly issuer: AccountId;
  readonly symbol: string;
  /** How many NFTs may ever be issued; 0: as many as there are serial numbers. */
  readonly max: number;
  readonly metadata: string;
}

export interface ChangeIssuer {
  readonly op: "CHANGEISSUER";
  readonly of: CollectionId | BaseId;
  readonly issuer: AccountId;
}

export interface Lock {
  readonly op: "LOCK";
  readonly collection: CollectionId;
}

export interface Destroy {
  readonly op: "DESTROY";
  readonly collection: CollectionId;
}

export const create: Codec<Create> = {
  decode(fields, prefix) {
    expectFields(fields, 1);
    const members = membersOf(decodeJson(fields[0]!), ["max", "issuer", "symbol", "id", "metadata"]);
    return {
      op: "CREATE",
      id: readCollectionId(members["id"]),
      issuer: decodeAddress(
        readWord(members["issuer"], () => true),
        prefix,
      ),
      symbol: readWord(members["symbol"], isCollectionSymbol),
      max: readInteger(members["max"], 0, collectionSizeMax),
      metadata: readUri(members["metadata"]),
    };
  },
  encode({ id, issuer, symbol, max, metadata }, prefix) {
    return [encodeJson({ max, issuer: encodeAddress(issuer, prefix), symbol, id, metadata })];
  },
};

export const changeIssuer: Codec<ChangeIssuer> = {
  decode(fields, prefix) {
    expectFields(fields, 2);
    const [of, issuer] = fields as [string, string];
    if (!isCollectionId(of) && !isBaseId(of)) throw new RmrkError("id-malformed");
    return { op: "CHANGEISSUER", of, issuer: decodeAddress(issuer, prefix) };
  },
  encode: ({ of, issuer }, prefix) => [of, encodeAddress(issuer, prefix)],
};

export const lock: Codec<Lock> = {
  decode(fields) {
    expectFields(fields, 1);
    return { op: "LOCK", collection: readCollectionId(fields[0]) };
  },
  encode: ({ collection }) => [collection],
};

export const destroy: Codec<Destroy> = {
  decode(fields) {
    expectFields(fields, 1);
    return { op: "DESTROY", collection: readCollectionId(fields[0]) };
  },
  encode: ({ collection }) => [collection],
};
