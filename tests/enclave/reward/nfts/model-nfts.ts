/**
 * A chain with pallet-nfts reduced to what issuing depends on: places that are minted once at a time and remembered, an
 * issuer that the owner may replace, mints that expire, a pool that forgets, forks, and finality that lags. Whoever has a
 * signed mint may use it whenever it likes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Word } from "#enclave/ledger/follow/block.ts";
import { namingRemark } from "#enclave/ledger/nfts/naming.ts";
import type { PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import type { NftsAnswer, NftsQuestion } from "#enclave/ledger/nfts/reading.ts";
import { voucherAttribute, type Slot } from "#enclave/ledger/nfts/slot.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { lastBlock, type Era } from "#enclave/ledger/runtime/era.ts";
import type { Doing } from "#enclave/reward/nfts-issuer-options.ts";
import type { Gift } from "#enclave/reward/nfts-turn.ts";
import type { LedgerView } from "#enclave/reward/voucher-issuer.ts";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { bob } from "../../../rmrk/support/people.ts";

export const cold = "22".repeat(32) as AccountId;
export const issuer = "11".repeat(32) as AccountId;
export const collection = collectionIdOf(issuer, "SWORDS");
export const number = 7;
export const givenBelow = 10n;

type Extrinsic =
  | {
      readonly is: "gifts";
      readonly nonce: number;
      readonly era: Era;
      readonly gifts: readonly Gift[];
      readonly said: readonly string[];
    }
  | { readonly is: "redeem"; readonly mint: PreSignedMint; readonly by: AccountId; readonly salt: number }
  | { readonly is: "burn"; readonly item: number; readonly by: AccountId; readonly salt: number };

export const signDoing = ({ gifts, remarks }: Doing, nonce: number, era: Era): Uint8Array => {
  const said = remarks.map((remark) => bytesToHex(remark));
  return utf8ToBytes(JSON.stringify({ is: "gifts", nonce, era, gifts, said } satisfies Extrinsic));
};

/** That a voucher's item was minted at a place. */
export interface Minted {
  readonly voucher: string;
  readonly item: number;
  readonly owner: AccountId;
  readonly block: number;
}

interface ModelState {
  readonly items: Map<number, Slot>;
  readonly minted: Minted[];
  readonly included: Set<string>;
  /** By the issuer, on this branch. */
  readonly words: Word[];
  nonce: number;
}

export interface ModelNftsBlock {
  readonly hash: BlockHash;
  readonly number: number;
  readonly parent: ModelNftsBlock | undefined;
  readonly extrinsics: readonly string[];
  readonly state: ModelState;
  /** As the world's owner has it at this block. */
  readonly owner: Owner;
}

/** What the world around decides. */
export interface Owner {
  readonly named: boolean;
  readonly issues: boolean;
  readonly max: number | undefined;
  readonly funded: boolean;
  /** Whether a transaction costs more than may be paid. */
  readonly dear?: boolean;
  /** Accounts that can pay nothing. */
  readonly poor: readonly AccountId[];
}

export class ModelNfts {
  /** Of the next blocks. */
  owner: Owner = { named: true, issues: true, max: undefined, funded: true, poor: [bob] };
  #best: ModelNftsBlock;
  #finalized: ModelNftsBlock;
  readonly #pool = new Set<string>();
  readonly #extrinsics = new Map<string, Extrinsic>();
  readonly #byHash = new Map<string, ModelNftsBlock>();
  #made = 0;

  constructor() {
    const state = { items: new Map(), minted: [], included: new Set<string>(), words: [], nonce: 0 };
    this.#best = this.#finalized = this.#child(undefined, [], state);
  }

  get best(): ModelNftsBlock {
    return this.#best;
  }

  get finalized(): ModelNftsBlock {
    return this.#finalized;
  }

  submit(bytes: Uint8Array): void {
    this.#pool.add(Buffer.from(bytes).toString());
  }

  redeem(mint: PreSignedMint, by: AccountId): void {
    this.#pool.add(JSON.stringify({ is: "redeem", mint, by, salt: this.#made++ } satisfies Extrinsic));
  }

  /** Signed by who owns it now: on a fork where somebody else does, it burns nothing. */
  burn(item: number): void {
    const by = this.#best.state.items.get(item)?.owner;
    if (by !== undefined)
      this.#pool.add(JSON.stringify({ is: "burn", item, by, salt: this.#made++ } satisfies Extrinsic));
  }

  /** Another voucher's item comes to be at a place, as two have one with a probability that is small. */
  occupy(item: number): void {
    const { state } = this.#best;
    if (state.items.has(item)) return;
    const items = new Map(state.items).set(item, { owner: cold, minted: true, voucher: "00".repeat(32) });
    this.#best = this.#child(this.#best, [], { ...state, items });
  }

  wipePool(): void {
    this.#pool.clear();
  }

  /** @param take how many extrinsics at most. */
  newBlock(take = 100): void {
    this.#best = this.#filled(this.#best, take);
  }

