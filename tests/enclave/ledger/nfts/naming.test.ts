/** Which number the chain gave to a collection: its cold owner's first word, about the collection and about the number. */
import { expect, test } from "vitest";
import type { Word } from "#enclave/ledger/follow/block.ts";
import { NamedCollections, namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { alice, bob } from "../../../rmrk/support/people.ts";

const [cups, hats] = [collectionIdOf(bob, "CUPS"), collectionIdOf(bob, "HATS")];
let said = 0;
const word = (bytes: Uint8Array, caller = alice): Word => ({ block: 1, extrinsic: said++, caller, bytes });

function named(...words: readonly Word[]): NamedCollections {
  const collections = new NamedCollections(alice);
  collections.read(words);
  return collections;
}

test("the owner's word names it", () => {
  const collections = named(word(namingRemark(7, cups)));
  expect(collections.numberOf(cups)).toBe(7);
  expect([...collections.all]).toEqual([[7, cups]]);
  expect(collections.numberOf(hats)).toBeUndefined();
});

test("a second word about a collection changes nothing", () => {
  const collections = named(word(namingRemark(7, cups)), word(namingRemark(8, cups)));
  expect([...collections.all]).toEqual([[7, cups]]);
});

test("a number that is one collection's is no other's, whoever is named later", () => {
  const collections = named(word(namingRemark(7, cups)), word(namingRemark(7, hats)));
  expect([...collections.all]).toEqual([[7, cups]]);
  expect(collections.numberOf(hats)).toBeUndefined();
  collections.read([word(namingRemark(9, hats))]);
  expect(collections.numberOf(hats)).toBe(9);
});

test.for<readonly [string, Word]>([
  ["another's word", word(namingRemark(7, cups), bob)],
  ["a number beyond those of the chain", word(namingRemark(2 ** 32, cups))],
  ["a number in another spelling", word(utf8ToBytes(`PHATROOM::COLLECTION::1::07::${cups}`))],
  ["a collection that is none", word(utf8ToBytes("PHATROOM::COLLECTION::1::7::cups"))],
  ["a word with something behind it", word(utf8ToBytes(`PHATROOM::COLLECTION::1::7::${cups}::x`))],
  ["a word that is longer than any", word(utf8ToBytes(`PHATROOM::COLLECTION::1::7::${cups}${" ".repeat(300)}`))],
])("%s names nothing", ([, one]) => {
  expect([...named(one).all]).toEqual([]);
});
