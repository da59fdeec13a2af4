/** Wallets as extensions hold them: keys of @polkadot/keyring, which signs what it is given between `<Bytes>` and `</Bytes>`. */
import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import type { Wallet } from "#client/wallet.ts";
import { walletStatement, wrapped, type WalletKind, type WalletMessage, type WalletTerms } from "#protocol/wallet.ts";

export interface TestWallet extends Wallet {
  readonly address: string;
  /** Whatever bytes, as they are. */
  readonly signBytes: (bytes: Uint8Array) => Uint8Array;
}

await cryptoWaitReady();

export function walletOf(kind: WalletKind, uri = "//Alice"): TestWallet {
  const pair = new Keyring({ type: kind }).addFromUri(uri);
  return {
    kind,
    account: pair.addressRaw,
    address: pair.address,
    signBytes: (bytes) => pair.sign(bytes),
    sign: (statement) => Promise.resolve(pair.sign(wrapped(statement))),
  };
}

/** As an honest client asks for it. */
export function asksToLink(wallet: TestWallet, terms: Omit<WalletTerms, "wallet">, before?: TestWallet): WalletMessage {
  const { kind, account } = wallet;
  const bytes = wrapped(walletStatement({ ...terms, wallet: account }));
  return {
    type: "wallet",
    ask: "link",
    wallet: account,
    signed: { kind, signature: wallet.signBytes(bytes) },
    ...(before === undefined ? {} : { consent: { kind: before.kind, signature: before.signBytes(bytes) } }),
  };
}