  /** Another branch from a few blocks below the best one, which becomes the best. Its extrinsics wait again. */
  fork(depth: number, take: number): void {
    let from = this.#best;
    let blocks = 1;
    for (; from.number > this.#finalized.number && blocks <= depth; blocks++) {
      for (const extrinsic of from.extrinsics) this.#pool.add(extrinsic);
      from = from.parent!;
    }
    for (; blocks > 0; blocks--) from = this.#filled(from, take);
    this.#best = from;
  }

  finalize(lag = 0): void {
    let block = this.#best;
    for (let left = lag; left > 0 && block.parent !== undefined; left--) block = block.parent;
    if (block.number > this.#finalized.number) this.#finalized = block;
  }

  /** What a worker is shown of the newest final block up to a number. */
  viewAt(to: number): { readonly view: LedgerView; readonly words: readonly Word[] } {
    let block = this.#finalized;
    while (block.number > to && block.parent !== undefined) block = block.parent;
    const word = { block: 1, extrinsic: 0, caller: cold, bytes: namingRemark(number, collection) };
    const { nonce, words } = block.state;
    const { funded, dear, named } = block.owner;
    return { view: { block, nonce, funded, dear: dear === true }, words: [...(named ? [word] : []), ...words] };
  }

  read({ collections = [], places = [], accounts = [] }: NftsQuestion, { block }: LedgerView): Promise<NftsAnswer> {
    const { owner, state, number: at } = this.#byHash.get(block.hash)!;
    const minted = state.items.size;
    return Promise.resolve({
      block: at,
      collections: collections.map((one) =>
        one === number ? { owner: cold, minted, max: owner.max, issues: owner.issues } : undefined,
      ),
      places: places.map(
        ({ item }) => state.items.get(item) ?? { owner: undefined, minted: false, voucher: undefined },
      ),
      funds: accounts.map((account) => (owner.poor.includes(account) ? givenBelow - 1n : givenBelow)),
    });
  }

  #filled(parent: ModelNftsBlock, take: number): ModelNftsBlock {
    const at = parent.number + 1;
    const ancestors = new Map<number, BlockHash>();
    for (let block: ModelNftsBlock | undefined = parent; block !== undefined; block = block.parent)
      ancestors.set(block.number, block.hash);
    const state: ModelState = {
      items: new Map(parent.state.items),
      minted: [...parent.state.minted],
      included: new Set(parent.state.included),
      words: [...parent.state.words],
      nonce: parent.state.nonce,
    };
    const extrinsics: string[] = [];
    // Each as often as it fits: a nonce may only fit after another one.
    for (let found = true; found && extrinsics.length < take;) {
      found = false;
      for (const text of this.#pool) {
        if (extrinsics.length >= take || state.included.has(text)) continue;
        const extrinsic = this.#read(text);
        if (!fits(extrinsic, state, at, ancestors)) continue;
        state.included.add(text);
        extrinsics.push(text);
        this.#execute(extrinsic, state, at);
        found = true;
      }
    }
    return this.#child(parent, extrinsics, state);
  }

  #read(text: string): Extrinsic {
    const known = this.#extrinsics.get(text) ?? (JSON.parse(text) as Extrinsic);
    this.#extrinsics.set(text, known);
    return known;
  }

  #execute(extrinsic: Extrinsic, state: ModelState, at: number): void {
    const { items } = state;
    if (extrinsic.is === "burn") {
      const slot = items.get(extrinsic.item);
      if (slot?.owner === extrinsic.by) items.set(extrinsic.item, { ...slot, owner: undefined });
      return;
    }
    const mints =
      extrinsic.is === "redeem"
        ? [{ mint: extrinsic.mint, to: extrinsic.by }]
        : extrinsic.gifts.map(({ mint, to }) => ({ mint: { ...mint, onlyAccount: to }, to }));
    if (extrinsic.is === "gifts") {
      state.nonce++;
      const caller = issuer;
      for (const hex of extrinsic.said) state.words.push({ block: at, extrinsic: 0, caller, bytes: hexToBytes(hex) });
    }
    const allowed = mints.every(({ mint, to }) => {
      const free = items.get(mint.item)?.owner === undefined;
      return this.owner.issues && free && at <= mint.deadline && mint.onlyAccount === to;
    });
    if (!allowed) return;
    for (const { mint, to } of mints) {
      const voucher = mint.attributes.find(([key]) => key === voucherAttribute)![1];
      items.set(mint.item, { owner: to, minted: true, voucher });
      state.minted.push({ voucher, item: mint.item, owner: to, block: at });
    }
  }

  #child(parent: ModelNftsBlock | undefined, extrinsics: readonly string[], state: ModelState): ModelNftsBlock {
    const at = parent === undefined ? 1 : parent.number + 1;
    const hash = bytesToHex(sha256(utf8ToBytes(`${parent?.hash ?? ""} ${at} ${this.#made++}`))) as BlockHash;
    const block = { hash, number: at, parent, extrinsics, state, owner: this.owner };
    this.#byHash.set(hash, block);
    return block;
  }
}

function fits(
  extrinsic: Extrinsic,
  { nonce }: ModelState,
  at: number,
  ancestors: ReadonlyMap<number, BlockHash>,
): boolean {
  if (extrinsic.is !== "gifts") return true;
  const { era } = extrinsic;
  return extrinsic.nonce === nonce && at <= lastBlock(era) && ancestors.get(era.birth.number) === era.birth.hash;
}
