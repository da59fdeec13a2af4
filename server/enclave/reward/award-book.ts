/**
 * What one lineage has awarded: written down before anybody is told of it, made a voucher once its player has an account,
 * issued once, and how far each has come.
 */
import { vouchersMax, type VoucherEntry, type VoucherReason, type VoucherStage } from "#protocol/award.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { State } from "#rmrk/state/state.ts";
import type { Word } from "../ledger/follow/block.ts";
import { voucherFor, type Award } from "./award.ts";
import { RewardError } from "./errors.ts";
import { decodeEntry, encodeEntry, type JournalEntry, type RewardJournal } from "./journal.ts";
import type { Recipients } from "./recipients.ts";
import { isSameUse, UsedItems, type Use } from "./used-items.ts";
import type { VoucherId } from "./voucher.ts";
import type { LedgerView, OpenIssuer, VoucherIssuer } from "./voucher-issuer.ts";

/** A `SealedLog` is one. */
export interface SharedJournal extends RewardJournal {
  /** As `append`, unless others have written something that was not read yet. @returns whether the entry is kept. */
  appendNext(entry: Uint8Array): Promise<boolean>;
  /** What others have written since this was last asked; at first, everything. */
  read(): Promise<readonly Uint8Array[]>;
}

export interface AwardBookSetup<View extends LedgerView> {
  /** Whose key issues. */
  readonly account: AccountId;
  /** Of the ledger on which items go. */
  readonly issuer: OpenIssuer<View>;
  readonly journal: SharedJournal;
  readonly recipients: Recipients;
  /** Whether there is a chain to put items on. */
  readonly issuing: boolean;
  /** A player's awards stand differently, or are new. */
  readonly told: (player: PlayerId, entries: readonly VoucherEntry[]) => void;
}

/** There is one of each award for as long as the worker lives: what can be made anew is not in it. */
interface Kept {
  readonly award: Award;
  /** As it was told last; undefined before that. */
  stage: VoucherStage | undefined;
  reason: VoucherReason | null;
  deadline: number | undefined;
}

/** Texts that awards have in common: rooms, collections, symbols, descriptions. Beyond that each has its own. */
const sharedTextsMax = 4096;

export class AwardBook<View extends LedgerView = LedgerView> {
  readonly #setup: AwardBookSetup<View>;
  readonly #issuer: VoucherIssuer<View>;
  readonly #kept = new Map<VoucherId, Kept>();
  readonly #byPlayer = new Map<PlayerId, Kept[]>();
  readonly #texts = new Map<string, string>();
  /** Of which something else may have to be told with the next step: neither final nor without an account. */
  readonly #unsettled = new Set<Kept>();
  /** On their way into the journal. */
  readonly #keeping = new Set<VoucherId>();
  readonly #used = new UsedItems();
  /** Uses are written down one after the other. */
  #using: Promise<unknown> = Promise.resolve();

