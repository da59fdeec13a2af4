/** A player's wallet: which one is linked, and linking one, said inside the channel of whichever room the player is in. */
import { bytesToHex } from "#protocol/bytes.ts";
import {
  walletStatement,
  type LinkedMessage,
  type WalletKind,
  type WalletMessage,
  type WalletSignature,
} from "#protocol/wallet.ts";
import { ClientError } from "./errors.ts";
import type { WitnessStore } from "./witness-store.ts";

/** One account of somebody's wallet; an extension's, or a key that a program holds. */
export interface Wallet {
  readonly kind: WalletKind;
  /** The account on chain, 32 bytes. */
  readonly account: Uint8Array;
  /**
   * Signs a text as wallets sign what is no transaction: `<Bytes>` before it and `</Bytes>` behind it.
   *
   * @returns 64 bytes, or 65 for "ecdsa".
   * @throws ClientError "wallet-declined".
   */
  sign(statement: string): Promise<Uint8Array>;
}

export interface WalletLineOptions {
  readonly world: Uint8Array;
  /** Public key of the player's account, 32 bytes. */
  readonly account: Uint8Array;
  readonly player: () => string;
  /** Handshake hash; undefined while there is no channel. */
  readonly channel: () => Uint8Array | undefined;
  readonly send: (message: WalletMessage) => void;
  /** Where this device keeps the proof of its link. */
  readonly store: WitnessStore;
}

/** Asks one thing at a time: answers carry no number. */
export class WalletLine {
  readonly #options: WalletLineOptions;
  readonly #key: string;
  #waiting: PromiseWithResolvers<LinkedMessage> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WalletLineOptions) {
    this.#options = options;
    this.#key = [bytesToHex(options.world), "wallet", bytesToHex(options.account)].join("/");
  }

  /** The account on chain that is linked, 32 bytes; null if none is. */
  linked(): Promise<Uint8Array | null> {
    return this.#inTurn(async () => (await this.#which()).wallet);
  }

  /** @param before the wallet that is linked by now, if one is and another one shall take its place. */
  link(wallet: Wallet, before?: Wallet): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const { world, player, channel } = this.#options;
      const now = await this.#which();
      const hash = channel();
      if (hash === undefined) throw new ClientError("unreachable", { detail: "no channel" });
      const terms = { world, player: player(), channel: hash, wallet: wallet.account, before: now.wallet };
      const statement = walletStatement(terms);
      const signed = await signatureOf(wallet, statement);
      const consent = now.wallet === null || before === undefined ? undefined : await signatureOf(before, statement);
      const { account } = wallet;
      const question = { type: "wallet", ask: "link", wallet: account, signed } as const;
      const answer = await this.#ask(consent === undefined ? question : { ...question, consent });
      if (answer.refused !== null) throw new ClientError(answer.refused, { source: "room" });
      return account;
    });
  }

  /** The room's answer. @throws ClientError "malformed" if nothing was asked. */
  hear(message: LinkedMessage): void {
    if (this.#waiting === undefined) throw new ClientError("malformed", { detail: "linked, without a question" });
    this.#waiting.resolve(message);
    this.#waiting = undefined;
  }

  /** The channel is gone, and with it whatever was asked on it. */
  lost(): void {
    this.#waiting?.reject(new ClientError("unreachable", { detail: "the line was lost meanwhile" }));
    this.#waiting = undefined;
  }

  async #which(): Promise<LinkedMessage> {
    const proof = await this.#options.store.load(this.#key).catch(() => undefined);
    const answer = await this.#ask({ type: "wallet", ask: "which", ...(proof === undefined ? {} : { proof }) });
    if (answer.refused === null) return answer;
    // Of another world's key, or none at all. Asked again without it, the room says what it knows.
    if (answer.refused === "wallet-refused" && proof !== undefined) {
      await this.#options.store.keep(this.#key, undefined).catch(() => undefined);
      return this.#which();
    }
    throw new ClientError(answer.refused, { source: "room" });
  }

  async #ask(message: WalletMessage): Promise<LinkedMessage> {
    if (this.#options.channel() === undefined) throw new ClientError("unreachable", { detail: "no channel" });
    this.#waiting = Promise.withResolvers();
    this.#options.send(message);
    const answer = await this.#waiting.promise;
    // A device that keeps nothing links all the same.
    if (answer.proof !== null) await this.#options.store.keep(this.#key, answer.proof).catch(() => undefined);
    return answer;
  }

  #inTurn<T>(what: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(what, what);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

const signatureOf = async (wallet: Wallet, statement: string): Promise<WalletSignature> => ({
  kind: wallet.kind,
  signature: await wallet.sign(statement),
});
