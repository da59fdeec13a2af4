/**
 * One history of issuing in which everything goes wrong that can: workers die at every step, submissions are lost, late or
 * doubled, pools forget, blocks are retracted, nonces begin anew, hosts restore old journals, hide final blocks, and run several workers on
 * one key. In the end one worker is left alone for a while, and everything that was earned has to be there once.
 */
import type { Era } from "#enclave/ledger/runtime/era.ts";
import { Issuer } from "#enclave/reward/issuer.ts";
import { voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import { isRmrk } from "#rmrk/codec/fields.ts";
import { SeededNumbers } from "../../deep/deep.ts";
import { alice, bob } from "../../rmrk/support/people.ts";
import { collection, issuer, ModelFollower, ModelLedger, prefix, remarksIn, signModel } from "./model-ledger.ts";

export interface Outcome {
  /** Vouchers that were awarded. */
  readonly awarded: number;
  /** Of those, final MINTs of each voucher: the least and the most. */
  readonly least: number;
  readonly most: number;
  readonly starts: number;
  readonly rollbacks: number;
  /** Workers that stopped for good because another one came. */
  readonly stopped: number;
  readonly blocks: number;
}

export interface ChaosOptions {
  /** False: nonces keep nothing from being included, so that all depends on the fence. */
  readonly nonces?: boolean;
  /** Of transactions, longer than the fence waits for: what the fence is there to prevent. */
  readonly lifetime?: number;
}

class Crash extends Error {}

interface Worker {
  readonly issuer: Issuer;
  readonly follower: ModelFollower;
  /** The host shows final blocks up to here. */
  visible: number;
}

const period = 8;
const lineage = new Uint8Array(32).fill(5);
const workersMax = 3;

export class Chaos {
  readonly #numbers: SeededNumbers;
  readonly #ledger: ModelLedger;
  readonly #lifetime: number;
  readonly #vouchers: Voucher[] = [];
  readonly #late: Uint8Array[] = [];
  #journal: Uint8Array[] = [];
  #workers: Worker[] = [];
  #calm = false;
  #starts = 0;
  #rollbacks = 0;
  #stopped = 0;

  constructor(seed: number, { lifetime = period, nonces = true }: ChaosOptions = {}) {
    this.#ledger = new ModelLedger(nonces);
    this.#numbers = new SeededNumbers(Math.imul(seed, 0x9e37_79b1));
    this.#lifetime = lifetime;
  }

  async run(steps = 400): Promise<Outcome> {
    for (let step = 0; step < steps; step++) await this.#step();
    await this.#comeToRest();
    const counts = this.#mints();
    return {
      awarded: this.#vouchers.length,
      least: Math.min(...counts),
      most: Math.max(...counts),
      starts: this.#starts,
      rollbacks: this.#rollbacks,
      stopped: this.#stopped,
      blocks: this.#ledger.best.number,
    };
  }

  async #step(): Promise<void> {
    const numbers = this.#numbers;
    const chance = numbers.below(100);
    if (chance < 30) this.#ledger.newBlock(numbers.below(3));
    else if (chance < 34) this.#ledger.fork(1 + numbers.below(4), numbers.below(3));
    else if (chance < 50) this.#ledger.finalize(numbers.below(5));
    else if (chance < 54) await this.#award();
    else if (chance < 56) this.#ledger.wipePool();
    else if (chance < 63) this.#arriveLate();
    else if (chance < 64) this.#ledger.reap();
    else if (chance < 66 || this.#workers.length === 0) await this.#start();
    else await this.#turn(numbers.pick(this.#workers));
  }

  async #award(): Promise<void> {
    const count = 1 + this.#numbers.below(3);
    for (let left = count; left > 0; left--) {
      const id = voucherId(lineage, "room", `award ${this.#vouchers.length}`);
      const recipient = this.#numbers.below(2) === 0 ? alice : bob;
      const voucher = { id, recipient, collection, symbol: "sword", transferable: 1, metadata: undefined } as const;
      this.#vouchers.push(voucher);
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
      issuer: new Issuer({
        account: issuer,
        boot: this.#numbers.bytes(32),
        period,
        entries: this.#journal.slice(),
        journal: { append: (entry) => this.#append(entry) },
        sign: (remarks, nonce, era: Era) => signModel(remarks, nonce, { ...era, period: this.#lifetime }),
        submit: (transaction) => this.#submit(transaction),
      }),
      follower: new ModelFollower(this.#ledger),
      visible: 0,
    };
    this.#workers.push(worker);
    // Rooms that are opened again say what they awarded. One that was run twice may have awarded it to another.
    for (const voucher of this.#vouchers) {
      const rerun = this.#numbers.below(8) === 0 ? { ...voucher, recipient: bob } : voucher;
      await this.#surviving(worker, () => worker.issuer.award(rerun));
    }
  }

  async #turn(worker: Worker): Promise<void> {
    const { finalized } = this.#ledger;
    // A host that hides blocks shows them later, or never.
    if (this.#calm || this.#numbers.below(3) > 0) worker.visible = finalized.number;
    const step = worker.follower.follow(worker.visible);
    if (step === undefined) return;
    await this.#surviving(worker, () => worker.issuer.turn(step.view, step.words));
    if (!worker.issuer.stopped) return;
    this.#stopped++;
    this.#workers = this.#workers.filter((other) => other !== worker);
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
    if (this.#late.length > 0)
      this.#ledger.submit(this.#late[Math.max(0, this.#late.length - 1 - this.#numbers.below(4))]!);
  }

  #dies(): boolean {
    return !this.#calm && this.#numbers.below(60) === 0;
  }

  /** Whatever was held back arrives, then one worker goes on alone. */
  async #comeToRest(): Promise<void> {
    for (const transaction of this.#late) this.#ledger.submit(transaction);
    this.#calm = true;
    await this.#start();
    this.#workers = this.#workers.slice(-1);
    for (let left = 600; left > 0; left--) {
      this.#ledger.newBlock();
      this.#ledger.finalize(2);
      const [last] = this.#workers;
      // It has everything, and nothing that was signed before it lives any more. Or another one's fence came late.
      if (last === undefined) await this.#start();
      else if (left < 540 && last.issuer.open === 0) return;
      else await this.#turn(last);
    }
  }

  /**
   * How many different transactions minted each voucher, whatever consolidators make of it. The same one counts once: when
   * an account's nonces begin anew, anybody can repeat it while it lives, and no worker can help that.
   */
  #mints(): readonly number[] {
    const minted = new Map(this.#vouchers.map(({ id }) => [id as string, new Set<string>()]));
    for (const { transactions } of this.#ledger.finalChain(this.#ledger.finalized.number)) {
      for (const transaction of transactions) {
        for (const bytes of remarksIn(transaction)) {
          const said = isRmrk(bytes) ? decodeRemark(bytes, prefix) : undefined;
          if (said?.op === "MINT") minted.get(said.properties.get("voucher")!.value as string)!.add(transaction);
        }
      }
    }
    return minted.size === 0 ? [1] : Array.from(minted.values(), ({ size }) => size);
  }
}
