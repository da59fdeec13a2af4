/**
 * What is signed of a transaction, and what it is when it was signed. Which bytes mean what comes from the pinned
 * description of the runtime, never from a node.
 */
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { demand } from "../proof/errors.ts";
import { blake2b256, type BlockHash } from "../proof/header.ts";
import { compact, littleEndian, prefixed } from "../proof/scale.ts";
import type { Runtime } from "./runtimes.ts";

export interface SigningTerms {
  readonly runtime: Runtime;
  readonly genesis: BlockHash;
  readonly nonce: number;
  /** Two bytes: how long it may be included, and the block on which it was signed. */
  readonly era: Uint8Array;
  readonly birth: BlockHash;
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
const extensions: { readonly [name: string]: (terms: SigningTerms) => Parts } = {
  CheckNonZeroSender: () => parts(nothing),
  CheckSpecVersion: ({ runtime }) => parts(nothing, littleEndian(runtime.specVersion, 4)),
  CheckTxVersion: ({ runtime }) => parts(nothing, littleEndian(runtime.transactionVersion, 4)),
  CheckGenesis: ({ genesis }) => parts(nothing, hexToBytes(genesis)),
  CheckMortality: ({ era, birth }) => parts(era, hexToBytes(birth)),
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

export interface Unsigned {
  /** What a key signs. */
  readonly payload: Uint8Array;
  /**
   * As blocks have it, with its length before it.
   *
   * @param signature one byte for its kind (`MultiSignature`), then the signature.
   */
  readonly signed: (account: AccountId, signature: Uint8Array) => Uint8Array;
}

/** @throws ProofError "extension-unknown". */
export function prepareCall(call: Uint8Array, terms: SigningTerms): Unsigned {
  const all = terms.runtime.metadata.extensions.map(({ name }) => {
    const encode = Object.hasOwn(extensions, name) ? extensions[name] : undefined;
    demand(encode !== undefined, "extension-unknown", name);
    return encode(terms);
  });
  const sent = concatBytes(...all.map((part) => part.sent));
  const payload = concatBytes(call, sent, ...all.map((part) => part.implied));
  return {
    payload: payload.length > signedWholeMax ? blake2b256(payload) : payload,
    signed: (account, signature) =>
      prefixed(
        concatBytes(Uint8Array.of(versionSigned, addressIsAccount), accountBytes(account), signature, sent, call),
      ),
  };
}
