/**
 * Signed transactions: remarks in one batch that succeeds or fails as a whole. Which bytes mean what comes from the pinned
 * description of the runtime, never from a node.
 */
import { bytesToHex, concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { accountBytes } from "#rmrk/account.ts";
import { blake2b256, type BlockHash } from "../ledger/proof/header.ts";
import { compact, littleEndian, prefixed } from "../ledger/proof/scale.ts";
import { callIndex } from "../ledger/runtime/metadata.ts";
import type { Runtime } from "../ledger/runtime/runtimes.ts";
import { encodeEra, type Era } from "./era.ts";
import { RewardError } from "./errors.ts";
import type { IssuerKey } from "./issuer-key.ts";

export interface TransactionTerms {
  readonly runtime: Runtime;
  readonly genesis: BlockHash;
  readonly era: Era;
  readonly nonce: number;
}

interface Parts {
  readonly sent: Uint8Array;
  /** Signed and not sent. */
  readonly implied: Uint8Array;
}

const nothing = new Uint8Array(0);
const parts = (sent: Uint8Array, implied: Uint8Array = nothing): Parts => ({ sent, implied });
const none = Uint8Array.of(0);

/** What runtimes want besides a call, by name. No tip: there is nobody to hurry past. */
const extensions: { readonly [name: string]: (terms: TransactionTerms) => Parts } = {
  CheckNonZeroSender: () => parts(nothing),
  CheckSpecVersion: ({ runtime }) => parts(nothing, littleEndian(runtime.specVersion, 4)),
  CheckTxVersion: ({ runtime }) => parts(nothing, littleEndian(runtime.transactionVersion, 4)),
  CheckGenesis: ({ genesis }) => parts(nothing, hexToBytes(genesis)),
  CheckMortality: ({ era }) => parts(encodeEra(era), hexToBytes(era.birth.hash)),
  CheckNonce: ({ nonce }) => parts(compact(nonce)),
  CheckWeight: () => parts(nothing),
  ChargeTransactionPayment: () => parts(compact(0)),
  ChargeAssetTxPayment: () => parts(concatBytes(compact(0), none)),
  PrevalidateAttests: () => parts(nothing),
  CheckMetadataHash: () => parts(none, none),
  StorageWeightReclaim: () => parts(nothing),
};

/** From this length on the hash of what is signed is signed. */
const signedWholeMax = 256;
const versionSigned = 0x84;
const addressIsAccount = 0;
const signatureIsSr25519 = 1;

/**
 * @returns the transaction as blocks have it, with its length before it.
 * @throws RewardError "extension-unknown"; ProofError "metadata-malformed" for a runtime without batches or remarks.
 */
export const signTransaction = (remarks: readonly Uint8Array[], terms: TransactionTerms, key: IssuerKey): Uint8Array =>
  signCall(encodeCall(remarks, terms.runtime), terms, key);

/** Any call. @throws RewardError "extension-unknown". */
export function signCall(call: Uint8Array, terms: TransactionTerms, key: IssuerKey): Uint8Array {
  const all = terms.runtime.metadata.extensions.map(({ name }) => {
    const encode = Object.hasOwn(extensions, name) ? extensions[name] : undefined;
    if (encode === undefined) throw new RewardError("extension-unknown", name);
    return encode(terms);
  });
  const sent = concatBytes(...all.map((part) => part.sent));
  const payload = concatBytes(call, sent, ...all.map((part) => part.implied));
  const signature = key.sign(payload.length > signedWholeMax ? blake2b256(payload) : payload);
  return prefixed(
    concatBytes(
      Uint8Array.of(versionSigned, addressIsAccount),
      accountBytes(key.account),
      Uint8Array.of(signatureIsSr25519),
      signature,
      sent,
      call,
    ),
  );
}

/** One remark, or several that stand or fall together. */
function encodeCall(remarks: readonly Uint8Array[], { metadata }: Runtime): Uint8Array {
  const remark = callIndex(metadata, "System", "remark");
  const calls = remarks.map((bytes) => concatBytes(remark, prefixed(bytes)));
  if (calls.length === 1) return calls[0]!;
  return concatBytes(callIndex(metadata, "Utility", "batch_all"), compact(calls.length), ...calls);
}

/** What a chain calls it. */
export const transactionHash = (transaction: Uint8Array): string => bytesToHex(blake2b256(transaction));
