/** The account of a multisig: what Substrate's multisig pallet computes from its members. */
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { accountBytes, accountOf, type AccountId } from "../account.ts";

const label = utf8ToBytes("modlpy/utilisuba");

/** @param signatories in any order. At most 16,383, which no runtime admits. */
export function multisigAccount(signatories: readonly AccountId[], threshold: number): AccountId {
  const members = signatories.toSorted();
  return accountOf(
    blake2b(
      concatBytes(
        label,
        compact(members.length),
        ...members.map(accountBytes),
        Uint8Array.of(threshold & 0xff, threshold >> 8),
      ),
      { dkLen: 32 },
    ),
  );
}

/** A length as SCALE writes it, in one or two bytes. */
const compact = (length: number): Uint8Array =>
  length < 64 ? Uint8Array.of(length << 2) : Uint8Array.of(((length << 2) & 0xff) | 1, length >> 6);
