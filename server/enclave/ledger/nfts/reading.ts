/** Collections, places and accounts in the state after a final block: all of it proven, in as few questions as there can be. */
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import type { ChainSource } from "../follow/source.ts";
import type { BlockRef } from "../proof/finality.ts";
import { ScaleReader } from "../proof/scale.ts";
import { accountKey, storageKey } from "../proof/storage-keys.ts";
import { verifyStorage } from "../proof/storage.ts";
import { collectionKeys, collectionOfValues, type CollectionState } from "./collection.ts";
import { slotKeys, slotOfValues, type Slot } from "./slot.ts";

export interface Place {
  readonly collection: number;
  readonly item: number;
}

export interface NftsQuestion {
  readonly collections?: readonly number[];
  readonly places?: readonly Place[];
  /** Whose funds are of interest. */
  readonly accounts?: readonly AccountId[];
}

export interface NftsAnswer {
  /** The block, as the runtime counts blocks for deadlines. */
  readonly block: number;
  /** In the order in which they were asked for; undefined: there is none. */
  readonly collections: readonly (CollectionState | undefined)[];
  readonly places: readonly Slot[];
  /** What is not reserved, in the chain's smallest unit. */
  readonly funds: readonly bigint[];
}

/** In whose blocks a runtime counts deadlines: in its own, or in those of its relay chain. Runtimes differ. */
export type DeadlineBlocks = "own" | "relay";

export interface NftsState {
  readonly block: BlockRef;
  readonly stateRoot: Uint8Array;
}

/** Of one question to a node. */
const keysMax = 240;
const relayBlockKey = storageKey("ParachainSystem", "LastRelayChainBlockNumber");

/**
 * @param issuer whose roles are of interest.
 * @throws ProofError as `verifyStorage`; "item-malformed", "account-malformed", "time-missing" where no relay chain's block
 *   is known; whatever the source throws.
 */
export async function readNfts(
  source: Pick<ChainSource, "storage">,
  { block, stateRoot }: NftsState,
  issuer: AccountId,
  { collections = [], places = [], accounts = [] }: NftsQuestion,
  counted: DeadlineBlocks = "own",
): Promise<NftsAnswer> {
  const keys = [
    ...(counted === "relay" ? [relayBlockKey] : []),
    ...collections.flatMap((collection) => collectionKeys(collection, issuer)),
    ...places.flatMap(({ collection, item }) => slotKeys(collection, item)),
    ...accounts.map((account) => accountKey(accountBytes(account))),
  ];
  const values: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < keys.length; at += keysMax) {
    const some = keys.slice(at, at + keysMax);
    values.push(...verifyStorage(stateRoot, await source.storage(block.hash, some), some));
  }
  let at = 0;
  const next = (count: number): readonly (Uint8Array | undefined)[] => values.slice(at, (at += count));
  return {
    block: counted === "relay" ? relayBlockOf(next(1)[0]) : block.number,
    collections: collections.map(() => collectionOfValues(next(3))),
    places: places.map(() => slotOfValues(next(3))),
    funds: accounts.map(() => fundsOf(next(1)[0])),
  };
}

const relayBlockOf = (value: Uint8Array | undefined): number =>
  new ScaleReader(value ?? new Uint8Array(0), "time-missing").u32();

/** Of `System.Account`: the nonce, three counts of references, then what is free. */
function fundsOf(account: Uint8Array | undefined): bigint {
  if (account === undefined) return 0n;
  const reader = new ScaleReader(account, "account-malformed");
  reader.take(16);
  return reader.integer(16);
}