  private constructor(setup: AwardBookSetup<View>, entries: readonly Uint8Array[]) {
    this.#setup = setup;
    const say = (items: State): readonly Uint8Array[] => this.#used.remarks(items, setup.account);
    this.#issuer = setup.issuer({
      entries,
      journal: setup.journal,
      say,
      sayOfPlaces: (isSaid) => this.#used.words(isSaid),
    });
    for (const entry of entries.map(decodeEntry)) {
      if (entry.kind === "award") this.#take(entry.award);
      else if (entry.kind === "use") this.#used.add(entry.use);
    }
  }

  /** @throws RewardError "journal-malformed"; whatever the journal throws. */
  static async open<View extends LedgerView>(setup: AwardBookSetup<View>): Promise<AwardBook<View>> {
    const book = new AwardBook(setup, await setup.journal.read());
    await book.#assignAll();
    book.#tell();
    return book;
  }

  /** Another worker has taken over: this one issues nothing more. */
  get stopped(): boolean {
    return this.#issuer.stopped;
  }

  /**
   * Keeps what a room has awarded, once that is durable in its log. The same again changes nothing; the first one stands.
   *
   * @throws whatever the journal throws.
   */
  async earn(award: Award): Promise<void> {
    if (this.#kept.has(award.id) || this.#keeping.has(award.id)) return;
    this.#keeping.add(award.id);
    try {
      await this.#setup.journal.append(encodeEntry({ kind: "award", award }));
      const kept = this.#take(award);
      await this.#assign(kept);
      this.#tell([kept]);
    } finally {
      this.#keeping.delete(award.id);
    }
  }

  /** Whether an item is used up, as far as it was read. */
  isUsed(item: string): boolean {
    return this.#used.of(item) !== undefined;
  }

  /** The use of an item that counts, as far as anybody has written it down by now. @throws whatever the journal throws. */
  async useOf(item: string): Promise<Use | undefined> {
    await this.#read();
    return this.#used.of(item);
  }

  /**
   * Writes down that an item is used up, unless it is already; the same use again changes nothing.
   *
   * @returns whether it counts: no other use of the item was written down before.
   * @throws whatever the journal throws.
   */
  use(use: Use): Promise<boolean> {
    const turn = this.#using.then(() => this.#use(use));
    this.#using = turn.catch(() => undefined);
    return turn;
  }

  /** A player has an account now. */
  async linked(player: PlayerId): Promise<void> {
    const theirs = this.#byPlayer.get(player) ?? [];
    for (const kept of theirs) await this.#assign(kept);
    this.#tell(theirs.filter((kept) => this.#unsettled.has(kept)));
  }

  /** As `VoucherIssuer.turn`; what other workers have written is read first. */
  async turn(view: View, words: readonly Word[]): Promise<void> {
    await this.#read();
    await this.#issuer.turn(view, words);
    this.#tell();
  }

  /** As `VoucherIssuer.look`; what other workers have written is read first. */
  async look(): Promise<void> {
    await this.#read();
    await this.#issuer.look();
    this.#tell();
  }

  /** All that this player has earned, the oldest first; of very many the newest. */
  standing(player: PlayerId): readonly VoucherEntry[] {
    return (this.#byPlayer.get(player) ?? []).slice(-vouchersMax).map(({ award }) => this.#entryOf(award));
  }

  async #use(use: Use): Promise<boolean> {
    for (;;) {
      await this.#read();
      const before = this.#used.of(use.item);
      if (before !== undefined) return isSameUse(before, use);
      // Behind all that was read, or not at all: of two workers one is the first.
      if (await this.#setup.journal.appendNext(encodeEntry({ kind: "use", use }))) break;
    }
    this.#noteUse(use);
    return true;
  }

  /** What others have written since it was last read. */
  async #read(): Promise<void> {
    const heard = (await this.#setup.journal.read()).map(decodeEntry);
    // At once: nobody who asks meanwhile is told that something is not used up that is.
    for (const entry of heard) if (entry.kind === "use") this.#noteUse(entry.use);
    for (const entry of heard) await this.#hear(entry);
  }

  async #hear(entry: JournalEntry): Promise<void> {
    if (entry.kind === "voucher") {
      this.#issuer.heard(entry.voucher);
      this.#watch(entry.voucher.id);
    } else if (entry.kind === "award") await this.#assign(this.#take(entry.award));
  }

  #noteUse(use: Use): void {
    this.#used.add(use);
    if (use.voucher !== undefined) this.#watch(use.voucher);
  }

  /** Something has become of this one that its player may not have been told. */
  #watch(id: VoucherId): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined) this.#unsettled.add(kept);
  }

  #take(award: Award): Kept {
    const before = this.#kept.get(award.id);
    if (before !== undefined) return before;
    const kept: Kept = { award: this.#compact(award), stage: undefined, reason: null, deadline: undefined };
    this.#kept.set(award.id, kept);
    this.#unsettled.add(kept);
    const others = this.#byPlayer.get(award.player);
    if (others === undefined) this.#byPlayer.set(award.player, [kept]);
    else others.push(kept);
    return kept;
  }

  /** The same award. Each that is read, from the journal or from a room, comes with texts of its own. */
  #compact({ id, player, room, once, collection, symbol, transferable, metadata }: Award): Award {
    return {
      id,
      player,
      room: this.#shared(room),
      once,
      collection: this.#shared(collection),
      symbol: this.#shared(symbol),
      transferable,
      metadata: metadata === undefined ? undefined : this.#shared(metadata),
    };
  }

  #shared<Text extends string>(text: Text): Text {
    const before = this.#texts.get(text);
    if (before !== undefined) return before as Text;
    if (this.#texts.size < sharedTextsMax) this.#texts.set(text, text);
    return text;
  }

  async #assignAll(): Promise<void> {
    for (const kept of this.#kept.values()) await this.#assign(kept);
  }

  /** For the account that its player has, if there is one. */
  async #assign({ award }: Kept): Promise<void> {
    // What was used up was issued, whatever the chain that is shown says of it.
    if (this.#issuer.stageOf(award.id) !== undefined || this.#used.hasVoucher(award.id)) return;
    // Whoever knows accounts may be away: it is asked again when the player links one, or this worker starts again.
    const account = await this.#setup.recipients.findRecipient(award.player).catch(() => undefined);
    if (account === undefined) return;
    try {
      await this.#issuer.award(voucherFor(award, account));
    } catch (error) {
      // Taken meanwhile, for the account that was first.
      if (!(error instanceof RewardError)) throw error;
    } finally {
      this.#watch(award.id);
    }
  }

  #tell(among: Iterable<Kept> = this.#unsettled): void {
    const changed = new Map<PlayerId, VoucherEntry[]>();
    for (const kept of among) {
      const entry = this.#entryOf(kept.award);
      const { stage, reason } = entry;
      const deadline = entry.mint?.deadline;
      // There may be a hundred thousand whose players never link an account: they are not looked at with every block.
      if (stage === "final" || reason === "no-account") this.#unsettled.delete(kept);
      if (kept.stage === stage && kept.reason === reason && kept.deadline === deadline) continue;
      Object.assign(kept, { stage, reason, deadline });
      const entries = changed.get(kept.award.player);
      if (entries === undefined) changed.set(kept.award.player, [entry]);
      else entries.push(entry);
    }
    for (const [player, entries] of changed) this.#setup.told(player, entries);
  }

  #entryOf({ id, room, once, collection, symbol, metadata }: Award): VoucherEntry {
    const item = { voucher: id, room, once, collection, symbol, metadata: metadata ?? null };
    return { ...item, ...this.#stageOf(id) };
  }

  #stageOf(id: VoucherId): Pick<VoucherEntry, "stage" | "reason" | "mint"> {
    const at = (stage: VoucherStage, reason: VoucherReason | null = null) => ({ stage, reason, mint: null });
    if (this.#used.hasVoucher(id)) return at("final");
    const found = this.#issuer.stageOf(id);
    if (found === undefined) return at("earned", "no-account");
    if (found.stage === "final") return at("final");
    if (!this.#setup.issuing) return at("earned", "no-chain");
    if (this.stopped) return at("waiting", "issuer-stopped");
    if (found.stage === "redeemable") return { stage: "redeemable", reason: null, mint: found.mint };
    return at(found.stage, found.stage === "waiting" ? found.reason : null);
  }
}
