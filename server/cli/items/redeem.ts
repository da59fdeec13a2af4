/** Mints what a room has signed for its player, out of what the page of items copies for the command line. */
import { readFile } from "node:fs/promises";
import { preSignedCall, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { readNfts } from "#enclave/ledger/nfts/reading.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { readPreSigned } from "#protocol/award.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { isRecord } from "#protocol/value.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { FollowedChain, ItemsTerms } from "./followed-chain.ts";
import { ItemsError } from "./items-error.ts";
import type { ItemKey } from "./key.ts";

export interface Redeemable {
  readonly voucher: string;
  readonly signed: SignedMint;
}

const textMax = 16 * 1024;

/** @throws ItemsError. */
export async function readRedeemable(file: string): Promise<Redeemable> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ItemsError(`${file} cannot be read.`);
  });
  let value: unknown;
  try {
    value = text.length > textMax ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { id, name, metadata, mint } = isRecord(value) ? value : {};
  const read = readPreSigned(mint);
  const sound = typeof id === "string" && typeof name === "string" && ["string", "undefined"].includes(typeof metadata);
  if (read === undefined || !sound) {
    throw new ItemsError(`${file} is no voucher that can be redeemed, as the page of items copies it.`);
  }
  const { signer, signature, account, ...place } = read;
  const attributes = attributesOf({ id, symbol: name, metadata: metadata as string | undefined });
  const minted = { ...place, attributes, onlyAccount: account as AccountId };
  return { voucher: id, signed: { mint: minted, signer: signer as AccountId, signature: hexToBytes(signature) } };
}

/**
 * Nothing is signed that the chain would refuse as far as can be known.
 *
 * @returns the final block in which it is there.
 * @throws ItemsError.
 */
export async function redeem(
  chain: Pick<FollowedChain, "view" | "source" | "send">,
  { nfts }: ItemsTerms,
  { voucher, signed }: Redeemable,
  key: ItemKey,
): Promise<number> {
  if (nfts === undefined) throw new ItemsError("Items of this chain are RMRK's: they come by themselves.");
  const { mint, signer } = signed;
  if (mint.onlyAccount !== key.account) throw new ItemsError("This was signed for another account.");
  const view = await chain.view();
  const read = async (at: typeof view) => {
    const { collection } = mint;
    const question = { collections: [collection], places: [{ collection, item: mint.item }] };
    return readNfts(chain.source, at, signer, question, nfts.deadlines);
  };
  const { block, collections, places } = await read(view);
  if (places[0]!.minted) throw new ItemsError("This item was minted already.");
  if (mint.deadline <= block) throw new ItemsError("It was not redeemed in time. Ask a room of the place again.");
  if (collections[0]?.issues !== true) throw new ItemsError("Whoever signed this issues here no more, or never did.");
  const done = async (now: typeof view): Promise<boolean> => (await read(now)).places[0]!.voucher === voucher;
  return (await chain.send(preSignedCall(view.runtime.metadata, signed), key, view, done)).block.number;
}
