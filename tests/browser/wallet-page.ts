/** What the tests of wallets do inside a page: extensions are found, opened and asked to sign. */
import { openExtension, walletExtensions } from "#client/extension.ts";
import { ClientError } from "#client/errors.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { walletStatement, type WalletKind } from "#protocol/wallet.ts";

const injected = (): unknown => (globalThis as { readonly injectedWeb3?: unknown }).injectedWeb3;

export const names = (): readonly string[] => walletExtensions(injected());

interface Linking {
  readonly account: string;
  readonly kind: WalletKind;
  readonly signature: string;
}

/** The first account's signature for one channel, in hex; or why there is none. */
export async function link(extension: string, channel: string): Promise<Linking | string> {
  try {
    const [wallet] = await openExtension(injected(), extension, "phatroom");
    if (wallet === undefined) return "no account";
    const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
    const terms = { world: bytes("09".repeat(32)), player: "11".repeat(16), channel: bytes(channel), before: null };
    const signature = await wallet.sign(walletStatement({ ...terms, wallet: wallet.account }));
    return { account: wallet.id, kind: wallet.kind, signature: bytesToHex(signature) };
  } catch (error) {
    return error instanceof ClientError ? error.code : String(error);
  }
}
