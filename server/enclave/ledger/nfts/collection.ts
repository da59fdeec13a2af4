/** What a state says of a collection: how many items there were, how many there may be, and whether an account issues in it. */
import { bytesToHex } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { demand } from "../proof/errors.ts";
import { littleEndian, ScaleReader } from "../proof/scale.ts";
import { blake2b128Concat, storageKey } from "../proof/storage-keys.ts";

export interface CollectionState {
  readonly owner: AccountId;
  /** Items that were ever minted: the runtime remembers burned ones of our collections. */
  readonly minted: number;
  /** Items that there may be at once; undefined: as many as there are numbers. */
  readonly max: number | undefined;
  /** Whether the account may mint, and what it has signed counts. */
  readonly issues: boolean;
}

/** A bit of `CollectionRoles`. */
const roleIssuer = 1;

/** What has to be proven to know one. */
export function collectionKeys(
  collection: number,
  issuer: AccountId,
): readonly [collection: Uint8Array, config: Uint8Array, roles: Uint8Array] {
  const of = blake2b128Concat(littleEndian(collection, 4));
  return [
    storageKey("Nfts", "Collection", of),
    storageKey("Nfts", "CollectionConfigOf", of),
    storageKey("Nfts", "CollectionRoleOf", of, blake2b128Concat(accountBytes(issuer))),
  ];
}

/** @param values proven, under `collectionKeys`. @returns undefined: there is none. @throws ProofError "item-malformed". */
export function collectionOfValues(values: readonly (Uint8Array | undefined)[]): CollectionState | undefined {
  const [details, config, roles] = values;
  if (details === undefined || config === undefined) return undefined;
  const reader = new ScaleReader(details, "item-malformed");
  const owner = bytesToHex(reader.take(32)) as AccountId;
  // What was paid for it; items that are there, and those of them with metadata.
  reader.take(16 + 4 + 4);
  const minted = reader.u32();
  demand(roles === undefined || roles.length === 1, "item-malformed");
  return { owner, minted, max: maxOf(config), issues: roles !== undefined && (roles[0]! & roleIssuer) !== 0 };
}

function maxOf(config: Uint8Array): number | undefined {
  const reader = new ScaleReader(config, "item-malformed");
  // What is not allowed in it.
  reader.take(8);
  const some = reader.u8();
  demand(some <= 1, "item-malformed");
  return some === 0 ? undefined : reader.u32();
}
