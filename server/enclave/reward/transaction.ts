/** Signed transactions: remarks in one batch that succeeds or fails as a whole. */
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { blake2b256, type BlockHash } from "../ledger/proof/header.ts";
import { batchCall, remarkCall } from "../ledger/runtime/calls.ts";
import type { Metadata } from "../ledger/runtime/metadata.ts";
import type { Runtime } from "../ledger/runtime/runtimes.ts";
import { prepareCall } from "../ledger/runtime/signing.ts";
import { encodeEra, type Era } from "../ledger/runtime/era.ts";
import type { IssuerKey } from "./issuer-key.ts";

export interface TransactionTerms {
  readonly runtime: Runtime;
  readonly genesis: BlockHash;
  readonly era: Era;
  readonly nonce: number;
}

const signatureIsSr25519 = 1;

/**
 * @returns the transaction as blocks have it, with its length before it.
 * @throws ProofError "extension-unknown"; "metadata-malformed" for a runtime without batches or remarks.
 */
export const signTransaction = (remarks: readonly Uint8Array[], terms: TransactionTerms, key: IssuerKey): Uint8Array =>
  signCall(remarksCall(remarks, terms.runtime.metadata), terms, key);

const remarksCall = (remarks: readonly Uint8Array[], metadata: Metadata): Uint8Array =>
  batchCall(
    metadata,
    remarks.map((remark) => remarkCall(metadata, remark)),
  );

/** Any call. @throws ProofError "extension-unknown". */
export function signCall(call: Uint8Array, terms: TransactionTerms, key: IssuerKey): Uint8Array {
  const { era, ...rest } = terms;
  const { payload, signed } = prepareCall(call, { ...rest, era: encodeEra(era), birth: era.birth.hash });
  return signed(key.account, concatBytes(Uint8Array.of(signatureIsSr25519), key.sign(payload)));
}

/** What a chain calls it. */
export const transactionHash = (transaction: Uint8Array): string => bytesToHex(blake2b256(transaction));
