/** Where rooms hand in what they have awarded; and the chain, if there is one, on which all of it is issued. */
import type { CollectionTerms, VoucherEntry } from "#protocol/award.ts";
import { vouchersMax } from "#protocol/award.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { hintOf } from "#protocol/room-chain.ts";
import type { ChainId } from "#protocol/store.ts";
import { accountBytes } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { emptyState } from "#rmrk/state/state.ts";
import type { Word } from "../ledger/follow/block.ts";
import type { View } from "../ledger/follow/follower.ts";
import type { LinkedChain } from "../ledger/follow/linked-chain.ts";
import type { Platform } from "../platform/platform.ts";
import type { Consumption } from "../room/consuming.ts";
import type { LoadedContract } from "../sandbox/sandbox.ts";
import type { Lineage } from "../vault/lineages.ts";
import { SealedLog } from "../vault/sealed-log.ts";
import type { LinkedStore } from "../vault/store-client.ts";
import { awardOf, type Awarded } from "./award.ts";
import { AwardBook, type SharedJournal } from "./award-book.ts";
import type { ChainTerms } from "./chain-terms.ts";
import { ConsumeDesk } from "./consume-desk.ts";
import { isDear } from "./fees.ts";
import { Following, type FollowingEvent } from "./following.ts";
import { deriveIssuerKey, type IssuerKey } from "./issuer-key.ts";
import { issuerFor, type FullView } from "./ledgers.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { NftsHoldings } from "./nfts-holdings.ts";
import type { Recipients } from "./recipients.ts";

export interface AwardDeskSetup {
  readonly platform: Platform;
  /** 32 bytes. */
  readonly world: Uint8Array;
  readonly store: LinkedStore;
  readonly lineages: readonly Lineage[];
  readonly contracts: readonly LoadedContract[];
  readonly recipients: Recipients;
  /** Which chain items are on, and who asks it; undefined: on none, and what is earned is kept. */
  readonly chain?: ChainTerms | undefined;
  readonly source: LinkedChain;
  /** Whether this one signs anything; if not, it writes down what is earned for one that does, and follows the chain. */
  readonly issues: boolean;
  /** A player's awards stand differently, or are new. */
  readonly told: (player: PlayerId, entries: readonly VoucherEntry[]) => void;
  readonly random: (length: number) => Uint8Array;
  /** Of the worker's clock: milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (event: AwardDeskEvent) => void;
  /** An error that is ours. */
  readonly bug: (error: unknown) => void;
}

export type AwardDeskEvent =
  /** Issues what this contract awards: on chain this account pays the fees. In hex digits. */
  | { readonly event: "issuer"; readonly contract: string; readonly account: string }
  /** Another worker issues what this contract awards; this one does no more. */
  | { readonly event: "issuing-stopped"; readonly contract: string }
  | FollowingEvent;

/** One lineage, as far as it awards anything. */
interface Shelf {
  readonly lineage: Lineage;
  readonly contract: string;
  readonly key: IssuerKey;
  readonly collections: { readonly [symbol: string]: CollectionTerms };
  book: Promise<AwardBook<FullView>> | undefined;
  stopped: boolean;
}

export class AwardDesk {
  readonly #setup: AwardDeskSetup;
  /** By their lineages, in hex digits. */
  readonly #keys: ReadonlyMap<string, IssuerKey>;
  readonly #shelves = new Map<string, Shelf>();
  readonly #open: AwardBook<FullView>[] = [];
  readonly #logs: SealedLog[] = [];
  readonly #consuming: ConsumeDesk;
  /** Where items are those of pallet-nfts. */
  readonly nfts: NftsHoldings | undefined;
  #following: Following | undefined;
  /** All that this worker's lineages have written down was read, with the chain followed to its end. */
  #isKnown = false;

