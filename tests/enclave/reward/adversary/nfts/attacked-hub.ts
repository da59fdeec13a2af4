/**
 * A world under attack whose items are those of pallet-nfts, on Asset Hub's real runtime: a worker that issues, players who
 * redeem or have nothing to pay with, thieves with money, and one whose right to issue was taken away. What is true is what
 * the chain's state holds.
 */
import { keyBytes, keyOf } from "#chain/devnet/hex.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { createCall, mintCall, setTeamCall } from "#enclave/ledger/nfts/calls.ts";
import { itemsPrefix } from "#enclave/ledger/nfts/items.ts";
import { namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { preSign, preSignedCall, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { slotKeys, slotOfValues } from "#enclave/ledger/nfts/slot.ts";
import { nftsItemId } from "#enclave/ledger/nfts/used.ts";
import { littleEndian } from "#enclave/ledger/proof/scale.ts";
import { blake2b128Concat, storageKey } from "#enclave/ledger/proof/storage-keys.ts";
import { remarkCall } from "#enclave/ledger/runtime/calls.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { NftsHoldings, type WorldItem } from "#enclave/reward/nfts-holdings.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import type { SeededNumbers } from "../../../../deep/deep.ts";
import { cold, collection, guest, Hub, issuer, other, player } from "../../../ledger/nfts/hub.ts";
import { keyNamed } from "../../devnet-world.ts";
import type { Attacked } from "../campaign.ts";
import type { UsableWorld } from "../uses.ts";
import { HubChain } from "./hub-chain.ts";
import { HubWorker } from "./hub-worker.ts";

const lineage = new Uint8Array(32).fill(5);
const [mallory, thief] = ["mallory", "thief"].map(keyNamed) as [IssuerKey, IssuerKey];
/** Issued in a collection once. */
export const former = keyNamed("former");
/** In which it did, and one that a thief has made. */
export const formers = 2;
export const junk = 3;
const players: readonly IssuerKey[] = [player, other, guest];
const gifts = 40;
/** More than it takes to sign again what has died, and to give what is given. */
const calmBlocks = 60;

/** What was signed for a player, and whether it was used. */
export interface Signed {
  readonly voucher: Voucher;
  readonly mint: SignedMint;
  used: boolean;
}

export interface Item {
  readonly number: number;
  readonly owner: AccountId;
  readonly voucher: string | undefined;
}

export class AttackedHub extends HubChain implements Attacked, UsableWorld {
  readonly numbers: SeededNumbers;
  readonly issuer = issuer;
  readonly player = player;
  readonly collection = collectionIdOf(issuer.account, "CUPS");
  readonly thieves: readonly IssuerKey[] = [mallory, thief];
  readonly vouchers: Voucher[] = [];
  readonly signed: Signed[] = [];
  /** That the other issuer signed when it still was one. */
  formerMint!: SignedMint;
  worker!: HubWorker;
  /** Whether something is going on that wants no other such thing beside it. */
  busy = false;
  readonly nfts: NftsHoldings;
  #conditions: { readonly found: () => string | undefined; readonly say: (outcome: string) => void }[] = [];
  #items: readonly Item[] = [];
  #most = 0;
  #calm = false;

  private constructor(hub: Hub, numbers: SeededNumbers) {
    super(hub);
    this.numbers = numbers;
    this.nfts = new NftsHoldings(this.source(), cold.account);
  }

  static async start(numbers: SeededNumbers): Promise<AttackedHub> {
    const hub = await Hub.start([mallory, thief, former]);
    const world = new AttackedHub(hub, numbers);
    await world.#begin();
    return world;
  }

  async #begin(): Promise<void> {
    const { hub } = this;
    await hub.done(cold, createCall(hub.metadata, cold.account, undefined));
    await hub.done(cold, setTeamCall(hub.metadata, formers, former.account, cold.account));
    await hub.done(cold, remarkCall(hub.metadata, namingRemark(collection, this.collection)));
    await hub.done(cold, remarkCall(hub.metadata, namingRemark(formers, collectionIdOf(former.account, "CUPS"))));
    const voucher = this.#newVoucher(player);
    const deadline = 1_000_000;
    const attributes = attributesOf(voucher);
    this.formerMint = preSign(
      { collection: formers, item: 1, attributes, onlyAccount: thief.account, deadline },
      former,
    );
    await hub.done(cold, setTeamCall(hub.metadata, formers, cold.account, cold.account));
    this.nfts.read(await this.follow());
    // A thief has a collection of its own, and says of its item what is said of ours.
    void this.call(mallory, createCall(hub.metadata, mallory.account, undefined));
    await this.#newBlock();
    void this.call(mallory, setTeamCall(hub.metadata, junk, mallory.account, mallory.account));
    const own = { collection: junk, item: 1, attributes, onlyAccount: mallory.account, deadline };
    void this.call(mallory, preSignedCall(hub.metadata, preSign(own, mallory)));
    // And gives it away to players, who have more to look through.
    for (let item = 2; item < 2 + gifts; item++) {
      void this.call(mallory, mintCall(hub.metadata, junk, item, players[item % 2]!.account));
    }
    await this.#newBlock();
    this.worker = this.newWorker([], []);
    for (const key of players) await this.#earn(key);
    await this.#earn(player);
    await this.#turn();
  }

  /** Those that are there, of the collection that is attacked. */
  get items(): readonly Item[] {
    return this.#items;
  }

  get count(): number {
    return this.#items.length;
  }

  get complete(): boolean {
    return this.#items.length === this.vouchers.length;
  }

  get find(): (id: string, view: View) => Promise<WorldItem | undefined> {
    return (id, view) => this.nfts.find(id, view);
  }

  /** The same, as a room has it whose host tells it something else. */
  shown(lies: Partial<ChainSource>): UsableWorld {
    const nfts = new NftsHoldings(this.source(lies), cold.account);
    nfts.read(this.words);
    const { numbers, view, thieves } = this;
    const find = (id: string, at: View): Promise<WorldItem | undefined> => nfts.find(id, at);
    return { numbers, view, issuer, collection: this.collection, player, thieves, find, usable: () => [] };
  }

  usable(): readonly string[] {
    return this.#items
      .filter(({ owner }) => owner === player.account)
      .map(({ number }) => nftsItemId({ collection, item: number }));
  }

  /** Mints that the next block could still take by their age. */
  living(used: boolean): readonly Signed[] {
    return this.signed.filter((one) => one.used === used && one.mint.mint.deadline > this.block);
  }

  expired(): readonly Signed[] {
    return this.signed.filter(({ mint }) => mint.mint.deadline <= this.block);
  }

  /** A worker on a journal as its host likes it. */
  newWorker(entries: readonly Uint8Array[], journal: Uint8Array[], lies: Partial<ChainSource> = {}): HubWorker {
    const submit: ChainSource["submit"] = (transaction) => this.send(transaction);
    return new HubWorker(this.source({ submit, ...lies }), entries, journal);
  }

  earn(): Promise<Voucher> {
    return this.#earn(this.numbers.pick(players));
  }

  async #earn(key: IssuerKey): Promise<Voucher> {
    const voucher = this.#newVoucher(key);
    this.vouchers.push(voucher);
    await this.worker.issuer.award(voucher);
    return voucher;
  }

  #newVoucher({ account: recipient }: IssuerKey): Voucher {
    const id = voucherId(lineage, "room", `award ${this.vouchers.length}`);
    return { id, recipient, collection: this.collection, symbol: "cup", transferable: 1, metadata: "ipfs://ipfs/cup" };
  }

  /** Somebody earns something who has nothing to pay with. */
  earnPoor(): Promise<Voucher> {
    return this.#earn(guest);
  }

  /** Asked after each block until there is an answer. */
  until(found: () => string | undefined): Promise<string> {
    return new Promise((say) => this.#conditions.push({ found, say }));
  }

  async #newBlock(): Promise<void> {
    this.nfts.read(await this.makeBlock());
    this.#items = this.#readItems();
  }

  #readItems(): readonly Item[] {
    const { state } = this.hub.world.chain.best;
    const prefix = storageKey("Nfts", "Item", blake2b128Concat(littleEndian(collection, 4)));
    return Array.from(state.keys(keyOf(prefix)), (key) => {
      const bytes = keyBytes(key);
      const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(prefix.length + 16, true);
      const slot = slotOfValues(slotKeys(collection, number).map((name) => state.get(keyOf(name))));
      return { number, owner: slot.owner!, voucher: slot.voucher };
    });
  }

  /** Players redeem what was signed for them, sooner or later; some of it dies before. */
  #redeemSome(): void {
    for (const one of this.living(false)) {
      const isLazy = this.vouchers.indexOf(one.voucher) % 8 === 3;
      if (!this.#calm && (isLazy || this.numbers.below(3) > 0)) continue;
      one.used = true;
      const key = players.find(({ account }) => account === one.mint.mint.onlyAccount)!;
      void this.redeem(key, one.mint).then((outcome) => {
        if (outcome !== "done")
          this.#conditions.push({ found: () => `a player could not redeem: ${outcome}`, say: fail });
      });
    }
  }

  /** @param between what to try before the worker reads the block. */
  async round(between: () => void = () => undefined): Promise<void> {
    this.#redeemSome();
    await this.#newBlock();
    between();
    await this.#turn();
    for (const condition of this.#conditions.splice(0)) {
      const found = condition.found();
      if (found === undefined) this.#conditions.push(condition);
      else condition.say(found);
    }
  }

  async #turn(): Promise<void> {
    await this.worker.turn(this.view, this.words);
    for (const voucher of this.vouchers) this.note(voucher, this.worker);
  }

  /** Keeps what a worker has signed. */
  note(voucher: Voucher, worker: HubWorker): Signed | undefined {
    const told = worker.mintOf(voucher);
    if (told === undefined) return undefined;
    const { account, signer, signature, ...place } = told;
    const known = this.signed.find(({ mint }) => bytesToHex(mint.signature) === signature);
    if (known !== undefined) return known;
    const mint = { ...place, attributes: attributesOf(voucher), onlyAccount: account as AccountId };
    const one = { voucher, mint: { mint, signer: signer as AccountId, signature: hexToBytes(signature) }, used: false };
    this.signed.push(one);
    return one;
  }

  async comeToRest(): Promise<void> {
    this.#calm = true;
    for (let left = calmBlocks; this.busy || this.#conditions.length > 0 || !this.#settled(); left--) {
      if (left === 0) throw new Error("awards are still open on a calm chain");
      await this.round();
    }
    this.verify();
  }

  #settled(): boolean {
    return this.vouchers.every((voucher) => this.worker.isFinal(voucher));
  }

  verify(): void {
    const byVoucher = new Map(this.vouchers.map((voucher) => [voucher.id as string, voucher]));
    const seen = new Set<string>();
    for (const { number, owner, voucher = "" } of this.#items) {
      const earned = byVoucher.get(voucher);
      if (earned === undefined || seen.has(voucher)) throw new Error(`item ${number} was earned by nobody`);
      seen.add(voucher);
      if (owner !== earned.recipient) throw new Error(`item ${number} is not its owner's`);
    }
    if (this.#items.length < this.#most) throw new Error("an item is gone");
    this.#most = this.#items.length;
    const { state } = this.hub.world.chain.best;
    for (const { account } of [...this.thieves, former]) {
      const [any] = state.keys(keyOf(itemsPrefix(account, collection)));
      if (any !== undefined) throw new Error("a thief has an item");
    }
  }
}

function fail(outcome: string): never {
  throw new Error(outcome);
}
