/**
 * A world under attack: a real runtime's chain, workers that issue, players with items, and thieves with money. What is
 * true is what an honest follower reads from the chain, whoever was shown what.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import { storageKey } from "#chain/devnet/hashing.ts";
import { batchCall, remarkCall } from "#enclave/ledger/runtime/calls.ts";
import { decodeEvents } from "#enclave/ledger/runtime/extrinsics.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { deriveIssuerKey, type IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { mintOf as mintOfVoucher, voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, serialText } from "#rmrk/ids.ts";
import { stateHash } from "#rmrk/state/snapshot.ts";
import type { Nft, State } from "#rmrk/state/state.ts";
import { standingOf } from "#rmrk/state/tree.ts";
import type { SeededNumbers } from "../../../deep/deep.ts";
import { catchUp, DevnetWorld, keyNamed, prefix } from "../devnet-world.ts";
import type { Attacked } from "./campaign.ts";
import { answerOf, IssuingWorker } from "./issuing-worker.ts";
import type { UsableWorld } from "./uses.ts";

/** Of the contract whose awards are attacked, and of another one in the same worker. */
export const lineage = new Uint8Array(32).fill(5);
export const otherLineage = new Uint8Array(32).fill(6);
const eventsKey = storageKey("System", "Events");

/** More than any worker needs to issue what is open. */
const calmBlocks = 60;

type Said = (outcome: string) => void;

export class AttackedWorld implements Attacked, UsableWorld {
  readonly base: DevnetWorld;
  readonly numbers: SeededNumbers;
  readonly thieves: readonly IssuerKey[] = ["mallory", "thief"].map(keyNamed);
  /** What the other contract issues with. */
  readonly contractKey: IssuerKey;
  /** Every award that was earned. */
  readonly vouchers: Voucher[] = [];
  /** As the host has it; workers append to it. */
  journal: Uint8Array[] = [];
  /** All that live; the last one has the newest fence. */
  workers: IssuingWorker[] = [];
  /** Whether something is going on among workers that wants no other such thing beside it. */
  busy = false;
  /** The issuer's newest transaction that a block has. */
  issued: { readonly birth: number; readonly transaction: Uint8Array } | undefined;
  /** The blocks on which workers signed, by what they signed. */
  readonly #births = new Map<string, number>();
  readonly #truth: Follower;
  readonly #nonces = new Map<AccountId, number>();
  readonly #saying = new Map<IssuerKey, Uint8Array[]>();
  readonly #heard = new Map<string, Said[]>();
  #conditions: { readonly found: () => string | undefined; readonly say: Said }[] = [];
  /** What the issuer said and the consolidator refused: nothing, unless something was said twice. */
  #refusedIssuer: string[] = [];
  #issuedBefore = 0;
  #awards = 0;
  #boots = 0;

