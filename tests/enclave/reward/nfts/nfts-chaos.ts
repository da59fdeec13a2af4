/**
 * One history of issuing on pallet-nfts in which everything goes wrong that can: workers die at every step, submissions are
 * lost, late or doubled, pools forget, blocks are retracted, hosts restore old journals, hide final blocks and run several
 * workers on one key; and players use whatever was ever signed for them, whenever they like, burn what they got, and find
 * others' items in their places. In the end one worker is left alone for a while, and everything that was earned has to
 * have been minted, in one place.
 */
import type { PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { NftsIssuer } from "#enclave/reward/nfts-issuer.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import type { AccountId } from "#rmrk/account.ts";
import { SeededNumbers } from "../../../deep/deep.ts";
import { alice, bob } from "../../../rmrk/support/people.ts";
import { cold, collection, givenBelow, issuer, ModelNfts, signDoing, type Minted } from "./model-nfts.ts";

export interface NftsOutcome {
  readonly awarded: number;
  /** Places in which each voucher was minted on the final chain: the least and the most. */
  readonly least: number;
  readonly most: number;
  /** Blocks between a voucher's first mint and its last one: others come only while the first one's signature could live. */
  readonly repeatedAfter: number;
  /** Mints of vouchers beyond one, each after its item was burned. */
  readonly repeated: number;
  readonly starts: number;
  readonly rollbacks: number;
  readonly burns: number;
  readonly blocks: number;
}

export interface NftsChaosOptions {
  /** False: players keep their items. */
  readonly burns?: boolean;
  /** Blocks that what is signed lives beyond what workers wait for. */
  readonly longer?: number;
}

class Crash extends Error {}

interface Worker {
  readonly issuer: NftsIssuer<ReturnType<ModelNfts["viewAt"]>["view"]>;
  /** The host shows final blocks up to here. */
  visible: number;
}

export const period = 8;
const lineage = new Uint8Array(32).fill(5);
const workersMax = 3;

export class NftsChaos {
  readonly #numbers: SeededNumbers;
  readonly #ledger = new ModelNfts();
  readonly #burns: boolean;
  readonly #longer: number;
  readonly #vouchers: Voucher[] = [];
  readonly #late: Uint8Array[] = [];
  /** All that was ever signed for anybody to use. */
  readonly #signed: PreSignedMint[] = [];
  #journal: Uint8Array[] = [];
  #workers: Worker[] = [];
  #calm = false;
  #starts = 0;
  #rollbacks = 0;
  #burned = 0;

  constructor(seed: number, { burns = true, longer = 0 }: NftsChaosOptions = {}) {
    this.#numbers = new SeededNumbers(Math.imul(seed, 0x9e37_79b1));
    this.#burns = burns;
    this.#longer = longer;
  }

  async run(steps = 400): Promise<NftsOutcome> {
    for (let step = 0; step < steps; step++) await this.#step();
    await this.#comeToRest();
    const mints = this.#mints();
    const places = mints.map((of) => new Set(of.map(({ item }) => item)).size);
    const spans = mints.map((of) => (of.length === 0 ? 0 : of.at(-1)!.block - of[0]!.block));
    return {
      awarded: this.#vouchers.length,
      least: Math.min(1, ...places),
      most: Math.max(1, ...places),
      repeatedAfter: Math.max(0, ...spans),
      repeated: mints.reduce((sum, of) => sum + Math.max(0, of.length - 1), 0),
      starts: this.#starts,
      rollbacks: this.#rollbacks,
      burns: this.#burned,
      blocks: this.#ledger.best.number,
    };
  }

  async #step(): Promise<void> {
    const numbers = this.#numbers;
    const chance = numbers.below(100);
    if (chance < 28) this.#ledger.newBlock(numbers.below(3));
    else if (chance < 32) this.#ledger.fork(1 + numbers.below(4), numbers.below(3));
    else if (chance < 46) this.#ledger.finalize(numbers.below(5));
    else if (chance < 50) await this.#award();
    else if (chance < 52) this.#ledger.wipePool();
    else if (chance < 55) this.#arriveLate();
    else if (chance < 63) this.#redeemAnything();
    else if (chance < 65) this.#burnAnything();
    else if (chance < 69) this.#exchange();
    else if (chance < 70) this.#ownerActs();
    else if (chance < 73 || this.#workers.length === 0) await this.#start();
    else await this.#turn(numbers.pick(this.#workers));
  }

  async #award(): Promise<void> {
    for (let left = 1 + this.#numbers.below(3); left > 0; left--) {
      const id = voucherId(lineage, "room", `award ${this.#vouchers.length}`);
      const recipient = this.#numbers.below(2) === 0 ? alice : bob;
      const voucher = { id, recipient, collection, symbol: "sword", transferable: 1, metadata: undefined } as const;
      this.#vouchers.push(voucher);
      // Another voucher has the same place, as if by chance; or will have it when something was signed already.
      if (this.#numbers.below(6) === 0) this.#ledger.occupy(slotOf(id, 0));
      for (const worker of this.#workers) await this.#surviving(worker, () => worker.issuer.award(voucher));
    }
  }

  /** A worker, beside those that run or instead of them, on a journal as the host likes it. */
  async #start(): Promise<void> {
    this.#starts++;
    if (this.#numbers.below(3) > 0) this.#workers = [];
    if (this.#workers.length === workersMax) this.#workers.shift();
    if (this.#numbers.below(3) === 0 && this.#journal.length > 0) {
      this.#rollbacks++;
      this.#journal = this.#journal.slice(0, this.#numbers.below(this.#journal.length));
    }
    const worker: Worker = {
      issuer: new NftsIssuer({
        account: issuer,
        owner: cold,
        period,
        givenBelow,
        collections: new Map([[collection, 1_000_000]]),
        entries: this.#journal.slice(),
        journal: { append: (entry) => this.#append(entry) },
        read: (question, view) =>
          this.#dies() ? Promise.reject(new Crash("while it asked")) : this.#ledger.read(question, view),
        preSign: (mint) => this.#preSign(mint),
        sign: ({ gifts, remarks }, nonce, era) =>
          signDoing({ gifts: gifts.map((gift) => this.#longerGift(gift)), remarks }, nonce, era),
        submit: (transaction) => this.#submit(transaction),
      }),
      visible: 0,
    };
    this.#workers.push(worker);
    // Rooms that are opened again say what they awarded. One that was run twice may have awarded it to another.
    for (const voucher of this.#vouchers) {
      const rerun = !this.#calm && this.#numbers.below(8) === 0 ? { ...voucher, recipient: bob } : voucher;
      await this.#surviving(worker, () => worker.issuer.award(rerun));
    }
  }

  #longerGift<G extends { readonly mint: PreSignedMint }>(gift: G): G {
    return { ...gift, mint: { ...gift.mint, deadline: gift.mint.deadline + this.#longer } };
  }

  #preSign(mint: PreSignedMint) {
    const longer = { ...mint, deadline: mint.deadline + this.#longer };
    this.#signed.push(longer);
    return { mint, signer: issuer, signature: new Uint8Array(64) };
  }

  async #turn(worker: Worker): Promise<void> {
    // A host that hides blocks shows them later, or never.
    if (this.#calm || this.#numbers.below(3) > 0) worker.visible = this.#ledger.finalized.number;
    const { view, words } = this.#ledger.viewAt(worker.visible);
    await this.#surviving(worker, () => worker.issuer.turn(view, words));
  }

  async #surviving(worker: Worker, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Crash) this.#workers = this.#workers.filter((other) => other !== worker);
      else if ((error as { code?: string }).code !== "voucher-contradicted") throw error;
    }
  }

  /** A worker may die before it has written, or after. */
  #append(entry: Uint8Array): Promise<void> {
    if (this.#dies()) return Promise.reject(new Crash("before it was written"));
    this.#journal.push(entry);
    return this.#dies() ? Promise.reject(new Crash("after it was written")) : Promise.resolve();
  }

  #submit(transaction: Uint8Array): Promise<void> {
    const chance = this.#calm ? 99 : this.#numbers.below(100);
    if (chance < 15) return Promise.resolve();
    if (chance < 30) return Promise.reject(new Error("the node is away"));
    if (chance < 65) this.#late.push(transaction);
    if (chance >= 50) this.#ledger.submit(transaction);
    return Promise.resolve();
  }

  #arriveLate(): void {
    if (this.#late.length > 0) this.#ledger.submit(this.#numbers.pick(this.#late));
  }

  #redeemAnything(): void {
    if (this.#signed.length === 0) return;
    // The newest ones most of the time, old ones as well.
    const at = Math.max(0, this.#signed.length - 1 - this.#numbers.below(12));
    const mint = this.#numbers.below(4) === 0 ? this.#numbers.pick(this.#signed) : this.#signed[at]!;
    this.#ledger.redeem(mint, mint.onlyAccount);
  }

  #burnAnything(): void {
    if (!this.#burns) return;
    const { items } = this.#ledger.best.state;
    if (items.size === 0) return;
    this.#burned++;
    this.#ledger.burn(this.#numbers.pick([...items.keys()]));
  }

  /** Something comes into a place for which something was signed; or leaves it, and what was signed is used at once. */
  #exchange(): void {
    const { number: block, state } = this.#ledger.best;
    const alive = this.#signed.filter(({ deadline }) => deadline > block);
    if (alive.length === 0) return;
    const isOthers = ({ item }: PreSignedMint): boolean => state.items.get(item)?.owner === cold;
    const mint = this.#numbers.pick(alive.some(isOthers) ? alive.filter(isOthers) : alive);
    if (!state.items.has(mint.item)) return this.#ledger.occupy(mint.item);
    if (!isOthers(mint) && !this.#burns) return;
    this.#burned++;
    this.#ledger.burn(mint.item);
    this.#ledger.redeem(mint, mint.onlyAccount);
  }

  /** Takes the role away or gives it back; players become rich and poor. */
  #ownerActs(): void {
    const { owner } = this.#ledger;
    const poor: readonly AccountId[] = this.#numbers.below(2) === 0 ? [bob] : [alice];
    this.#ledger.owner = { ...owner, poor, issues: this.#numbers.below(3) > 0, funded: this.#numbers.below(4) > 0 };
    // What was signed for a place may find another's item there.
    if (this.#signed.length > 0 && this.#numbers.below(2) === 0)
      this.#ledger.occupy(this.#numbers.pick(this.#signed).item);
  }

  #dies(): boolean {
    return !this.#calm && this.#numbers.below(80) === 0;
  }

  /** Whatever was held back arrives, then one worker goes on alone, and its players redeem what they can. */
  async #comeToRest(): Promise<void> {
    for (const transaction of this.#late) this.#ledger.submit(transaction);
    this.#calm = true;
    this.#ledger.owner = { ...this.#ledger.owner, issues: true, funded: true };
    await this.#start();
    const worker = this.#workers.at(-1)!;
    this.#workers = [worker];
    for (let left = 400; left > 0; left--) {
      const before = this.#signed.length;
      await this.#turn(worker);
      for (const mint of this.#signed.slice(before)) this.#ledger.redeem(mint, mint.onlyAccount);
      this.#ledger.newBlock();
      this.#ledger.finalize(2);
      if (left < 370 && worker.issuer.open === 0) return;
    }
  }

  /** Of each voucher, on the final chain. */
  #mints(): readonly (readonly Minted[])[] {
    const { minted } = this.#ledger.finalized.state;
    return this.#vouchers.map(({ id }) => minted.filter(({ voucher }) => voucher === id));
  }
}
