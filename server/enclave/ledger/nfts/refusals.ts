/** Why a runtime did not do what a call asked for, as codes. */
import type { ChainEvent } from "#rmrk/extrinsic/call.ts";
import { errorName, type Metadata } from "../runtime/metadata.ts";
import { VariantValue } from "../runtime/value.ts";

export const nftsRefusals = {
  "item-exists": "This item was minted already.",
  "item-of-another": "This may be redeemed by another account only.",
  "voucher-expired": "It was not redeemed in time. It is signed again.",
  "voucher-forged": "This was altered, or signed by somebody else.",
  "issuer-revoked": "Whoever signed this issues here no more, or never did.",
  "collection-full": "All items that this collection may ever have were minted.",
  "item-unknown": "There is no such item, or it is somebody else's.",
  "item-locked": "This item cannot change hands or be changed.",
  "funds-missing": "The account cannot pay what the chain asks for.",
  "refused-otherwise": "The chain refused this for another reason.",
} as const;

export type NftsRefusal = keyof typeof nftsRefusals;

const codes: { readonly [name: string]: NftsRefusal } = {
  "Nfts.AlreadyExists": "item-exists",
  "Nfts.WrongOrigin": "item-of-another",
  "Nfts.DeadlineExpired": "voucher-expired",
  "Nfts.WrongSignature": "voucher-forged",
  "Nfts.NoPermission": "issuer-revoked",
  "Nfts.MaxSupplyReached": "collection-full",
  "Nfts.UnknownItem": "item-unknown",
  "Nfts.ItemLocked": "item-locked",
  "Nfts.LockedItemMetadata": "item-locked",
  "Nfts.ItemsNonTransferable": "item-locked",
  "Balances.InsufficientBalance": "funds-missing",
};

/** @param events of one extrinsic. @returns undefined if it was done. */
export function refusalOf(metadata: Metadata, events: readonly ChainEvent[]): NftsRefusal | undefined {
  const failed = events.find(({ section, method }) => section === "system" && method === "ExtrinsicFailed");
  if (failed === undefined) return undefined;
  const error = failed.data["dispatchError"];
  if (!(error instanceof VariantValue)) return "refused-otherwise";
  if (error.name === "Token") return "funds-missing";
  const { index, error: bytes } = (error.value ?? {}) as { readonly index?: unknown; readonly error?: unknown };
  if (error.name !== "Module" || typeof index !== "number" || !(bytes instanceof Uint8Array))
    return "refused-otherwise";
  const name = errorName(metadata, index, bytes[0]!);
  return (name !== undefined && Object.hasOwn(codes, name) ? codes[name] : undefined) ?? "refused-otherwise";
}
