/** Whose items are shown, which one is looked at, and what is on its way to the chain. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import { openExtension, walletExtensions, type ExtensionWallet } from "#client/extension.ts";
import { ClientError, sentenceOf } from "#client/errors.ts";
import type { Wallet } from "#client/wallet.ts";
import { ProofError, proofErrors } from "#enclave/ledger/proof/errors.ts";
import { readAddress, type AccountId } from "#rmrk/account.ts";
import { refusalOf, type Act } from "#rmrk/acts.ts";
import { refusalCodes } from "#rmrk/errors.ts";
import type { NftId } from "#rmrk/ids.ts";
import { itemsOf, offersTo, type Item, type Offer } from "#rmrk/queries/inventory.ts";
import { act } from "./chain/acts.ts";
import type { Following, Standing } from "./chain/following.ts";
import { HttpChainError, type HttpChain } from "./chain/http-chain.ts";
import type { ChainTerms } from "./chain/terms.ts";
import { troubleSentences } from "./words.ts";

export interface InventoryOptions {
  readonly terms: ChainTerms;
  readonly chain: HttpChain;
  readonly following: Following;
  /** `window.injectedWeb3`, each time it is looked at: extensions come when they like. */
  readonly injected: () => unknown;
  /** Links a wallet to this device's player; undefined where no room can be joined. */
  readonly link: ((wallet: Wallet, before?: Wallet) => Promise<void>) | undefined;
  /** Remembers whose items were shown. */
  readonly keep: { read(): string | null; write(address: string | null): void };
}

/** Something that was signed, until the chain has it for good or cannot take it any more. */
export interface Undertaking {
  readonly number: number;
  readonly says: string;
  readonly stage: "signing" | "submitted" | "final" | "failed";
  readonly reason: string | undefined;
}

type Dialog =
  | { readonly kind: "wallets" }
  | { readonly kind: "send" | "list" | "burn"; readonly item: NftId }
  | undefined;

export class InventoryState {
  readonly options: InventoryOptions;
  readonly account = signal<AccountId | undefined>(undefined);
  readonly wallets = signal<readonly ExtensionWallet[]>([]);
  readonly selected = signal<NftId | undefined>(undefined);
  readonly dialog = signal<Dialog>(undefined);
  readonly undertakings = signal<readonly Undertaking[]>([]);
  readonly linkSays = signal<string | undefined>(undefined);
  readonly items: ReadonlySignal<readonly Item[]>;
  readonly offers: ReadonlySignal<readonly Offer[]>;
  /** Whose key this page may ask to sign for what is shown. */
  readonly wallet: ReadonlySignal<ExtensionWallet | undefined>;
  #last = 0;

  constructor(options: InventoryOptions) {
    this.options = options;
    const { following, keep } = options;
    const kept = keep.read();
    this.account.value = kept === null ? undefined : readAddress(kept)?.account;
    this.items = computed(() => {
      const [{ items }, account] = [following.standing.value, this.account.value];
      return account === undefined ? [] : itemsOf(items, account);
    });
    this.offers = computed(() => {
      const [{ items }, account] = [following.standing.value, this.account.value];
      return account === undefined ? [] : offersTo(items, account);
    });
    this.wallet = computed(() => this.wallets.value.find(({ id }) => id === this.account.value));
  }

  get standing(): Standing {
    return this.options.following.standing.value;
  }

  extensions(): readonly string[] {
    return walletExtensions(this.options.injected());
  }

  /** @throws ClientError. */
  async open(extension: string): Promise<void> {
    const wallets = await openExtension(this.options.injected(), extension, "phatroom");
    if (wallets.length === 0) throw new ClientError("wallet-missing", { detail: "no accounts" });
    batch(() => {
      this.wallets.value = wallets;
      if (wallets.length === 1) this.show(wallets[0]!.id);
    });
  }

  /** Of an account of an opened wallet, or any other: what is on a chain can be looked at by everybody. */
  show(account: AccountId | undefined, address?: string): void {
    batch(() => {
      this.account.value = account;
      this.selected.value = undefined;
    });
    const { keep, terms } = this.options;
    const own = this.wallets.value.find(({ id }) => id === account);
    keep.write(account === undefined ? null : (address ?? own?.address(terms.prefix) ?? null));
  }

  async link(wallet: Wallet): Promise<void> {
    const { link } = this.options;
    if (link === undefined) return;
    this.linkSays.value = "Asking the room and the wallet …";
    try {
      await link(wallet);
      this.linkSays.value = "Linked. What you earn on this device goes to this wallet from now on.";
    } catch (error) {
      this.linkSays.value = reasonOf(error);
    }
  }

  /**
   * Signs and sends. What comes of it stands in `undertakings`.
   *
   * @param done whether the chain shows by now that it happened.
   */
  async undertake(says: string, what: Act, done: (standing: Standing) => boolean): Promise<void> {
    const { chain, following } = this.options;
    const number = (this.#last += 1);
    const tell = (stage: Undertaking["stage"], reason?: string): void => {
      const others = this.undertakings.value.filter((one) => one.number !== number);
      this.undertakings.value = [...others, { number, says, stage, reason }].slice(-8);
    };
    const [wallet, view] = [this.wallet.value, this.standing.view];
    if (wallet === undefined || view === undefined) return tell("failed", sentenceOf("wallet-missing"));
    // The chain would take the fee, and do nothing.
    const refused = refusalOf(view.items, wallet.id, what, view.block.number + 1);
    if (refused !== undefined) return tell("failed", refusalCodes[refused]);
    tell("signing");
    try {
      const { until } = await act(what, wallet, view, chain);
      tell("submitted");
      const stop = following.standing.subscribe((standing) => {
        const over = (standing.view?.block.number ?? 0) > until;
        if (done(standing)) tell("final");
        else if (over) tell("failed", "The chain did not take it in time. Nothing happened; try again.");
        else return;
        queueMicrotask(() => stop());
      });
    } catch (error) {
      tell("failed", reasonOf(error));
    }
  }
}

/** A sentence for whatever went wrong; what is ours is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof ClientError) return error.sentence;
  if (error instanceof HttpChainError) return troubleSentences[error.code];
  if (error instanceof ProofError) return proofErrors[error.code];
  throw error;
}
