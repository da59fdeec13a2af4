/**
 * Wallet extensions of the browser, through the interface that polkadot.js began and Talisman, SubWallet and others share:
 * `window.injectedWeb3`. What an extension says is input like any other.
 */
import { hexToBytes, utf8ToBytes, bytesToHex } from "#protocol/bytes.ts";
import { walletKinds, walletSignatureLength, type WalletKind } from "#protocol/wallet.ts";
import { accountBytes, encodeAddress, readAddress, type AccountId } from "#rmrk/account.ts";
import { ClientError } from "./errors.ts";
import type { Wallet } from "./wallet.ts";

/** As far as it is used here; see @polkadot/extension-inject. */
export interface InjectedExtension {
  readonly version?: unknown;
  enable?(origin: string): Promise<Injected>;
}

interface Injected {
  readonly accounts: { get(anyType?: boolean): Promise<readonly unknown[]> };
  readonly signer: {
    signRaw?(raw: { address: string; data: string; type: "bytes" }): Promise<{ readonly signature: unknown }>;
    signPayload?(payload: SignerPayload): Promise<{ readonly signature: unknown }>;
  };
}

/** What an extension shows and signs of a transaction: all in hexadecimal, integers of the chain's own width first byte last. */
export interface SignerPayload {
  readonly address: string;
  readonly blockHash: string;
  readonly blockNumber: string;
  readonly era: string;
  readonly genesisHash: string;
  readonly method: string;
  readonly nonce: string;
  readonly signedExtensions: readonly string[];
  readonly specVersion: string;
  readonly tip: string;
  readonly transactionVersion: string;
  readonly version: 4;
}

export interface ExtensionWallet extends Wallet {
  readonly id: AccountId;
  /** What its owner calls it; may be empty. */
  readonly name: string;
  /** As the network with this prefix writes it. */
  address(prefix: number): string;
  /** @returns the signature as a transaction carries it: one byte for its kind first. @throws ClientError "wallet-declined". */
  signTransaction(payload: Omit<SignerPayload, "address">): Promise<Uint8Array>;
}

const namesMax = 16;
const accountsMax = 256;
const nameLengthMax = 64;

/** Names of those that are there, as "polkadot-js", "talisman", "subwallet-js". */
export function walletExtensions(injected: unknown): readonly string[] {
  if (typeof injected !== "object" || injected === null) return [];
  return Object.keys(injected)
    .filter((name) => /^[\w .-]{1,40}$/.test(name) && typeof extensionOf(injected, name)?.enable === "function")
    .slice(0, namesMax);
}

/**
 * The accounts that its owner lets this page see. The extension asks them.
 *
 * @param injected `window.injectedWeb3`.
 * @param app what the page calls itself to the owner of the wallet.
 * @throws ClientError "wallet-missing", "wallet-declined".
 */
export async function openExtension(injected: unknown, name: string, app: string): Promise<readonly ExtensionWallet[]> {
  if (!walletExtensions(injected).includes(name)) throw new ClientError("wallet-missing", { detail: name });
  const extension = extensionOf(injected as object, name)!;
  const opened = await asked(() => extension.enable!(app));
  const accounts = await asked(() => opened.accounts.get(true));
  if (!Array.isArray(accounts)) throw new ClientError("wallet-missing", { detail: "no list of accounts" });
  return (accounts as readonly unknown[]).slice(0, accountsMax).flatMap((account) => walletOf(opened, account) ?? []);
}

/** Undefined for what holds nothing on such chains, as accounts of Ethereum. */
function walletOf({ signer }: Injected, account: unknown): ExtensionWallet | undefined {
  if (typeof account !== "object" || account === null) return undefined;
  const { address, name, type = "sr25519" } = account as { readonly [key: string]: unknown };
  const kind = walletKinds.find((known) => known === type);
  const id = typeof address === "string" ? readAddress(address)?.account : undefined;
  if (kind === undefined || id === undefined || typeof address !== "string") return undefined;
  return {
    kind,
    id,
    account: accountBytes(id),
    name: typeof name === "string" ? name.slice(0, nameLengthMax) : "",
    address: (prefix) => encodeAddress(id, prefix),
    async sign(statement) {
      const data = `0x${bytesToHex(utf8ToBytes(statement))}`;
      if (signer.signRaw === undefined) throw new ClientError("wallet-missing", { detail: "it signs no text" });
      const signed = await asked(() => signer.signRaw!({ address, data, type: "bytes" }));
      return signatureOf(kind, signed.signature);
    },
    async signTransaction(payload) {
      if (signer.signPayload === undefined)
        throw new ClientError("wallet-missing", { detail: "it signs no transaction" });
      const signed = await asked(() => signer.signPayload!({ ...payload, address }));
      return Uint8Array.of(kindBytes[kind], ...signatureOf(kind, signed.signature));
    },
  };
}

/** Of `MultiSignature`. */
const kindBytes: { readonly [K in WalletKind]: number } = { ed25519: 0, sr25519: 1, ecdsa: 2 };

/** Some extensions put the kind before it. @throws ClientError "wallet-declined" for what is no signature. */
function signatureOf(kind: WalletKind, signature: unknown): Uint8Array {
  const text = typeof signature === "string" ? /^0x((?:[0-9a-f]{2}){64,66})$/i.exec(signature)?.[1] : undefined;
  const bytes = text === undefined ? new Uint8Array(0) : hexToBytes(text);
  const length = walletSignatureLength(kind);
  if (bytes.length === length) return bytes;
  if (bytes.length === length + 1 && bytes[0] === kindBytes[kind]) return bytes.subarray(1);
  throw new ClientError("wallet-declined", { detail: "no signature" });
}

/** An extension says no by rejecting, with whatever it likes. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    throw new ClientError("wallet-declined", { cause });
  }
}

function extensionOf(injected: object, name: string): InjectedExtension | undefined {
  const extension: unknown = Object.hasOwn(injected, name) ? (injected as Record<string, unknown>)[name] : undefined;
  return typeof extension === "object" && extension !== null ? extension : undefined;
}
