/** Whose items are shown, which one is looked at, and what is on its way to the chain. */
import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { openExtension, walletExtensions, type ExtensionWallet } from "#client/extension.ts";
import { ClientError, sentenceOf } from "#client/errors.ts";
import type { Wallet } from "#client/wallet.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { ProofError, proofErrors } from "#enclave/ledger/proof/errors.ts";
import { readAddress, type AccountId } from "#rmrk/account.ts";
import { refusalOf, type Act } from "#rmrk/acts.ts";
import { refusalCodes } from "#rmrk/errors.ts";
import type { NftId } from "#rmrk/ids.ts";
import { itemsOf, offersTo, type Item, type Offer } from "#rmrk/queries/inventory.ts";
import type { KeptVoucher } from "#kit/vouchers.ts";
import { callOf, redeemCallOf, signCall, type Signed } from "./chain/acts.ts";
import type { Following, Standing } from "./chain/following.ts";
import { HttpChainError, type HttpChain } from "./chain/http-chain.ts";
import { redeemingOf, type Shelf, type Shelved } from "./chain/shelf.ts";
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
  /** Where items are those of pallet-nfts; undefined where they are RMRK's. */
  readonly shelf?: Shelf | undefined;
  /** What was earned on this device, as it is kept by now. */
  readonly vouchers?: () => readonly KeptVoucher[];
  /** Asks a room how far that is; undefined where no room can be joined. */
  readonly renew?: (() => Promise<void>) | undefined;
  /** Remembers whose items were shown. */
  readonly keep: { read(): string | null; write(address: string | null): void };
}

/** Something that was signed, until the chain has it for good or cannot take it any more. */
export interface Undertaking {
  readonly number: number;
  readonly says: string;
  /** `in-block`: the place says that a block has it, which may still be given up. */
  readonly stage: "signing" | "submitted" | "in-block" | "final" | "failed";
  readonly reason: string | undefined;
  /** Which it redeems. */
  readonly voucher?: string | undefined;
}

/** What somebody asks for, up to its call. */
interface Asked {
  readonly says: string;
  readonly voucher?: string;
  /** Signed by the wallet that is shown; undefined: it cannot be. */
  readonly call: (view: View) => Uint8Array | undefined;
  /** Whether the chain shows by now that it happened. */
  readonly done: (standing: Standing) => boolean;
}

type Dialog =
  | { readonly kind: "wallets" }
  | { readonly kind: "send" | "list" | "burn"; readonly item: NftId }
  | undefined;

/** Until what nobody is known to have is sent again. */
const againMs = 5000;

