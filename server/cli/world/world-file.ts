/** What a world has on its chain besides what rooms issue: the owner's collections and bases, and who is to be able to pay. */
import { readFile } from "node:fs/promises";
import { collectionTermsLimits, readCollections, type CollectionTerms } from "#protocol/award.ts";
import { isRecord } from "#protocol/value.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { readBase, type Base } from "#rmrk/codec/base.ts";
import type { Json } from "#rmrk/codec/json.ts";
import { RmrkError } from "#rmrk/errors.ts";
import { collectionIdOf, isCollectionSymbol, type CollectionId } from "#rmrk/ids.ts";
import { addressOf } from "../items/verbs.ts";
import { ItemsError } from "../items/items-error.ts";

export interface WorldItems {
  /** Who owns it all. */
  readonly owner: AccountId;
  /** Who issues what contracts award, by the contract's name: `phatroom verify` tells. */
  readonly issuers: ReadonlyMap<string, AccountId>;
  /** What each of these is to have for fees, in the chain's smallest unit. */
  readonly funds: bigint;
  /** The owner's own, by symbol. */
  readonly collections: { readonly [symbol: string]: CollectionTerms };
  readonly bases: readonly Base[];
  /** On pallet-nfts: collections in which contracts' issuers issue, by the contract and the symbol, "dot4/DOT4". */
  readonly issued: ReadonlyMap<string, IssuedCollection>;
}

export interface IssuedCollection {
  /** What the enclave calls it. */
  readonly id: CollectionId;
  readonly issuer: AccountId;
  /** Items that there may ever be, as the contract declares. */
  readonly max: number;
}

const fileBytesMax = 1024 * 1024;
const limits = { issuers: 64, bases: 16, issued: 64 } as const;
const members = ["issuers", "funds", "collections", "bases", "issued"];

/** @throws ItemsError with what is wrong in it. */
export async function readWorldFile(file: string, owner: AccountId, prefix: number): Promise<WorldItems> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ItemsError(`${file} cannot be read.`);
  });
  if (text.length > fileBytesMax) throw new ItemsError(`${file} is longer than a megabyte.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ItemsError(`${file} is no JSON.`);
  }
  return worldItemsOf(value, owner, prefix);
}

/** @param prefix of the chain's addresses. @throws ItemsError with what is wrong in it. */
export function worldItemsOf(value: unknown, owner: AccountId, prefix: number): WorldItems {
  if (!isRecord(value)) throw new ItemsError("A world's items are an object: { issuers, funds, collections, bases }.");
  const unknown = Object.keys(value).find((key) => !members.includes(key));
  if (unknown !== undefined) throw new ItemsError(`"${unknown}" is nothing that a world has: ${members.join(", ")}.`);
  const { issuers = {}, funds = "0", collections, bases = {}, issued = {} } = value;
  const issuing = issuersIn(issuers, prefix);
  const own = collections === undefined ? {} : readCollections(collections);
  if (own === undefined) {
    throw new ItemsError(
      '"collections" are 1 to 16, like { "SPIRITS": { "max": 1000, "metadata": "ipfs://…" } }, with at most 8 resources each.',
    );
  }
  if (typeof funds !== "string" || !/^\d{1,30}$/.test(funds)) {
    throw new ItemsError('"funds" are digits in a string, in the chain\'s smallest unit.');
  }
  return {
    owner,
    issuers: issuing,
    funds: BigInt(funds),
    collections: own,
    bases: basesIn(bases, (name) => collectionNamed(name, owner, issuing), owner, prefix),
    issued: issuedIn(issued, issuing),
  };
}

function issuedIn(value: unknown, issuers: ReadonlyMap<string, AccountId>): ReadonlyMap<string, IssuedCollection> {
  if (!isRecord(value) || Object.keys(value).length > limits.issued) {
    throw new ItemsError('"issued" are like { "dot4/DOT4": { "max": 1000 } }.');
  }
  return new Map(
    Object.entries(value).map(([name, terms]) => {
      const [contract = "", symbol = "", ...more] = name.split("/");
      const issuer = issuers.get(contract);
      if (issuer === undefined)
        throw new ItemsError(`${name} is issued by ${contract}, which "issuers" does not name.`);
      const max = isRecord(terms) ? terms["max"] : undefined;
      const sound = typeof max === "number" && Number.isInteger(max) && max >= 1 && max <= collectionTermsLimits.max;
      if (!isCollectionSymbol(symbol) || more.length > 0 || !sound) {
        throw new ItemsError(`"${name}" is no collection with a size, like "dot4/DOT4": { "max": 1000 }.`);
      }
      return [name, { id: collectionIdOf(issuer, symbol), issuer, max }];
    }),
  );
}

function issuersIn(value: unknown, prefix: number): ReadonlyMap<string, AccountId> {
  if (!isRecord(value) || Object.keys(value).length > limits.issuers) {
    throw new ItemsError('"issuers" are like { "dot4": "<address>" }.');
  }
  return new Map(
    Object.entries(value).map(([contract, address]) => [
      contract,
      addressOf(typeof address === "string" ? address : "", prefix),
    ]),
  );
}

function basesIn(value: unknown, named: (name: unknown) => string, owner: AccountId, prefix: number): readonly Base[] {
  if (!isRecord(value) || Object.keys(value).length > limits.bases) {
    throw new ItemsError('"bases" are like { "spirit": { "type": "svg", "parts": [ … ] } }.');
  }
  return Object.entries(value).map(([symbol, base]) => {
    const parts: unknown = isRecord(base) ? base["parts"] : undefined;
    if (!isRecord(base) || !Array.isArray(parts)) throw new ItemsError(`The base "${symbol}" has a list of parts.`);
    const whole = {
      ...base,
      symbol,
      issuer: encodeAddress(owner, prefix),
      parts: parts.map((part: unknown) => {
        if (!isRecord(part) || !Array.isArray(part["equippable"])) return part;
        return { ...part, equippable: part["equippable"].map(named) };
      }),
    };
    try {
      return readBase(whole as Json, prefix);
    } catch (error) {
      if (!(error instanceof RmrkError)) throw error;
      throw new ItemsError(`The base "${symbol}" is none that a chain's readers would take: ${error.message}.`);
    }
  });
}

/** "dot4/DOT4": of what a contract awards; "SPIRITS": of the owner's own. */
function collectionNamed(name: unknown, owner: AccountId, issuers: ReadonlyMap<string, AccountId>): string {
  const words = typeof name === "string" ? name : "";
  const [symbol, contract, ...more] = words.split("/").toReversed();
  if (symbol === undefined || !isCollectionSymbol(symbol) || more.length > 0) {
    throw new ItemsError(`${JSON.stringify(name)} is no collection, like "dot4/DOT4" or "SPIRITS".`);
  }
  const issuer = contract === undefined ? owner : issuers.get(contract);
  if (issuer === undefined) throw new ItemsError(`${words} is issued by ${contract}, which "issuers" does not name.`);
  return collectionIdOf(issuer, symbol);
}