  private constructor(setup: AwardDeskSetup, keys: ReadonlyMap<string, IssuerKey>) {
    this.#setup = setup;
    this.#keys = keys;
    this.nfts = setup.chain?.nfts && new NftsHoldings(setup.source, setup.chain.owner!);
    for (const lineage of setup.lineages) {
      const contract = setup.contracts.find(({ hash }) => bytesToHex(hash) === bytesToHex(lineage.contract));
      const { name, collections } = contract?.manifest ?? {};
      if (name === undefined || collections === undefined) continue;
      const id = bytesToHex(lineage.lineage);
      const key = keys.get(id)!;
      this.#shelves.set(id, { lineage, contract: name, key, collections, book: undefined, stopped: false });
      if (setup.issues) setup.log({ event: "issuer", contract: name, account: key.account });
    }
    const { recipients, chain, now } = setup;
    const ageMaxMs = chain?.ageMaxMs ?? 0;
    const { nfts } = this;
    const find = nfts && ((item: string, view: View) => nfts.find(item, view));
    this.#consuming = new ConsumeDesk({ view: () => this.view, nfts: find, recipients, ageMaxMs, now });
    setup.recipients.listen((player) => void this.#linked(player).catch(setup.bug));
  }

  /** @throws PlatformError "platform-unavailable". */
  static async open(setup: AwardDeskSetup): Promise<AwardDesk> {
    const keys = new Map<string, IssuerKey>();
    for (const { lineage } of setup.lineages) {
      keys.set(bytesToHex(lineage), await deriveIssuerKey(setup.platform, setup.world, lineage));
    }
    return new AwardDesk(setup, keys);
  }

  /** Begins to follow the chain, if there is one. */
  start(): void {
    const { chain, source, contracts, log, bug } = this.#setup;
    const asked = contracts.some(({ manifest }) => manifest.items === true);
    if (chain === undefined || (this.#shelves.size === 0 && !asked)) return;
    this.#following = new Following({
      checkpoint: chain.checkpoint,
      runtimes: chain.runtimes,
      items: emptyState(chain.prefix),
      compat: chain.compat,
      accounts: [...this.#shelves.values()].map(({ key }) => key.account),
      source,
      log,
      step: (view, words) => this.#step(view, words),
      idle: () => this.#look(),
    });
    this.#following.run().catch(bug);
  }

  close(): void {
    this.#following?.close();
    for (const log of this.#logs) log.close();
  }

  /** The account that issues what a lineage awards, 32 bytes. Undefined for a lineage that is not here. */
  issuerOf(lineage: Uint8Array): Uint8Array | undefined {
    const key = this.#keys.get(bytesToHex(lineage));
    return key && accountBytes(key.account);
  }

  /** A room says what it has awarded, once that is durable in its log; again each time it is opened. */
  award(lineage: Uint8Array, awarded: Awarded): void {
    const shelf = this.#shelves.get(bytesToHex(lineage));
    if (shelf === undefined) return;
    const terms = { lineage, issuer: shelf.key.account };
    const award = awardOf(awarded, terms, shelf.collections);
    if (award === undefined) return;
    void this.#book(shelf)
      .then((book) => book.earn(award))
      .catch((error: unknown) => this.#failed(error));
  }

  /**
   * A room uses up an item, once all that led to it is durable; again while it has not heard what came of it.
   *
   * @param lineage of the room; undefined if it has none.
   * @returns null if it is used up. @throws StoreError, VaultError: nobody knows, and it has to be asked again.
   */
  async consume(lineage: Uint8Array | undefined, room: RoomId, one: Consumption): Promise<ConsumeRefusal | null> {
    const shelf = lineage && this.#shelves.get(bytesToHex(lineage));
    const symbols = Object.keys(shelf?.collections ?? {});
    const collections = new Set(symbols.map((symbol) => collectionIdOf(shelf!.key.account, symbol)));
    return this.#consuming.consume(one, { room, book: shelf && (await this.#book(shelf)), collections });
  }

  /** Whether an item of any lineage here is used up, as far as this worker knows. */
  isUsed(item: string): boolean {
    return this.#open.some((book) => book.isUsed(item));
  }

  /** What is proven about the newest final block of the chain; undefined also while it is not known what was used up. */
  get view(): View | undefined {
    return this.#isKnown ? this.#following?.view : undefined;
  }

  /** All that this player has earned in this world, as far as this worker knows. */
  standing(player: PlayerId): readonly VoucherEntry[] {
    return this.#open.flatMap((book) => book.standing(player)).slice(-vouchersMax);
  }

  /** With the store, if one was offered by now: whoever offers a chain, or asks for a room, has offered it before. */
  #book(shelf: Shelf): Promise<AwardBook<FullView>> {
    if (shelf.book !== undefined) return shelf.book;
    const { recipients, told, chain, source, random, issues } = this.#setup;
    const { account } = shelf.key;
    const opening = AwardBook.open<FullView>({
      account,
      issuer: issuerFor({ key: shelf.key, collections: shelf.collections, chain, source, issues, random }),
      journal: this.#journal(shelf),
      recipients,
      issuing: chain !== undefined,
      told,
    });
    shelf.book = opening.then((book) => {
      this.#open.push(book);
      return book;
    });
    return shelf.book;
  }

  #journal({ lineage: { lineage, key } }: Shelf): SharedJournal {
    const { store, world, random } = this.#setup;
    if (!store.offered) return new MemoryJournal();
    const chain = `awards-${hintOf(lineage)}` as ChainId;
    const log = new SealedLog({ store, chain, world, key, random });
    this.#logs.push(log);
    return log;
  }

  async #step(view: View, words: readonly Word[]): Promise<void> {
    this.nfts?.read(words);
    for (const shelf of this.#shelves.values()) {
      const { account } = shelf.key;
      const { block, items } = view;
      const nonce = view.nonces.get(account)!;
      const funds = view.funds.get(account)!;
      const dear = isDear(view.feeMultiplier, this.#setup.chain!.feeMultiplierMax);
      const book = await this.#book(shelf);
      await book.turn({ block, items, nonce, funded: funds > 0n, funds, dear, whole: view }, words);
      if (!book.stopped || shelf.stopped) continue;
      shelf.stopped = true;
      this.#setup.log({ event: "issuing-stopped", contract: shelf.contract });
    }
    this.#isKnown = true;
  }

  async #look(): Promise<void> {
    for (const book of this.#open) await book.look();
  }

  async #linked(player: PlayerId): Promise<void> {
    for (const book of this.#open) await book.linked(player);
  }

  /** The room says it again when it is opened again. */
  #failed(error: unknown): void {
    this.#setup.bug(error);
  }
}
