/**
 * An item that its player mints: signed by whoever may issue in the collection, for one account, until a block
 * (`PreSignedMint` of pallet-nfts).
 */
import type { PreSigned } from "#protocol/award.ts";
import { bytesToHex, concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { compact, littleEndian, prefixed } from "../proof/scale.ts";
import { callIndex, type Metadata } from "../runtime/metadata.ts";
import { attributeKeyMax, attributesMax, attributeValueMax } from "./limits.ts";

export interface PreSignedMint {
  readonly collection: number;
  readonly item: number;
  /** Where an item's description is, too: the metadata of items is fixed in our collections, to nothing. */
  readonly attributes: readonly (readonly [key: string, value: string])[];
  /** Nobody else can use it. */
  readonly onlyAccount: AccountId;
  /** The last block that may include it, as the runtime counts blocks for this. */
  readonly deadline: number;
}

export interface SignedMint {
  readonly mint: PreSignedMint;
  readonly signer: AccountId;
  /** By sr25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Who signs: an `IssuerKey` is one. */
export interface MintKey {
  readonly account: AccountId;
  sign(message: Uint8Array): Uint8Array;
}

const some = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(1), bytes);
const none = Uint8Array.of(0);
const noMetadata = prefixed(new Uint8Array(0));
const signatureIsSr25519 = 1;

/** What is signed. It costs nothing but the chain's own fees. @throws RangeError for what the runtime would not take. */
export function encodeMint({ collection, item, attributes, onlyAccount, deadline }: PreSignedMint): Uint8Array {
  if (attributes.length > attributesMax) throw new RangeError("too many attributes");
  return concatBytes(
    littleEndian(collection, 4),
    littleEndian(item, 4),
    compact(attributes.length),
    ...attributes.flatMap(([key, value]) => [bounded(key, attributeKeyMax), bounded(value, attributeValueMax)]),
    noMetadata,
    some(accountBytes(onlyAccount)),
    littleEndian(deadline, 4),
    none,
  );
}

/** @throws as `encodeMint`. */
export const preSign = (mint: PreSignedMint, key: MintKey): SignedMint => ({
  mint,
  signer: key.account,
  signature: key.sign(encodeMint(mint)),
});

/** As its player is told of it; what the item says is told beside it. */
export const asPreSigned = ({ mint, signer, signature }: SignedMint): PreSigned => ({
  collection: mint.collection,
  item: mint.item,
  deadline: mint.deadline,
  account: mint.onlyAccount,
  signer,
  signature: bytesToHex(signature),
});

/** The call with which the account mints it. @throws ProofError "metadata-malformed" for a runtime that has none. */
export const preSignedCall = (metadata: Metadata, { mint, signer, signature }: SignedMint): Uint8Array =>
  concatBytes(
    callIndex(metadata, "Nfts", "mint_pre_signed"),
    encodeMint(mint),
    Uint8Array.of(signatureIsSr25519),
    signature,
    accountBytes(signer),
  );

function bounded(text: string, max: number): Uint8Array {
  const bytes = utf8ToBytes(text);
  if (bytes.length > max) throw new RangeError("a text that is too long");
  return prefixed(bytes);
}
