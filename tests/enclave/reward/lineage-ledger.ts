/** A chain, as its remarks make it, on which two lineages issue; and the workers of one of them, on one store. */
import { AwardBook } from "#enclave/reward/award-book.ts";
import { ConsumeDesk, type ConsumeTerms } from "#enclave/reward/consume-desk.ts";
import { Issuer, type IssuingView } from "#enclave/reward/issuer.ts";
import type { Recipients } from "#enclave/reward/recipients.ts";
import { voucherId, type VoucherId } from "#enclave/reward/voucher.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { SealedLog } from "#enclave/vault/sealed-log.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { ChainId, Store } from "#protocol/store.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import type { CollectionId, NftId } from "#rmrk/ids.ts";
import { SeededNumbers } from "../../deep/deep.ts";
import { Ledger } from "../../rmrk/support/ledger.ts";
import { properties } from "../../rmrk/support/making.ts";
import { alice, bob, eve } from "../../rmrk/support/people.ts";

/** Issues what the workers' lineage awards. */
export const issuer = alice;
export const ann = "aa".repeat(16) as PlayerId;
export const ben = "bb".repeat(16) as PlayerId;
export const rooms = ["1", "2", "3"].map((digit) => digit.repeat(20) as RoomId);
export const ageMaxMs = 60_000;

const lineage = new Uint8Array(32).fill(5);
const accounts = new Map<PlayerId, AccountId>([
  [ann, bob],
  [ben, eve],
]);

export class LineageLedger extends Ledger {
  readonly cups: CollectionId;
  readonly #others: CollectionId;
  /** Milliseconds since 1970: of the newest block, and now. */
  time = 1_000_000;
  now = this.time;
  #minted = 0;

  constructor() {
    super();
    this.cups = this.create("CUPS");
    this.#others = this.create("CUPS", { issuer: eve });
  }

  /** An item of the workers' lineage, for a voucher of its own. */
  cup(owner: PlayerId | NftId = ann): NftId {
    const serial = (this.#minted += 1);
    const voucher = voucherId(lineage, rooms[0]!, `cup ${serial}`);
    const more = { properties: properties({ voucher: { value: voucher } }) };
    return this.mint(this.cups, serial, accounts.get(owner as PlayerId) ?? (owner as NftId), more);
  }

  voucherOf(nft: NftId): VoucherId {
    return this.state.nfts.get(nft)!.properties!.get("voucher")!.value as VoucherId;
  }

  /** An item that somebody else issues. */
  foreign(owner: PlayerId = ann): NftId {
    return this.mint(this.#others, (this.#minted += 1), accounts.get(owner)!);
  }

  view(): View {
    return { items: this.state, time: this.time } as unknown as View;
  }
}

export interface WorkerOptions {
  readonly view?: () => View | undefined;
  readonly recipients?: Recipients;
}

export const linked: Recipients = {
  findRecipient: (player) => Promise.resolve(accountBytes(accounts.get(player)!)),
  listen: () => () => undefined,
};

let seed = 0;

/** One worker: its book, and its desk at which rooms hand in what is to be used up. */
export async function workerOf(ledger: LineageLedger, store: Store, options: WorkerOptions = {}) {
  const { view = () => ledger.view(), recipients = linked } = options;
  const numbers = new SeededNumbers((seed += 1));
  const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const journal = new SealedLog({
    store,
    chain: "awards-00112233" as ChainId,
    world: fill(1),
    key: fill(2),
    random: (length) => numbers.bytes(length),
    wait: () => Promise.resolve(),
  });
  const sent: (readonly Uint8Array[])[] = [];
  const book = await AwardBook.open<IssuingView>({
    account: issuer,
    journal,
    recipients,
    issuing: true,
    told: () => undefined,
    issuer: (beginning) =>
      new Issuer({
        ...beginning,
        account: issuer,
        boot: numbers.bytes(32),
        period: 4,
        sign: (remarks) => {
          sent.push(remarks);
          return numbers.bytes(16);
        },
        submit: () => Promise.resolve(),
      }),
  });
  const desk = new ConsumeDesk({ view, recipients, ageMaxMs, now: () => ledger.now });
  const terms = (room: RoomId): ConsumeTerms => ({ room, book, collections: new Set([ledger.cups]) });
  const consume = (item: string, { room = rooms[0]!, n = 1, player = ann } = {}) =>
    desk.consume({ n, player, item }, terms(room));
  return { book, desk, journal, sent, consume };
}