  private constructor(base: DevnetWorld, contractKey: IssuerKey, numbers: SeededNumbers) {
    this.base = base;
    this.contractKey = contractKey;
    this.numbers = numbers;
    this.#truth = base.newFollower({
      heard: ({ caller, bytes }, outcome) => {
        const said = outcome.accepted ? "accepted" : outcome.code;
        if (caller === this.issuer.account && !outcome.accepted) this.#refusedIssuer.push(said);
        this.#heard.get(nameOf(caller, bytes))?.shift()?.(said);
      },
    });
  }

  /** Items were issued before, a thief has one of a collection of its own, and one worker runs. */
  static async start(numbers: SeededNumbers): Promise<AttackedWorld> {
    const platform = platformFromSeed(new Uint8Array(32).fill(1), () => 0);
    const contractKey = await deriveIssuerKey(platform, new Uint8Array(32).fill(2), otherLineage);
    const names = ["issuer", "player", "other", "mallory", "thief"];
    const keys = [...names.map(keyNamed), contractKey];
    const base = await DevnetWorld.start({ accounts: keys.map(({ account }) => accountBytes(account)) });
    const world = new AttackedWorld(base, contractKey, numbers);
    await world.#begin();
    return world;
  }

  async #begin(): Promise<void> {
    const { base } = this;
    base.chain.newBlock();
    const view = await catchUp(this.#truth);
    base.createCollection(view);
    const vouchers = Array.from({ length: 3 }, () => this.#newVoucher());
    base.say(this.issuer, view, ...vouchers.map((voucher, i) => mintOfVoucher(voucher, serialText(i + 1))));
    await catchUp(this.#truth);
    for (const thief of this.thieves) {
      const { account: issuer } = thief;
      const id = collectionIdOf(issuer, "SWORDS");
      void this.say(thief, { op: "CREATE", id, issuer, symbol: "SWORDS", max: 0, metadata: "ipfs://ipfs/junk" });
    }
    await this.#makeBlock();
    await this.start();
  }

  get issuer(): IssuerKey {
    return this.base.issuer;
  }

  get collection() {
    return this.base.collection;
  }

  get player(): IssuerKey {
    return this.base.player;
  }

  get block(): number {
    return this.view.block.number;
  }

  get count(): number {
    return this.ours().length;
  }

  /** What the player owns whom nobody has robbed so far. */
  usable(): readonly string[] {
    const isTheirs = ({ owner, children }: Nft): boolean => owner === this.player.account && children === undefined;
    return this.ours()
      .filter(isTheirs)
      .map(({ id }) => id);
  }

  /** What is true. */
  get view(): View {
    return this.#truth.view!;
  }

  get items(): State {
    return this.view.items;
  }

  /** The worker that issues, if it is alone and nothing is open. */
  get issuing(): IssuingWorker | undefined {
    const [worker, another] = this.workers;
    return another === undefined && worker?.hasIssued === true && this.#settled() ? worker : undefined;
  }

  /** Items of the collection that is attacked. */
  ours(): readonly Nft[] {
    return [...this.items.nfts.values()].filter(({ collection }) => collection.id === this.collection);
  }

  /** A player has earned something, in a room of every worker. */
  async earn(): Promise<Voucher> {
    const voucher = this.#newVoucher();
    for (const { issuer } of this.workers) await issuer.award(voucher);
    return voucher;
  }

  #newVoucher(): Voucher {
    const voucher: Voucher = {
      id: voucherId(lineage, "room", `award ${this.#awards++}`),
      recipient: (this.numbers.below(2) === 0 ? this.base.player : this.base.other).account,
      collection: this.collection,
      symbol: "sword",
      transferable: 1,
      metadata: undefined,
    };
    this.vouchers.push(voucher);
    return voucher;
  }

  /** Another worker, beside those that run, on a journal as the host likes it. Its rooms say again what they awarded. */
  async start(): Promise<IssuingWorker> {
    const boot = new Uint8Array(32);
    new DataView(boot.buffer).setUint32(0, ++this.#boots);
    const append = (entry: Uint8Array): unknown => this.journal.push(entry);
    const worker = new IssuingWorker(this.base, boot, this.journal.slice(), append, (transaction, birth) =>
      this.#births.set(bytesToHex(transaction), birth),
    );
    for (const voucher of this.vouchers) await worker.issuer.award(voucher);
    this.workers.push(worker);
    return worker;
  }

  kill(worker: IssuingWorker): void {
    this.workers = this.workers.filter((other) => other !== worker);
  }

  /** In the next block. @returns "accepted", why it was refused, or "unheard" if nobody took it for something said. */
  say(key: IssuerKey, said: Interaction | Uint8Array): Promise<string> {
    const bytes = said instanceof Uint8Array ? said : encodeRemark(said, prefix);
    const waiting = this.#saying.get(key);
    if (waiting === undefined) this.#saying.set(key, [bytes]);
    else waiting.push(bytes);
    return this.#hear(key.account, bytes);
  }

  /**
   * A transaction of any call, in the next block.
   *
   * @param remark said in it, by the issuer or whoever it is said for. @returns "accepted" or a refusal if that was heard,
   *   else what the chain says that became of the call.
   */
  async call(key: IssuerKey, call: Uint8Array, remark: Uint8Array, by = this.issuer.account): Promise<string> {
    const transaction = this.sign(key, call);
    this.base.chain.submit(transaction);
    const heard = await this.#hear(by, remark);
    return heard === "unheard" ? this.#eventsOf(transaction) : heard;
  }

  /** With the next nonce. */
  sign(key: IssuerKey, call: Uint8Array): Uint8Array {
    const nonce = this.#nonces.get(key.account) ?? 0;
    this.#nonces.set(key.account, nonce + 1);
    const { runtime, genesis, block } = this.view;
    return signCall(call, { runtime, genesis, nonce, era: { birth: block, period: 64 } }, key);
  }

  /** @returns what the chain says to a transaction. */
  submit(transaction: Uint8Array): string {
    try {
      this.base.chain.submit(transaction);
      return "taken";
    } catch (error) {
      return answerOf(error);
    }
  }

  /** Asked after each block until there is an answer. */
  until(found: () => string | undefined): Promise<string> {
    return new Promise((say) => this.#conditions.push({ found, say }));
  }

  /** A block with everything that is to be said. Workers have not read it yet. */
  async #makeBlock(): Promise<void> {
    const { metadata } = this.view.runtime;
    for (const [key, remarks] of this.#saying) {
      const calls = remarks.map((remark) => remarkCall(metadata, remark));
      this.base.chain.submit(this.sign(key, batchCall(metadata, calls)));
    }
    this.#saying.clear();
    this.base.chain.newBlock();
    await catchUp(this.#truth);
    for (const waiting of this.#heard.values()) for (const say of waiting) say("unheard");
    this.#heard.clear();
    // Behind its length, of two or four bytes, comes the version of a signed one, then its signer.
    const transaction = this.base.chain
      .body(this.base.chain.best.hash)
      .find((bytes) => bytesToHex(bytes.subarray(0, 40)).includes(`8400${this.issuer.account}`));
    if (transaction !== undefined) {
      this.issued = { birth: this.#births.get(bytesToHex(transaction))!, transaction };
    }
  }

  /** @param between what to try with the workers before they read the block. */
  async round(between: () => void = () => undefined): Promise<void> {
    await this.#makeBlock();
    between();
    for (const worker of this.workers) {
      await worker.turn();
      if (worker.issuer.stopped) this.kill(worker);
    }
    const open = this.#conditions.splice(0);
    for (const condition of open) {
      const found = condition.found();
      if (found === undefined) this.#conditions.push(condition);
      else condition.say(found);
    }
  }

  /** Nobody attacks any more. @throws if a worker knows something else than is true, or not everything was issued once. */
  async comeToRest(): Promise<void> {
    // What goes on among workers comes to its end by itself.
    for (let left = calmBlocks; this.busy || this.#conditions.length > 0; left--) {
      if (left === 0) throw new Error("something among workers does not end");
      await this.round();
    }
    for (let left = calmBlocks; !this.#settled(); left--) {
      if (left === 0) throw new Error("awards are still open on a calm chain");
      if (this.workers.length === 0) await this.start();
      await this.round();
    }
    this.verify();
  }

  #settled(): boolean {
    const worker = this.workers.at(-1);
    return worker !== undefined && this.vouchers.every(({ id }) => worker.issuer.stageOf(id)?.stage === "final");
  }

  /** @throws if anybody has gained anything. */
  verify(): void {
    const ours = this.ours();
    const { serials, live } = this.items.collections.get(this.collection)!;
    if (this.#refusedIssuer.length > 0) throw new Error(`the issuer was refused: ${this.#refusedIssuer.join()}`);
    if (serials.size !== live || live !== ours.length) throw new Error("an item is gone");
    if (serials.size < this.#issuedBefore) throw new Error("items are fewer than they were");
    this.#issuedBefore = serials.size;
    const byVoucher = new Map(this.vouchers.map((voucher) => [voucher.id as string, voucher]));
    const seen = new Set<string>();
    for (const nft of ours) {
      const id = nft.properties?.get("voucher")?.value as string;
      const voucher = byVoucher.get(id);
      if (voucher === undefined || seen.has(id)) throw new Error(`${nft.id} was earned by nobody`);
      seen.add(id);
      if (standingOf(nft).owner !== voucher.recipient) throw new Error(`${nft.id} is not its owner's`);
    }
    for (const { follower, atEnd } of this.workers) {
      if (!atEnd) continue;
      if (bytesToHex(stateHash(follower.view!.items)) !== bytesToHex(stateHash(this.items)))
        throw new Error("a worker knows something else than is true");
    }
  }

  /** Whether an item was issued for each award, too. */
  get complete(): boolean {
    return this.ours().length === this.vouchers.length;
  }

  #hear(caller: AccountId, bytes: Uint8Array): Promise<string> {
    const name = nameOf(caller, bytes);
    return new Promise((say) => {
      const waiting = this.#heard.get(name);
      if (waiting === undefined) this.#heard.set(name, [say]);
      else waiting.push(say);
    });
  }

  #eventsOf(transaction: Uint8Array): string {
    const { chain } = this.base;
    const index = chain.body(chain.best.hash).findIndex((bytes) => bytesToHex(bytes) === bytesToHex(transaction));
    const events = decodeEvents(this.view.runtime.metadata, chain.best.state.get(eventsKey)).get(index) ?? [];
    const telling = new Set(["ExtrinsicFailed", "NewMultisig", "ProxyExecuted", "BatchInterrupted"]);
    return events.find(({ method }) => telling.has(method))?.method ?? "unheard";
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.base[Symbol.asyncDispose]();
  }
}

const nameOf = (caller: AccountId, bytes: Uint8Array): string => `${caller} ${bytesToHex(bytes)}`;
