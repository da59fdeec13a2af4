/**
 * What a player does with items: remarks of RMRK, or a mint of pallet-nfts, in a transaction which the wallet signs and the gateway takes to the chain.
 * Its bytes are made here, by the pinned description of the runtime; the wallet shows them to its owner.
 */
import type { ExtensionWallet } from "#client/extension.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { preSignedCall } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { accountKey } from "#enclave/ledger/proof/storage-keys.ts";
import { ScaleReader } from "#enclave/ledger/proof/scale.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { blake2b256 } from "#enclave/ledger/proof/header.ts";
import { batchCall, remarkCall, transferCall } from "#enclave/ledger/runtime/calls.ts";
import { encodeEra } from "#enclave/ledger/runtime/era.ts";
import { prepareCall } from "#enclave/ledger/runtime/signing.ts";
import type { KeptVoucher } from "#kit/vouchers.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { accountBytes, isAccountId, type AccountId } from "#rmrk/account.ts";
import type { Act } from "#rmrk/acts.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import type { HttpChain } from "./http-chain.ts";

/** Blocks that a transaction may wait for its turn: long enough for whoever reads what the wallet shows. */
const period = 64;

export interface Signed {
  /** Of the transaction, 64 hexadecimal digits. */
  readonly hash: string;
  readonly transaction: Uint8Array;
  /** No block after this one includes it. */
  readonly until: number;
}

export function callOf({ interactions, payments }: Act, { runtime: { metadata }, items }: View): Uint8Array {
  return batchCall(metadata, [
    // Whoever reads a BUY wants to have seen its payment.
    ...payments.map(({ to, amount }) => transferCall(metadata, to, amount)),
    ...interactions.map((interaction) => remarkCall(metadata, encodeRemark(interaction, items.prefix))),
  ]);
}

/** Whether what was signed for a voucher can be read from it, and if so the call that redeems it. */
export function redeemCallOf({ id, name, metadata, mint }: KeptVoucher, { runtime }: View): Uint8Array | undefined {
  if (mint === undefined || !isAccountId(mint.account) || !isAccountId(mint.signer)) return undefined;
  const { collection, item, deadline, account, signer, signature } = mint;
  const attributes = attributesOf({ id, symbol: name, metadata });
  const signed = {
    mint: { collection, item, deadline, attributes, onlyAccount: account },
    signer,
    signature: hexToBytes(signature),
  };
  return preSignedCall(runtime.metadata, signed);
}

/**
 * A transaction that was not sent yet.
 *
 * @param view whose block it is signed on.
 * @throws ClientError "wallet-declined", "wallet-missing"; HttpChainError; ProofError.
 */
export async function signCall(
  call: Uint8Array,
  wallet: ExtensionWallet,
  view: View,
  chain: HttpChain,
): Promise<Signed> {
  const { runtime, genesis, block } = view;
  const { metadata } = runtime;
  const nonce = await nonceOf(wallet.id, view, chain);
  const era = encodeEra({ birth: block, period });
  const terms = { runtime, genesis, nonce, era, birth: block.hash };
  const { signed } = prepareCall(call, terms);
  const signature = await wallet.signTransaction({
    blockHash: `0x${block.hash}`,
    blockNumber: bigEndian(block.number, 4),
    era: `0x${bytesToHex(era)}`,
    genesisHash: `0x${genesis}`,
    method: `0x${bytesToHex(call)}`,
    nonce: bigEndian(nonce, 4),
    signedExtensions: metadata.extensions.map(({ name }) => name),
    specVersion: bigEndian(runtime.specVersion, 4),
    tip: bigEndian(0, 16),
    transactionVersion: bigEndian(runtime.transactionVersion, 4),
    version: 4,
  });
  const transaction = signed(wallet.id, signature);
  return { hash: bytesToHex(blake2b256(transaction)), transaction, until: block.number + period - 1 };
}

/** Proven in the state of the block that the transaction is signed on. */
async function nonceOf(account: AccountId, { block, stateRoot }: View, chain: HttpChain): Promise<number> {
  const keys = [accountKey(accountBytes(account))];
  const [state] = verifyStorage(stateRoot, await chain.storage(block.hash, keys), keys);
  return state === undefined ? 0 : new ScaleReader(state, "account-malformed").u32();
}

const bigEndian = (value: number, bytes: number): string => `0x${value.toString(16).padStart(2 * bytes, "0")}`;