export class InventoryState {
  readonly options: InventoryOptions;
  readonly account = signal<AccountId | undefined>(undefined);
  readonly wallets = signal<readonly ExtensionWallet[]>([]);
  readonly selected = signal<NftId | undefined>(undefined);
  readonly dialog = signal<Dialog>(undefined);
  readonly undertakings = signal<readonly Undertaking[]>([]);
  readonly linkSays = signal<string | undefined>(undefined);
  readonly vouchers = signal<readonly KeptVoucher[]>([]);
  readonly renewSays = signal<string | undefined>(undefined);
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
    this.vouchers.value = options.vouchers?.() ?? [];
    const { shelf } = options;
    if (shelf !== undefined) {
      effect(() => {
        void shelf.look(following.standing.value, this.account.value, this.vouchers.value);
      });
    }
  }

  /** Undefined where items are RMRK's. */
  get shelved(): Shelved | undefined {
    return this.options.shelf?.shelved.value;
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

  /** Asks a room how far it is with what was earned on this device. */
  async renew(): Promise<void> {
    const { renew, vouchers } = this.options;
    if (renew === undefined) return;
    this.renewSays.value = "Asking a room …";
    try {
      await renew();
      this.renewSays.value = undefined;
    } catch (error) {
      this.renewSays.value = reasonOf(error);
    }
    this.vouchers.value = vouchers?.() ?? [];
  }

  /** Mints what was signed for the account that is shown. */
  redeem(voucher: KeptVoucher, says: string): Promise<void> {
    return this.#run({
      says,
      voucher: voucher.id,
      call: (view) => redeemCallOf(voucher, view),
      done: () => {
        const { shelf } = this.options;
        return shelf !== undefined && redeemingOf(voucher, shelf.shelved.peek(), this.account.peek()) === "final";
      },
    });
  }

  /** Signs and sends. What comes of it stands in `undertakings`. @param done as `Asked.done`. */
  async undertake(says: string, what: Act, done: (standing: Standing) => boolean): Promise<void> {
    const [wallet, view] = [this.wallet.value, this.standing.view];
    // The chain would take the fee, and do nothing.
    const refused = wallet && view && refusalOf(view.items, wallet.id, what, view.block.number + 1);
    if (refused !== undefined) return this.#tell({ says, stage: "failed", reason: refusalCodes[refused] });
    return this.#run({ says, call: (now) => callOf(what, now), done });
  }

  async #run({ says, voucher, call, done }: Asked): Promise<void> {
    const { chain } = this.options;
    const number = (this.#last += 1);
    const tell = (stage: Undertaking["stage"], reason?: string): void =>
      this.#tell({ number, says, stage, reason, voucher });
    const [wallet, view] = [this.wallet.value, this.standing.view];
    const asked = wallet && view && call(view);
    if (asked === undefined) return tell("failed", sentenceOf("wallet-missing"));
    tell("signing");
    try {
      const signed = await signCall(asked, wallet!, view!, chain);
      tell("submitted", await this.#send(signed));
      this.#follow(signed, tell, done);
    } catch (error) {
      tell("failed", reasonOf(error));
    }
  }

  /**
   * What was signed may arrive although nobody says so, and is sent again: it has not failed.
   *
   * @returns why it is not known to have arrived. @throws HttpChainError if the chain does not take it.
   */
  async #send({ transaction }: Signed): Promise<string | undefined> {
    try {
      await this.options.chain.submit(transaction);
      return undefined;
    } catch (error) {
      if (!(error instanceof HttpChainError) || error.code === "chain-refused") throw error;
      return "It was signed, and nobody says that it has arrived. This page sends it again by itself.";
    }
  }

  /** Until it is final, or cannot be any more. */
  #follow(
    { transaction, until }: Signed,
    tell: (stage: Undertaking["stage"], reason?: string) => void,
    done: Asked["done"],
  ): void {
    const { chain, following, shelf } = this.options;
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    /** The same again is not sent twice; it tells how far it is. Where that cannot be told, finality will. */
    const look = (): void => {
      clearTimeout(again);
      void chain.submit(transaction).then(
        (answer) => over || tell(answer === "in-block" ? "in-block" : "submitted"),
        (error: unknown) => {
          clearTimeout(again);
          const refused = error instanceof HttpChainError && error.code === "chain-refused";
          // There may be no next block before it has arrived.
          if (!over && !refused) again = setTimeout(look, againMs);
        },
      );
    };
    const end = (stage: Undertaking["stage"], reason?: string): void => {
      over = true;
      clearTimeout(again);
      tell(stage, reason);
      queueMicrotask(() => stop());
    };
    const stop = effect(() => {
      const standing = following.standing.value;
      // What is proven of a shelf comes a little later than its block.
      void shelf?.shelved.value;
      if (over) return;
      if (done(standing)) return end("final");
      if ((standing.view?.block.number ?? 0) > until + 1) {
        return end("failed", "The chain did not take it in time. Nothing happened; try again.");
      }
      look();
    });
  }

  #tell(told: Omit<Undertaking, "number"> & { readonly number?: number }): void {
    const number = told.number ?? (this.#last += 1);
    const others = this.undertakings.peek().filter((one) => one.number !== number);
    this.undertakings.value = [...others, { ...told, number }].slice(-8);
  }
}

/** A sentence for whatever went wrong; what is ours is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof ClientError) return error.sentence;
  if (error instanceof HttpChainError) return troubleSentences[error.code];
  if (error instanceof ProofError) return proofErrors[error.code];
  throw error;
}
