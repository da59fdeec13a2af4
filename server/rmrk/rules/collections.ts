/** Who issues what: CREATE, CHANGEISSUER, LOCK and DESTROY. */
import type { AccountId } from "../account.ts";
import type { ChangeIssuer, Create, Destroy, Lock } from "../codec/collection.ts";
import type { RefusalCode } from "../errors.ts";
import { collectionIdOf, isCollectionId, type CollectionId } from "../ids.ts";
import type { Collection, State } from "../state/state.ts";
import type { Rule } from "./rule.ts";

/** Only the issuer can create its collection, and only under its id: nobody can take it, or issue in another's name. */
export const create: Rule<Create> = (state, { block, caller }, { id, issuer, symbol, max, metadata }) => {
  if (issuer !== caller) return "issuer-not-caller";
  if (id !== collectionIdOf(issuer, symbol)) return "collection-id-wrong";
  if (state.collections.has(id)) return "collection-exists";
  state.collections.set(id, {
    id,
    block,
    creator: caller,
    issuer,
    symbol,
    max,
    metadata,
    locked: false,
    destroyed: false,
    serials: new Set(),
    live: 0,
  });
  return [{ event: "collection-created", collection: id }];
};

export const changeIssuer: Rule<ChangeIssuer> = (state, { caller }, { of, issuer }) => {
  const entity = isCollectionId(of) ? collectionOf(state, of) : state.bases.get(of);
  if (entity === undefined) return isCollectionId(of) ? "collection-unknown" : "base-unknown";
  if (entity.issuer !== caller) return "not-issuer";
  entity.issuer = issuer;
  return [{ event: "issuer-changed", of, issuer }];
};

export const lock: Rule<Lock> = (state, { caller }, interaction) => {
  const collection = issuedCollection(state, caller, interaction.collection);
  if (typeof collection === "string") return collection;
  if (collection.locked) return "collection-locked";
  collection.locked = true;
  return [{ event: "collection-locked", collection: collection.id }];
};

/** Its id stays taken: created again, it could issue what was issued before. */
export const destroy: Rule<Destroy> = (state, { caller }, interaction) => {
  const collection = issuedCollection(state, caller, interaction.collection);
  if (typeof collection === "string") return collection;
  if (collection.live > 0) return "collection-in-use";
  collection.destroyed = true;
  return [{ event: "collection-destroyed", collection: collection.id }];
};

/** A collection that was not destroyed. */
export function collectionOf({ collections }: State, id: CollectionId): Collection | undefined {
  const collection = collections.get(id);
  return collection?.destroyed === true ? undefined : collection;
}

export function issuedCollection(state: State, caller: AccountId, id: CollectionId): Collection | RefusalCode {
  const collection = collectionOf(state, id);
  if (collection === undefined) return "collection-unknown";
  return collection.issuer === caller ? collection : "not-issuer";
}
